/* kernel_amx_bf16.c - bfloat16 in tile registers: TDPBF16PS sums 32 rows of weights by 32 rows
 * of activations in four of them, weights as the first operand (see kernel.h).
 *
 * Sums are reloaded into the tile registers for the next slab.  A tile of activations stays
 * in the L1 cache; weights, each of which is used once meanwhile, bypass it (TILELOADDT1). */

#include "config.h"

#include <string.h>

#include "infer/matmul/kernels.h"

#ifdef __x86_64__

#include <immintrin.h>

#include "infer/matmul/transpose_avx512.h"

#define BF16 __attribute__((target("avx512f,avx512bw,avx512bf16,f16c")))
#define AMX __attribute__((target("avx512f,amx-tile,amx-bf16")))
#define INLINE static inline __attribute__((always_inline))

enum {
	BLOCK = 16,              /* rows of a tile register */
	STEP = MATMUL_AMX_K / 2, /* dwords of k in one */
	TILE = BLOCK * STEP,
	BYTES = 4 * STEP,                   /* of a row of a tile register */
	ROWS = BLOCK * MATMUL_AMX_SLAB / 2, /* dwords of a block of rows in a panel */
	LINE = 64,
	AHEAD = 4, /* lines prefetched at each step */
};

/* The memory layout of LDTILECFG: all registers are 16 rows of 64 bytes. */
static const struct {
	uint8_t palette, start, none[14];
	uint16_t bytes[16];
	uint8_t rows[16];
} config = {
	.palette = 1,
	.bytes = { BYTES, BYTES, BYTES, BYTES, BYTES, BYTES, BYTES, BYTES },
	.rows = { BLOCK, BLOCK, BLOCK, BLOCK, BLOCK, BLOCK, BLOCK, BLOCK },
};

/* 32 rows of weights by one block of activations or by both; c[2 i + j]: sums of block i of
 * weights and block j of activations.  The sums of the next call are prefetched from L2 to
 * L1, since they are loaded all at once. */
INLINE AMX void
multiply(const uint32_t *w, const uint32_t *x, size_t steps, bool is_half, bool is_first,
    float (*c)[TILE], const char *prefetch)
{
	const char *next = (const char *)(c + 4);

	if (is_first) {
		_tile_zero(0);
		_tile_zero(1);
		_tile_zero(2);
		_tile_zero(3);
	} else {
		_tile_loadd(0, c[0], BYTES);
		_tile_loadd(1, c[1], BYTES);
		_tile_loadd(2, c[2], BYTES);
		_tile_loadd(3, c[3], BYTES);
	}
	for (; steps > 0; steps--, w += TILE, x += MATMUL_TILE_ROWS_MAX * STEP) {
		_tile_stream_loadd(4, w, BYTES);
		_tile_stream_loadd(5, w + ROWS, BYTES);
		_tile_loadd(6, x, BYTES);
		if (!is_half)
			_tile_loadd(7, x + TILE, BYTES);
		_tile_dpbf16ps(0, 4, 6);
		_tile_dpbf16ps(2, 5, 6);
		if (!is_half) {
			_tile_dpbf16ps(1, 4, 7);
			_tile_dpbf16ps(3, 5, 7);
		}
		for (int i = 0; i < AHEAD; i++, prefetch += LINE, next += LINE) {
			_mm_prefetch(prefetch, _MM_HINT_T1);
			_mm_prefetch(next, _MM_HINT_T0);
		}
	}
	_tile_stored(0, c[0], BYTES);
	_tile_stored(1, c[1], BYTES);
	_tile_stored(2, c[2], BYTES);
	_tile_stored(3, c[3], BYTES);
}

AMX void
matmul_amx_bf16(const struct tile *t, const struct panel *p, size_t dwords, float *c, size_t stride,
    size_t rows, bool is_first)
{
	const size_t steps = dwords / STEP;
	float(*sum)[TILE] = (void *)c;

	(void)stride;
	for (size_t i = 0; i < MATMUL_PANEL / BLOCK; i += 2, sum += 4) {
		const uint32_t *w = p->dword + i * ROWS;
		const char *prefetch = t->prefetch + i / 2 * steps * AHEAD * LINE;

		if (rows > BLOCK)
			multiply(w, t->dword, steps, false, is_first, sum, prefetch);
		else
			multiply(w, t->dword, steps, true, is_first, sum, prefetch);
	}
}

AMX void
matmul_amx_begin_bf16(const struct panel *panel)
{
	(void)panel;
	_tile_loadconfig(&config);
}

AMX void
matmul_amx_end(void)
{
	_tile_release();
}

/* VCVTNE2PS2BF16 turns subnormals into 0, as TDPBF16PS does. */
BF16 void
matmul_amx_pack_group(const float *const row[16], size_t n, uint32_t *to, size_t stride)
{
	for (size_t k = 0; k < n; k += MATMUL_AMX_K, to += stride) {
		const uint32_t here = n - k < MATMUL_AMX_K ? (1u << (n - k)) - 1 : ~0u;
		__m512i pair[BLOCK];

#pragma GCC unroll 16
		for (size_t i = 0; i < BLOCK; i++)
			pair[i] = row[i] == NULL
			    ? _mm512_setzero_si512()
			    : (__m512i)_mm512_cvtne2ps_pbh(_mm512_maskz_loadu_ps((__mmask16)(here
										     >> BLOCK),
							       row[i] + k + BLOCK),
				_mm512_maskz_loadu_ps((__mmask16)here, row[i] + k));
		transpose_16x16(pair);
#pragma GCC unroll 16
		for (size_t i = 0; i < BLOCK; i++)
			_mm512_store_si512(to + i * STEP, pair[i]);
	}
}

/* Prefetches for one step; returns what comes after it. */
INLINE struct prefetch
prefetch_step(struct prefetch p)
{
	for (size_t i = 0; i < p.bytes; i += LINE)
		_mm_prefetch((const char *)p.at + i, _MM_HINT_T0);
	p.at += p.bytes;
	return p;
}

/* 16 weights, to the last bit as the type's decoder makes them. */
INLINE BF16 __m512
dequantize(const int8_t *quant, __m512 scale, const float *min)
{
	const __m512 x = _mm512_mul_ps(scale,
	    _mm512_cvtepi32_ps(
		_mm512_cvtepi8_epi32(_mm_loadu_si128((const __m128i *)(const void *)quant))));

	return min == NULL ? x : _mm512_sub_ps(x, _mm512_set1_ps(*min));
}

INLINE BF16 __m512
scale_of(const struct quants *q, const int8_t *quant, size_t group)
{
	uint16_t half;

	if (q->scale != NULL)
		return _mm512_set1_ps(q->scale[group]);
	memcpy(&half, quant - sizeof(half), sizeof(half));
	return _mm512_broadcastss_ps(_mm_cvtph_ps(_mm_cvtsi32_si128(half)));
}

/* has_two_scales: groups of 16, two in a step. */
INLINE BF16 void
pack_quants(const struct quants *q, bool has_two_scales, const float *min, size_t n,
    struct prefetch next, uint32_t *to)
{
	const int8_t *quant = q->quant;

	for (size_t i = 0; i < n; i += MATMUL_AMX_K, quant += q->stride, to += TILE) {
		const size_t group = i / BLOCK / (has_two_scales ? 1 : 2);
		const __m512 scale = scale_of(q, quant, group);
		const __m512 low = dequantize(quant, scale, min);
		const __m512 high = dequantize(quant + BLOCK,
		    has_two_scales ? scale_of(q, quant, group + 1) : scale, min);

		next = prefetch_step(next);
		_mm512_store_si512(to, (__m512i)_mm512_cvtne2ps_pbh(high, low));
		min += min != NULL;
	}
}

BF16 void
matmul_amx_pack_quants(const struct quants *q, size_t n, struct prefetch next, uint32_t *to)
{
	if (q->group == BLOCK)
		pack_quants(q, true, q->min, n, next, to);
	else if (q->min != NULL)
		pack_quants(q, false, q->min, n, next, to);
	else
		pack_quants(q, false, NULL, n, next, to);
}

void
matmul_amx_pack_row(const uint32_t *row, size_t dwords, struct prefetch next, uint32_t *to)
{
	for (; dwords > 0; dwords -= STEP, row += STEP, to += TILE) {
		next = prefetch_step(next);
		memcpy(to, row, BYTES);
	}
}

/* One tile register of sums: transposed, to `rows` rows of up to `columns` floats. */
INLINE BF16 void
store_tile(const float *sums, size_t rows, size_t columns, float *to, size_t stride)
{
	const __mmask16 here = (__mmask16)(columns < BLOCK ? (1u << columns) - 1 : ~0u);
	__m512i r[BLOCK];

#pragma GCC unroll 16
	for (size_t i = 0; i < BLOCK; i++)
		r[i] = _mm512_load_si512(sums + i * BLOCK);
	transpose_16x16(r);
#pragma GCC unroll 16
	for (size_t i = 0; i < BLOCK; i++)
		if (i < rows)
			_mm512_mask_storeu_ps(to + i * stride, here, (__m512)r[i]);
}

BF16 void
matmul_amx_store(const float *sums, size_t rows, size_t columns, float *to, size_t stride)
{
	for (size_t row = 0; row < rows; row += BLOCK, sums += TILE)
		for (size_t i = 0; i < columns; i += BLOCK)
			store_tile(sums + 2 * i / BLOCK * TILE, rows - row, columns - i,
			    to + row * stride + i, stride);
}

/* Two rows of sums, of 16 rows of activations each, become 16 pairs of values: consecutive k
 * of the next product. */
INLINE BF16 void
store_packed_tile(const float *sums, uint32_t *to)
{
#pragma GCC unroll 8
	for (size_t i = 0; i < BLOCK / 2; i++) {
		const __m512 even = _mm512_load_ps(sums + 2 * i * BLOCK);
		const __m512 odd = _mm512_load_ps(sums + (2 * i + 1) * BLOCK);
		const __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(even));
		const __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(odd));

		_mm512_store_si512(to + i * BLOCK,
		    _mm512_or_si512(low, _mm512_slli_epi32(high, BLOCK)));
	}
}

BF16 void
matmul_amx_store_packed(const float *sums, size_t columns, uint32_t *to, size_t stride)
{
	for (size_t i = 0; i < columns; i += MATMUL_AMX_K, to += stride, sums += 4 * TILE)
		for (size_t group = 0; group < 2; group++) {
			uint32_t *half = to + group * TILE;

			store_packed_tile(sums + group * TILE, half);
			store_packed_tile(sums + (2 + group) * TILE, half + TILE / 2);
		}
}

#else
typedef int kernel_amx_bf16_is_empty;
#endif
