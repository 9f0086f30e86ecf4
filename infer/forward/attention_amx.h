/* attention_amx.h - the products of attention in tile registers, bfloat16.
 *
 * A tile has ATTENTION_AMX_ROWS queries.  They, and the weights of positions, stand in
 * lines of 32 numbers as tile registers hold them, keys and values in pairs: of keys two
 * dimensions beside each other, of values two positions.  Sums are those of
 * infer/matmul/kernel.h for FORMAT_AMX. */

#ifndef ALIGNX_INFER_ATTENTION_AMX_H
#define ALIGNX_INFER_ATTENTION_AMX_H

#include "infer/forward/kv_tiles.h"

enum { ATTENTION_AMX_ROWS = 32 };

/* x times a factor, n numbers, as row `row` of a tile; behind them are 0. */
void attention_amx_row(const float *x, float by, size_t n, size_t row, uint32_t *tile);

/* ATTENTION_TILE positions; those behind the last are 0. */
void attention_amx_keys(const struct places *p, const float *k, size_t head_size,
    uint32_t *keys);
void attention_amx_values(const struct places *p, const float *v, size_t head_size,
    uint32_t *values);

/* score: rows x ATTENTION_TILE; depth: head_size in whole groups of 32. */
void attention_amx_scores(const uint32_t *tile, const uint32_t *keys, size_t depth,
    float *score);

/* value += weights times values; value: rows x width. */
void attention_amx_add(const uint32_t *weights, const uint32_t *values, size_t width,
    float *value);

#endif
