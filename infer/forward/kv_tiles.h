/* attention_tile.h - keys and values of ATTENTION_TILE positions, gathered from
 * the spans that a row sees.
 *
 * Tiles begin at positions that are multiples of ATTENTION_TILE, wherever a text
 * is cut into spans: what is summed together does not depend on what is shared
 * with other texts. */

#ifndef ALIGNX_INFER_ATTENTION_TILE_H
#define ALIGNX_INFER_ATTENTION_TILE_H

#include "infer/forward/attention.h"
#include "infer/matmul/kernel.h"

enum { ATTENTION_TILE = PRODUCT_PANEL };

/* Where the keys of a tile are in the cache; two tiles with the same places have
 * the same keys. */
struct places {
	size_t len;			/* positions from the tile's first one on */
	size_t slot[ATTENTION_TILE];
};

/* own_len: how much of the row's own span counts, at least what it sees. */
void attention_places(const struct view *v, size_t own_len, int32_t position,
    struct places *out);

bool attention_places_equal(const struct places *a, const struct places *b);

/* Keys as a panel, head_size x ATTENTION_TILE; positions behind the last are 0. */
void attention_keys(const struct places *p, const float *k, size_t head_size,
    product_turn_fn *turn, float *panel);

/* Values as panels of up to PRODUCT_PANEL dimensions, each ATTENTION_TILE x its
 * width; dimensions behind head_size are 0. */
void attention_values(const struct places *p, const float *v, size_t head_size,
    float *panel);

/* head_size, in whole registers. */
static inline size_t
attention_width(size_t head_size)
{
	return (head_size + 15) / 16 * 16;
}

#endif
