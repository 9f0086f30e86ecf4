/* kernel_avx512.c - kernels for AVX-512, with VNNI and BF16: all sums of a tile and a panel
 * stay in registers of 512 bits, and each weight is loaded once for six rows. */

#include "config.h"

#include "infer/matmul/kernels.h"

#ifdef __x86_64__

#include <immintrin.h>

#include "infer/matmul/transpose_avx512.h"

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma")))
#define VNNI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma")))
#define BF16 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma")))
#define INLINE static inline __attribute__((always_inline))

enum { LANES = 16 };

/* Rows of `columns` registers. */
INLINE AVX512 void
store(const __m512 sum[MATMUL_TILE_ROWS][4], int columns, float *c, size_t stride, size_t rows,
    bool is_first)
{
#pragma GCC unroll 6
	for (size_t i = 0; i < MATMUL_TILE_ROWS; i++) {
		float *to = c + i * stride;

		if (i >= rows)
			break;
#pragma GCC unroll 4
		for (int j = 0; j < columns; j++)
			_mm512_storeu_ps(to + LANES * j,
			    is_first ? sum[i][j]
				     : _mm512_add_ps(_mm512_loadu_ps(to + LANES * j), sum[i][j]));
	}
}

INLINE AVX512 void
f32(const struct tile *t, const struct panel *p, size_t dwords, int columns, float *c,
    size_t stride, size_t rows, bool is_first)
{
	const float *a = (const float *)(const void *)t->dword;
	const float *b = (const float *)(const void *)p->dword;
	__m512 sum[MATMUL_TILE_ROWS][4], w[4];

#pragma GCC unroll 6
	for (int i = 0; i < MATMUL_TILE_ROWS; i++)
#pragma GCC unroll 4
		for (int j = 0; j < columns; j++)
			sum[i][j] = _mm512_setzero_ps();
	for (; dwords > 0; dwords--, a += MATMUL_TILE_ROWS, b += LANES * columns) {
#pragma GCC unroll 4
		for (int j = 0; j < columns; j++)
			w[j] = _mm512_load_ps(b + LANES * j);
#pragma GCC unroll 6
		for (int i = 0; i < MATMUL_TILE_ROWS; i++) {
			__m512 x = _mm512_set1_ps(a[i]);

#pragma GCC unroll 4
			for (int j = 0; j < columns; j++)
				sum[i][j] = _mm512_fmadd_ps(x, w[j], sum[i][j]);
		}
	}
	store(sum, columns, c, stride, rows, is_first);
}

AVX512 void
matmul_avx512_f32(const struct tile *t, const struct panel *p, size_t dwords, float *c,
    size_t stride, size_t rows, bool is_first)
{
	switch (p->width / LANES) {
	case 1:
		f32(t, p, dwords, 1, c, stride, rows, is_first);
		break;
	case 2:
		f32(t, p, dwords, 2, c, stride, rows, is_first);
		break;
	case 3:
		f32(t, p, dwords, 3, c, stride, rows, is_first);
		break;
	default:
		f32(t, p, dwords, 4, c, stride, rows, is_first);
	}
}

BF16 void
matmul_avx512_bf16(const struct tile *t, const struct panel *p, size_t dwords, float *c,
    size_t stride, size_t rows, bool is_first)
{
	const uint32_t *a = t->dword, *b = p->dword;
	__m512 sum[MATMUL_TILE_ROWS][4];
	__m512bh w[4];

#pragma GCC unroll 6
	for (int i = 0; i < MATMUL_TILE_ROWS; i++)
#pragma GCC unroll 4
		for (int j = 0; j < 4; j++)
			sum[i][j] = _mm512_setzero_ps();
	for (; dwords > 0; dwords--, a += MATMUL_TILE_ROWS, b += MATMUL_PANEL) {
#pragma GCC unroll 4
		for (int j = 0; j < 4; j++)
			w[j] = (__m512bh)_mm512_load_si512(b + LANES * j);
#pragma GCC unroll 6
		for (int i = 0; i < MATMUL_TILE_ROWS; i++) {
			__m512bh x = (__m512bh)_mm512_set1_epi32((int)a[i]);

#pragma GCC unroll 4
			for (int j = 0; j < 4; j++)
				sum[i][j] = _mm512_dpbf16_ps(sum[i][j], x, w[j]);
		}
	}
	store(sum, 4, c, stride, rows, is_first);
}

/* Dot products of `steps` dwords, added to `from`, or to 0. */
INLINE VNNI void
dot_bytes(const uint32_t *a, const uint32_t *b, int steps, const int32_t *from,
    __m512i dot[MATMUL_TILE_ROWS][2])
{
#pragma GCC unroll 6
	for (int i = 0; i < MATMUL_TILE_ROWS; i++)
		dot[i][0] = dot[i][1] = from == NULL ? _mm512_setzero_si512()
						     : _mm512_set1_epi32(from[i]);
#pragma GCC unroll 8
	for (int k = 0; k < steps; k++, a += MATMUL_TILE_ROWS, b += MATMUL_PANEL) {
		__m512i w0 = _mm512_load_si512(b), w1 = _mm512_load_si512(b + LANES);

#pragma GCC unroll 6
		for (int i = 0; i < MATMUL_TILE_ROWS; i++) {
			__m512i x = _mm512_set1_epi32((int)a[i]);

			dot[i][0] = _mm512_dpbusd_epi32(dot[i][0], w0, x);
			dot[i][1] = _mm512_dpbusd_epi32(dot[i][1], w1, x);
		}
	}
}

/* sum += scale of the row times scale of the column times dot product */
INLINE VNNI void
add_scaled(const __m512i dot[MATMUL_TILE_ROWS][2], const float *x_scale, const float *scale,
    __m512 sum[MATMUL_TILE_ROWS][4])
{
	const __m512 w0 = _mm512_load_ps(scale), w1 = _mm512_load_ps(scale + LANES);

#pragma GCC unroll 6
	for (int i = 0; i < MATMUL_TILE_ROWS; i++) {
		const __m512 x = _mm512_set1_ps(x_scale[i]);

		sum[i][0] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dot[i][0]), _mm512_mul_ps(x, w0),
		    sum[i][0]);
		sum[i][1] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dot[i][1]), _mm512_mul_ps(x, w1),
		    sum[i][1]);
	}
}

INLINE VNNI void
add_minima(const float *correction, const float *min, __m512 sum[MATMUL_TILE_ROWS][4])
{
	const __m512 m0 = _mm512_load_ps(min), m1 = _mm512_load_ps(min + LANES);

#pragma GCC unroll 6
	for (int i = 0; i < MATMUL_TILE_ROWS; i++) {
		const __m512 x = _mm512_set1_ps(correction[i]);

		sum[i][0] = _mm512_fmadd_ps(x, m0, sum[i][0]);
		sum[i][1] = _mm512_fmadd_ps(x, m1, sum[i][1]);
	}
}

/* 32 columns; group is 16 or 32 bytes. */
INLINE VNNI void
int8(const struct tile *t, const struct panel *p, size_t dwords, size_t column, size_t group,
    bool has_min, float *c, size_t stride, size_t rows, bool is_first)
{
	const uint32_t *a = t->dword, *b = p->dword + column;
	const float *scale = p->scale + column, *min = p->min + (has_min ? column : 0);
	const int32_t *row_sum = group == 16 ? t->row_sum16 : t->row_sum32;
	const size_t groups = dwords / (group / 4);
	__m512 sum[MATMUL_TILE_ROWS][4];

#pragma GCC unroll 6
	for (int i = 0; i < MATMUL_TILE_ROWS; i++)
		sum[i][0] = sum[i][1] = _mm512_setzero_ps();
	for (size_t n = 0; n < groups; n++, row_sum += MATMUL_TILE_ROWS) {
		const size_t in = n * group / INT8_GROUP * MATMUL_TILE_ROWS;
		__m512i dot[MATMUL_TILE_ROWS][2];

		dot_bytes(a, b, (int)group / 4, has_min ? NULL : row_sum, dot);
		add_scaled(dot, t->scale + in, scale, sum);
		if (has_min) {
			add_minima(t->min_correction + in, min, sum);
			min += MATMUL_PANEL;
		}
		a += group / 4 * MATMUL_TILE_ROWS;
		b += group / 4 * MATMUL_PANEL;
		scale += MATMUL_PANEL;
	}
	store(sum, 2, c + column, stride, rows, is_first);
}

VNNI void
matmul_avx512_int8(const struct tile *t, const struct panel *p, size_t dwords, float *c,
    size_t stride, size_t rows, bool is_first)
{
	for (size_t column = 0; column < MATMUL_PANEL; column += 2 * LANES)
		if (p->min != NULL)
			int8(t, p, dwords, column, 32, true, c, stride, rows, is_first);
		else if (p->group == 16)
			int8(t, p, dwords, column, 16, false, c, stride, rows, is_first);
		else
			int8(t, p, dwords, column, 32, false, c, stride, rows, is_first);
}

/* Sixteen dwords of sixteen rows. */
INLINE AVX512 void
transpose_block(const uint32_t *const from[16], size_t at, uint32_t flip, uint32_t *to)
{
	const __m512i mask = _mm512_set1_epi32((int)flip);
	__m512i r[16];

#pragma GCC unroll 16
	for (int i = 0; i < 16; i++)
		r[i] = _mm512_xor_si512(mask, _mm512_loadu_si512(from[i] + at));
	transpose_16x16(r);
#pragma GCC unroll 16
	for (size_t k = 0; k < 16; k++)
		_mm512_store_si512(to + k * MATMUL_PANEL, r[k]);
}

AVX512 void
matmul_avx512_transpose(const uint32_t *const from[16], size_t dwords, uint32_t flip, uint32_t *to)
{
	size_t k = 0;

	for (; k + 16 <= dwords; k += 16)
		transpose_block(from, k, flip, to + k * MATMUL_PANEL);
	for (; k < dwords; k++)
		for (size_t i = 0; i < 16; i++)
			to[k * MATMUL_PANEL + i] = from[i][k] ^ flip;
}

/* The largest magnitude, compared as bits like quantize_groups(): NaN is the largest. */
INLINE AVX512 float
largest(__m512 a, __m512 b)
{
	const __m512i sixteen = _mm512_max_epu32(_mm512_castps_si512(_mm512_abs_ps(a)),
	    _mm512_castps_si512(_mm512_abs_ps(b)));
	const __m256i eight = _mm256_max_epu32(_mm512_castsi512_si256(sixteen),
	    _mm512_extracti32x8_epi32(sixteen, 1));
	__m128i x = _mm_max_epu32(_mm256_castsi256_si128(eight),
	    _mm256_extracti128_si256(eight, 1));

	x = _mm_max_epu32(x, _mm_shuffle_epi32(x, 0x4e));
	x = _mm_max_epu32(x, _mm_shuffle_epi32(x, 0xb1));
	return _mm_cvtss_f32(_mm_castsi128_ps(x));
}

INLINE AVX512 __m128i
rounded(__m512 x, __m512 factor)
{
	return _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(_mm512_mul_ps(x, factor)));
}

AVX512 void
matmul_avx512_quantize(const float *x, size_t groups, int8_t *byte, float *scale, int32_t *sum)
{
	const __m256i ones = _mm256_set1_epi8(1);

	for (; groups > 0; groups--, x += INT8_GROUP, byte += INT8_GROUP, sum += 2) {
		const __m512 a = _mm512_loadu_ps(x), b = _mm512_loadu_ps(x + LANES);
		const float max = largest(a, b);
		const __m512 factor = _mm512_set1_ps(max > 0 ? 127 / max : 0);
		const __m256i bytes = _mm256_set_m128i(rounded(b, factor), rounded(a, factor));
		__m256i sums = _mm256_madd_epi16(_mm256_maddubs_epi16(ones, bytes),
		    _mm256_set1_epi16(1));

		sums = _mm256_add_epi32(sums, _mm256_srli_si256(sums, 8));
		sums = _mm256_add_epi32(sums, _mm256_srli_si256(sums, 4));
		_mm256_storeu_si256((__m256i *)(void *)byte, bytes);
		*scale++ = max / 127;
		sum[0] = _mm256_extract_epi32(sums, 0);
		sum[1] = _mm256_extract_epi32(sums, 4);
	}
}

#else
typedef int kernel_avx512_is_empty;
#endif
