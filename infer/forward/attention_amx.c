#include "config.h"

#include <string.h>

#include "infer/forward/attention_amx.h"

#ifdef __x86_64__

#include <immintrin.h>

#include "infer/matmul/kernels.h"

#define BF16 __attribute__((target("avx512f,avx512bw,avx512bf16")))
#define AMX __attribute__((target("avx512f,amx-tile,amx-bf16")))

enum {
	TILE_ROWS = 16,                 /* rows of a tile register */
	TILE_DWORDS = MATMUL_AMX_K / 2, /* pairs of bfloat16 in a row */
	TILE_SIZE = TILE_ROWS * TILE_DWORDS,
	TILE_STRIDE = 4 * TILE_DWORDS,
	KEY_TILES = KV_TILE / TILE_ROWS,
};

BF16 void
attention_amx_pack_row(const float *x, float scale, size_t n, size_t row, uint32_t *tile)
{
	const __m512 factor = _mm512_set1_ps(scale);

	tile += row * TILE_DWORDS;
	for (size_t k = 0; k < n; k += MATMUL_AMX_K, tile += 2 * TILE_SIZE) {
		const uint32_t mask = n - k < MATMUL_AMX_K ? (1u << (n - k)) - 1 : ~0u;
		const __m512 low = _mm512_maskz_loadu_ps((__mmask16)mask, x + k);
		const __m512 high = _mm512_maskz_loadu_ps((__mmask16)(mask >> TILE_ROWS),
		    x + k + TILE_ROWS);

		_mm512_store_si512(tile,
		    (__m512i)_mm512_cvtne2ps_pbh(_mm512_mul_ps(high, factor),
			_mm512_mul_ps(low, factor)));
	}
}

void
attention_amx_pack_keys(const struct kv_slots *p, const float *k, size_t head_size, uint32_t *keys)
{
	for (size_t first = 0; first < KV_TILE; first += TILE_ROWS, keys += TILE_SIZE) {
		const float *row[TILE_ROWS];

		for (size_t i = 0; i < TILE_ROWS; i++)
			row[i] = first + i < p->len ? k + p->slot[first + i] * head_size : NULL;
		matmul_amx_pack_group(row, head_size, keys, KEY_TILES * TILE_SIZE);
	}
}

/* The cache holds numbers that are rounded to bfloat16 already (forward_layer.c). */
BF16 void
attention_amx_pack_values(const struct kv_slots *p, const float *v, size_t head_size,
    uint32_t *values)
{
	const size_t width = kv_padded_size(head_size);

	for (size_t i = 0; i < KV_TILE; i += 2) {
		uint32_t *to = values + i / MATMUL_AMX_K * TILE_DWORDS * width
		    + i / 2 % TILE_DWORDS * TILE_DWORDS;

		for (size_t d = 0; d < head_size; d += TILE_ROWS, to += TILE_SIZE) {
			const __mmask16 mask = (__mmask16)(head_size - d < TILE_ROWS
				? (1u << (head_size - d)) - 1
				: ~0u);
			__m512i pair[2] = { _mm512_setzero_si512(), _mm512_setzero_si512() };

			for (size_t j = 0; j < 2 && i + j < p->len; j++)
				pair[j] = _mm512_maskz_loadu_epi32(mask,
				    v + p->slot[i + j] * head_size + d);
			_mm512_store_si512(to,
			    _mm512_or_si512(pair[1], _mm512_srli_epi32(pair[0], 16)));
		}
	}
}

AMX void
attention_amx_scores(const uint32_t *tile, const uint32_t *keys, size_t depth, float *score)
{
	enum { ROW = KV_TILE * sizeof(float) };

	for (size_t column = 0; column < KV_TILE; column += 2 * TILE_ROWS) {
		const uint32_t *q = tile, *k = keys + column / TILE_ROWS * TILE_SIZE;
		float *to = score + column;

		_tile_zero(0);
		_tile_zero(1);
		_tile_zero(2);
		_tile_zero(3);
		for (size_t i = 0; i < depth; i += MATMUL_AMX_K) {
			_tile_loadd(4, q, TILE_STRIDE);
			_tile_loadd(5, q + TILE_SIZE, TILE_STRIDE);
			_tile_loadd(6, k, TILE_STRIDE);
			_tile_loadd(7, k + TILE_SIZE, TILE_STRIDE);
			_tile_dpbf16ps(0, 4, 6);
			_tile_dpbf16ps(1, 4, 7);
			_tile_dpbf16ps(2, 5, 6);
			_tile_dpbf16ps(3, 5, 7);
			q += 2 * TILE_SIZE;
			k += KEY_TILES * TILE_SIZE;
		}
		_tile_stored(0, to, ROW);
		_tile_stored(1, to + TILE_ROWS, ROW);
		_tile_stored(2, to + TILE_ROWS * KV_TILE, ROW);
		_tile_stored(3, to + TILE_ROWS * KV_TILE + TILE_ROWS, ROW);
	}
}

AMX void
attention_amx_add_values(const uint32_t *weights, const uint32_t *values, size_t width,
    float *value)
{
	const size_t row = width * sizeof(*value);

	for (size_t d = 0; d < width; d += TILE_ROWS, values += TILE_SIZE, value += TILE_ROWS) {
		_tile_loadd(0, value, row);
		_tile_loadd(1, value + TILE_ROWS * width, row);
		for (size_t i = 0; i < KV_TILE / MATMUL_AMX_K; i++) {
			_tile_loadd(4, weights + i * 2 * TILE_SIZE, TILE_STRIDE);
			_tile_loadd(5, weights + i * 2 * TILE_SIZE + TILE_SIZE, TILE_STRIDE);
			_tile_loadd(6, values + i * TILE_DWORDS * width, TILE_STRIDE);
			_tile_dpbf16ps(0, 4, 6);
			_tile_dpbf16ps(1, 5, 6);
		}
		_tile_stored(0, value, row);
		_tile_stored(1, value + TILE_ROWS * width, row);
	}
}

#else
/* Never called: such a CPU is never reported. */
void
attention_amx_pack_row(const float *x, float scale, size_t n, size_t row, uint32_t *tile)
{
	(void)x, (void)scale, (void)n, (void)row, (void)tile;
}

void
attention_amx_pack_keys(const struct kv_slots *p, const float *k, size_t head_size, uint32_t *keys)
{
	(void)p, (void)k, (void)head_size, (void)keys;
}

void
attention_amx_pack_values(const struct kv_slots *p, const float *v, size_t head_size,
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
attention_amx_add_values(const uint32_t *weights, const uint32_t *values, size_t width,
    float *value)
{
	(void)weights, (void)values, (void)width, (void)value;
}
#endif
