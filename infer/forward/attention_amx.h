/* attention_amx.h - attention's matrix products in AMX tile registers, bfloat16.
 *
 * A tile has ATTENTION_AMX_QUERIES queries.  Queries and weights are in rows of 32 numbers,
 * keys and values in pairs (VNNI): of keys two dimensions, of values two positions.  Sums are
 * those of infer/matmul/kernel.h for COMPUTE_AMX. */

#ifndef ALIGNX_INFER_FORWARD_ATTENTION_AMX_H
#define ALIGNX_INFER_FORWARD_ATTENTION_AMX_H

#include "infer/forward/kv_tiles.h"

enum { ATTENTION_AMX_QUERIES = 32 };

/* tile[row] = scale x, n numbers, padded with 0 to a multiple of 32. */
void attention_amx_pack_row(const float *x, float scale, size_t n, size_t row, uint32_t *tile);

/* KV_TILE positions; those after the last are 0. */
void attention_amx_pack_keys(const struct kv_slots *p, const float *k, size_t head_size,
    uint32_t *keys);
void attention_amx_pack_values(const struct kv_slots *p, const float *v, size_t head_size,
    uint32_t *values);

/* score = q k^T, ATTENTION_AMX_QUERIES x KV_TILE; depth: head_size, rounded up to 32. */
void attention_amx_scores(const uint32_t *tile, const uint32_t *keys, size_t depth, float *score);

/* value += weights v; value: ATTENTION_AMX_QUERIES x width. */
void attention_amx_add_values(const uint32_t *weights, const uint32_t *values, size_t width,
    float *value);

#endif
