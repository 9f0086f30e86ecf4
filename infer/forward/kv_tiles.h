/* kv_tiles.h - keys and values of KV_TILE positions, packed for matrix products.
 *
 * Tiles begin at multiples of KV_TILE, however a sequence is cut into spans, so results do not
 * depend on what is shared with other sequences. */

#ifndef ALIGNX_INFER_FORWARD_KV_TILES_H
#define ALIGNX_INFER_FORWARD_KV_TILES_H

#include "infer/forward/attention.h"
#include "infer/matmul/kernel.h"

enum { KV_TILE = MATMUL_PANEL };

/* Where a tile's keys are in the cache.  Equal slots have equal keys. */
struct kv_slots {
	size_t len; /* positions, from the tile's first on */
	size_t slot[KV_TILE];
};

/* own_len: how many tokens of the row's own span count, at least up to itself. */
void kv_slots_find(const struct kv_view *v, size_t own_len, int32_t position, struct kv_slots *out);

bool kv_slots_equal(const struct kv_slots *a, const struct kv_slots *b);

/* Packs keys as a panel, head_size x KV_TILE; positions after the last are 0. */
void kv_pack_keys(const struct kv_slots *p, const float *k, size_t head_size,
    matmul_transpose_fn *transpose, float *panel);

/* Packs values as panels of up to MATMUL_PANEL dimensions, each KV_TILE x its width;
 * dimensions after head_size are 0. */
void kv_pack_values(const struct kv_slots *p, const float *v, size_t head_size, float *panel);

/* head_size, rounded up to whole vector registers. */
static inline size_t
kv_padded_size(size_t head_size)
{
	return (head_size + 15) / 16 * 16;
}

#endif
