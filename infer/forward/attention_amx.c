#include "config.h"

#include <string.h>

#include "infer/forward/attention_amx.h"

#ifdef __x86_64__

#include <immintrin.h>

#include "infer/matmul/kernels.h"

#define BF16 __attribute__((target("avx512f,avx512bw,avx512bf16")))
#define AMX __attribute__((target("avx512f,amx-tile,amx-bf16")))

enum {
	BLOCK = 16,			/* rows of a tile register */
	STEP = PRODUCT_GROUP / 2,	/* dwords of a row of one */
	TILE = BLOCK * STEP,
	BYTES = 4 * STEP,
	KEYS = ATTENTION_TILE / BLOCK,
};

BF16 void
attention_amx_row(const float *x, float by, size_t n, size_t row, uint32_t *tile)
{
	const __m512 factor = _mm512_set1_ps(by);

	tile += row * STEP;
	for (size_t k = 0; k < n; k += PRODUCT_GROUP, tile += 2 * TILE) {
		const uint32_t here = n - k < PRODUCT_GROUP ? (1u << (n - k)) - 1 : ~0u;
		const __m512 low = _mm512_maskz_loadu_ps((__mmask16)here, x + k);
		const __m512 high = _mm512_maskz_loadu_ps((__mmask16)(here >> BLOCK),
		    x + k + BLOCK);

		_mm512_store_si512(tile, (__m512i)_mm512_cvtne2ps_pbh(
		    _mm512_mul_ps(high, factor), _mm512_mul_ps(low, factor)));
	}
}

void
attention_amx_keys(const struct places *p, const float *k, size_t head_size, uint32_t *keys)
{
	for (size_t first = 0; first < ATTENTION_TILE; first += BLOCK, keys += TILE) {
		const float *row[BLOCK];

		for (size_t i = 0; i < BLOCK; i++)
			row[i] = first + i < p->len ? k + p->slot[first + i] * head_size : NULL;
		product_amx_pack(row, head_size, keys, KEYS * TILE);
	}
}

/* Numbers of the cache have 16 bits already (infer/forward/forward_layer.c). */
BF16 void
attention_amx_values(const struct places *p, const float *v, size_t head_size,
    uint32_t *values)
{
	const size_t width = attention_width(head_size);

	for (size_t i = 0; i < ATTENTION_TILE; i += 2) {
		uint32_t *to = values + i / PRODUCT_GROUP * STEP * width + i / 2 % STEP * STEP;

		for (size_t d = 0; d < head_size; d += BLOCK, to += TILE) {
			const __mmask16 here = (__mmask16)(head_size - d < BLOCK
			    ? (1u << (head_size - d)) - 1 : ~0u);
			__m512i pair[2] = { _mm512_setzero_si512(), _mm512_setzero_si512() };

			for (size_t j = 0; j < 2 && i + j < p->len; j++)
				pair[j] = _mm512_maskz_loadu_epi32(here,
				    v + p->slot[i + j] * head_size + d);
			_mm512_store_si512(to, _mm512_or_si512(pair[1],
			    _mm512_srli_epi32(pair[0], 16)));
		}
	}
}

AMX void
attention_amx_scores(const uint32_t *tile, const uint32_t *keys, size_t depth, float *score)
{
	enum { ROW = ATTENTION_TILE * sizeof(float) };

	for (size_t column = 0; column < ATTENTION_TILE; column += 2 * BLOCK) {
		const uint32_t *q = tile, *k = keys + column / BLOCK * TILE;
		float *to = score + column;

		_tile_zero(0);
		_tile_zero(1);
		_tile_zero(2);
		_tile_zero(3);
		for (size_t i = 0; i < depth; i += PRODUCT_GROUP) {
			_tile_loadd(4, q, BYTES);
			_tile_loadd(5, q + TILE, BYTES);
			_tile_loadd(6, k, BYTES);
			_tile_loadd(7, k + TILE, BYTES);
			_tile_dpbf16ps(0, 4, 6);
			_tile_dpbf16ps(1, 4, 7);
			_tile_dpbf16ps(2, 5, 6);
			_tile_dpbf16ps(3, 5, 7);
			q += 2 * TILE;
			k += KEYS * TILE;
		}
		_tile_stored(0, to, ROW);
		_tile_stored(1, to + BLOCK, ROW);
		_tile_stored(2, to + BLOCK * ATTENTION_TILE, ROW);
		_tile_stored(3, to + BLOCK * ATTENTION_TILE + BLOCK, ROW);
	}
}

AMX void
attention_amx_add(const uint32_t *weights, const uint32_t *values, size_t width,
    float *value)
{
	const size_t row = width * sizeof(*value);

	for (size_t d = 0; d < width; d += BLOCK, values += TILE, value += BLOCK) {
		_tile_loadd(0, value, row);
		_tile_loadd(1, value + BLOCK * width, row);
		for (size_t i = 0; i < ATTENTION_TILE / PRODUCT_GROUP; i++) {
			_tile_loadd(4, weights + i * 2 * TILE, BYTES);
			_tile_loadd(5, weights + i * 2 * TILE + TILE, BYTES);
			_tile_loadd(6, values + i * STEP * width, BYTES);
			_tile_dpbf16ps(0, 4, 6);
			_tile_dpbf16ps(1, 5, 6);
		}
		_tile_stored(0, value, row);
		_tile_stored(1, value + BLOCK * width, row);
	}
}

#else
/* Never called: there is no such level. */
void
attention_amx_row(const float *x, float by, size_t n, size_t row, uint32_t *tile)
{
	(void)x, (void)by, (void)n, (void)row, (void)tile;
}

void
attention_amx_keys(const struct places *p, const float *k, size_t head_size, uint32_t *keys)
{
	(void)p, (void)k, (void)head_size, (void)keys;
}

void
attention_amx_values(const struct places *p, const float *v, size_t head_size,
    uint32_t *values)
{
	(void)p, (void)v, (void)head_size, (void)values;
}

void
attention_amx_scores(const uint32_t *tile, const uint32_t *keys, size_t depth, float *score)
{
	(void)tile, (void)keys, (void)depth, (void)score;
}

void
attention_amx_add(const uint32_t *weights, const uint32_t *values, size_t width,
    float *value)
{
	(void)weights, (void)values, (void)width, (void)value;
}
#endif
