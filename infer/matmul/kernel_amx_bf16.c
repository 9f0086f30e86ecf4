/* product_amx_bf16.c - bfloat16 in tile registers: 32 rows of weights by 32 rows of
 * activations are summed in four of them.
 *
 * A row of weights stands as it is in the file, 32 numbers of it a row of a tile
 * register; of activations, pairs of numbers stand beside each other for 16 rows.  Sums
 * therefore come out turned, and are brought back into the tile registers for the next
 * slab as they are.  What stays in the first cache is a tile of activations; weights,
 * each of which is used once while it does, are read past it. */

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
	BLOCK = 16,			/* rows of either side in a tile register */
	STEP = PRODUCT_GROUP / 2,	/* dwords of k in one */
	TILE = BLOCK * STEP,
	BYTES = 4 * STEP,		/* of a row of a tile register */
	ROWS = BLOCK * PRODUCT_TILED_SLAB / 2,	/* dwords that a panel has of a block of rows */
	LINE = 64,
	AHEAD = 4,			/* lines asked for at each step */
};

/* The processor's description of tile registers: all are 16 rows of 64 bytes. */
static const struct {
	uint8_t palette, start, none[14];
	uint16_t bytes[16];
	uint8_t rows[16];
} shapes = {
	.palette = 1,
	.bytes = { BYTES, BYTES, BYTES, BYTES, BYTES, BYTES, BYTES, BYTES },
	.rows = { BLOCK, BLOCK, BLOCK, BLOCK, BLOCK, BLOCK, BLOCK, BLOCK },
};

/* 32 rows of weights, of one block of activations or of both.  Sums of weights' block i
 * and activations' block j: c[2 i + j].  Of what is asked for, the next sums come from
 * the second cache and must be in the first before they are loaded at once. */
INLINE AMX void
multiply(const uint32_t *w, const uint32_t *x, size_t steps, bool is_half, bool is_first,
    float (*c)[TILE], const char *ahead)
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
	for (; steps > 0; steps--, w += TILE, x += PRODUCT_TILE_MAX * STEP) {
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
		for (int i = 0; i < AHEAD; i++, ahead += LINE, next += LINE) {
			_mm_prefetch(ahead, _MM_HINT_T1);
			_mm_prefetch(next, _MM_HINT_T0);
		}
	}
	_tile_stored(0, c[0], BYTES);
	_tile_stored(1, c[1], BYTES);
	_tile_stored(2, c[2], BYTES);
	_tile_stored(3, c[3], BYTES);
}

AMX void
product_amx_bf16(const struct tile *t, const struct panel *p, size_t dwords,
    float *c, size_t stride, size_t rows, bool is_first)
{
	const size_t steps = dwords / STEP;
	float (*sum)[TILE] = (void *)c;

	(void)stride;
	for (size_t i = 0; i < PRODUCT_PANEL / BLOCK; i += 2, sum += 4) {
		const uint32_t *w = p->dword + i * ROWS;
		const char *ahead = t->ahead + i / 2 * steps * AHEAD * LINE;

		if (rows > BLOCK)
			multiply(w, t->dword, steps, false, is_first, sum, ahead);
		else
			multiply(w, t->dword, steps, true, is_first, sum, ahead);
	}
}

AMX void
product_amx_begin_bf16(const struct panel *panel)
{
	(void)panel;
	_tile_loadconfig(&shapes);
}

AMX void
product_amx_end(void)
{
	_tile_release();
}

/* Numbers too small to be normal become 0, as they are to the product. */
BF16 void
product_amx_pack(const float *const row[16], size_t n, uint32_t *to, size_t apart)
{
	for (size_t k = 0; k < n; k += PRODUCT_GROUP, to += apart) {
		const uint32_t here = n - k < PRODUCT_GROUP ? (1u << (n - k)) - 1 : ~0u;
		__m512i pair[BLOCK];

#pragma GCC unroll 16
		for (size_t i = 0; i < BLOCK; i++)
			pair[i] = row[i] == NULL ? _mm512_setzero_si512()
			    : (__m512i)_mm512_cvtne2ps_pbh(
			    _mm512_maskz_loadu_ps((__mmask16)(here >> BLOCK), row[i] + k + BLOCK),
			    _mm512_maskz_loadu_ps((__mmask16)here, row[i] + k));
		turn_square(pair);
#pragma GCC unroll 16
		for (size_t i = 0; i < BLOCK; i++)
			_mm512_store_si512(to + i * STEP, pair[i]);
	}
}

/* What is wanted later of the numbers of a step, and where that of the next begins. */
INLINE struct ahead
ask(struct ahead a)
{
	for (size_t i = 0; i < a.bytes; i += LINE)
		_mm_prefetch((const char *)a.at + i, _MM_HINT_T0);
	a.at += a.bytes;
	return a;
}

/* Sixteen codes, each exactly what the type's decoder makes of it. */
INLINE BF16 __m512
number_of(const int8_t *code, __m512 scale, const float *min)
{
	const __m512 x = _mm512_mul_ps(scale, _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(
	    _mm_loadu_si128((const __m128i *)(const void *)code))));

	return min == NULL ? x : _mm512_sub_ps(x, _mm512_set1_ps(*min));
}

INLINE BF16 __m512
scale_of(const struct codes *c, const int8_t *code, size_t part)
{
	uint16_t half;

	if (c->scale != NULL)
		return _mm512_set1_ps(c->scale[part]);
	memcpy(&half, code - sizeof(half), sizeof(half));
	return _mm512_broadcastss_ps(_mm_cvtph_ps(_mm_cvtsi32_si128(half)));
}

/* Two scales: the upper half of a step has one of its own. */
INLINE BF16 void
lay_codes(const struct codes *c, bool two_scales, const float *min, size_t n,
    struct ahead ahead, uint32_t *to)
{
	const int8_t *code = c->code;

	for (size_t i = 0; i < n; i += PRODUCT_GROUP, code += c->apart, to += TILE) {
		const size_t part = i / BLOCK / (two_scales ? 1 : 2);
		const __m512 scale = scale_of(c, code, part);
		const __m512 low = number_of(code, scale, min);
		const __m512 high = number_of(code + BLOCK,
		    two_scales ? scale_of(c, code, part + 1) : scale, min);

		ahead = ask(ahead);
		_mm512_store_si512(to, (__m512i)_mm512_cvtne2ps_pbh(high, low));
		min += min != NULL;
	}
}

BF16 void
product_amx_codes(const struct codes *c, size_t n, struct ahead ahead, uint32_t *to)
{
	if (c->part == BLOCK)
		lay_codes(c, true, c->min, n, ahead, to);
	else if (c->min != NULL)
		lay_codes(c, false, c->min, n, ahead, to);
	else
		lay_codes(c, false, NULL, n, ahead, to);
}

void
product_amx_lay(const uint32_t *row, size_t dwords, struct ahead ahead, uint32_t *to)
{
	for (; dwords > 0; dwords -= STEP, row += STEP, to += TILE) {
		ahead = ask(ahead);
		memcpy(to, row, BYTES);
	}
}

/* Of one tile register, rows of weights at most `columns`, to `rows` rows. */
INLINE BF16 void
gather_tile(const float *sums, size_t rows, size_t columns, float *to, size_t stride)
{
	const __mmask16 here = (__mmask16)(columns < BLOCK ? (1u << columns) - 1 : ~0u);
	__m512i r[BLOCK];

#pragma GCC unroll 16
	for (size_t i = 0; i < BLOCK; i++)
		r[i] = _mm512_load_si512(sums + i * BLOCK);
	turn_square(r);
#pragma GCC unroll 16
	for (size_t i = 0; i < BLOCK; i++)
		if (i < rows)
			_mm512_mask_storeu_ps(to + i * stride, here, (__m512)r[i]);
}

BF16 void
product_amx_gather(const float *sums, size_t rows, size_t columns, float *to, size_t stride)
{
	for (size_t row = 0; row < rows; row += BLOCK, sums += TILE)
		for (size_t i = 0; i < columns; i += BLOCK)
			gather_tile(sums + 2 * i / BLOCK * TILE, rows - row, columns - i,
			    to + row * stride + i, stride);
}

/* Rows of weights become pairs of numbers of the 16 rows of activations that they stand
 * beside already: nothing is turned. */
INLINE BF16 void
carry_tile(const float *sums, uint32_t *to)
{
#pragma GCC unroll 8
	for (size_t i = 0; i < BLOCK / 2; i++) {
		const __m512 even = _mm512_load_ps(sums + 2 * i * BLOCK);
		const __m512 odd = _mm512_load_ps(sums + (2 * i + 1) * BLOCK);
		const __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(even));
		const __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(odd));

		_mm512_store_si512(to + i * BLOCK, _mm512_or_si512(low,
		    _mm512_slli_epi32(high, BLOCK)));
	}
}

BF16 void
product_amx_carry(const float *sums, size_t columns, uint32_t *to, size_t apart)
{
	for (size_t i = 0; i < columns; i += PRODUCT_GROUP, to += apart, sums += 4 * TILE)
		for (size_t group = 0; group < 2; group++) {
			uint32_t *half = to + group * TILE;

			carry_tile(sums + group * TILE, half);
			carry_tile(sums + (2 + group) * TILE, half + TILE / 2);
		}
}

#else
typedef int product_amx_bf16_is_empty;
#endif
