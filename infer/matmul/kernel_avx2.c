/* kernel_avx2.c - kernels for AVX2 with FMA: 16 columns of a panel at a time, in two registers
 * of 256 bits. */

#include "config.h"

#include "infer/matmul/kernels.h"

#ifdef __x86_64__

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,fma")))
#define INLINE static inline __attribute__((always_inline))

/* FEW: rows whose sums, and the bytes or bfloat16 terms on the way to them, fit 16 registers. */
enum { LANES = 8, COLUMNS = 2 * LANES, FEW = 3 };

/* Up to `limit` rows of two registers each. */
INLINE AVX2 void
store(const __m256 (*sum)[2], size_t limit, float *c, size_t stride, size_t rows, bool is_first)
{
#pragma GCC unroll 6
	for (size_t i = 0; i < limit; i++) {
		float *to = c + i * stride;

		if (i >= rows)
			break;
#pragma GCC unroll 2
		for (int j = 0; j < 2; j++)
			_mm256_storeu_ps(to + LANES * j,
			    is_first ? sum[i][j]
				     : _mm256_add_ps(_mm256_loadu_ps(to + LANES * j), sum[i][j]));
	}
}

AVX2 void
matmul_avx2_f32(const struct tile *t, const struct panel *p, size_t dwords, float *c, size_t stride,
    size_t rows, bool is_first)
{
	for (size_t column = 0; column < p->width; column += COLUMNS) {
		const float *a = (const float *)(const void *)t->dword;
		const float *b = (const float *)(const void *)p->dword + column;
		__m256 sum[MATMUL_TILE_ROWS][2];

#pragma GCC unroll 6
		for (int i = 0; i < MATMUL_TILE_ROWS; i++)
			sum[i][0] = sum[i][1] = _mm256_setzero_ps();
		for (size_t k = 0; k < dwords; k++, a += MATMUL_TILE_ROWS, b += p->width) {
			__m256 w0 = _mm256_load_ps(b), w1 = _mm256_load_ps(b + LANES);

#pragma GCC unroll 6
			for (int i = 0; i < MATMUL_TILE_ROWS; i++) {
				__m256 x = _mm256_broadcast_ss(a + i);

				sum[i][0] = _mm256_fmadd_ps(x, w0, sum[i][0]);
				sum[i][1] = _mm256_fmadd_ps(x, w1, sum[i][1]);
			}
		}
		store(sum, MATMUL_TILE_ROWS, c + column, stride, rows, is_first);
	}
}

/* FEW rows of 8 columns of floats, summed like TDPBF16PS: even and odd products of each
 * MATMUL_AMX_K values apart, one chain of sums over all slabs. */
INLINE AVX2 void
amx(const float *a, const float *b, size_t width, size_t k_steps, float *c, size_t stride,
    size_t rows, bool is_first)
{
	enum { FLUSH = 0x8040 }; /* subnormal operands and results are 0 */
	const unsigned was = _mm_getcsr();
	__m256 sum[FEW][2];

	_mm_setcsr(was | FLUSH);
#pragma GCC unroll 3
	for (size_t i = 0; i < FEW; i++)
		sum[i][0] = is_first || i >= rows ? _mm256_setzero_ps()
						  : _mm256_loadu_ps(c + i * stride);
	for (; k_steps > 0; k_steps--) {
		__m256 term[FEW][2];

#pragma GCC unroll 3
		for (int i = 0; i < FEW; i++)
			term[i][0] = term[i][1] = _mm256_setzero_ps();
		for (int k = 0; k < MATMUL_AMX_K; k += 2)
#pragma GCC unroll 2
			for (int j = 0; j < 2; j++, a += MATMUL_TILE_ROWS, b += width) {
				const __m256 w = _mm256_load_ps(b);

#pragma GCC unroll 3
				for (int i = 0; i < FEW; i++)
					term[i][j] = _mm256_fmadd_ps(_mm256_broadcast_ss(a + i), w,
					    term[i][j]);
			}
#pragma GCC unroll 3
		for (int i = 0; i < FEW; i++)
			sum[i][0] = _mm256_add_ps(sum[i][0], _mm256_add_ps(term[i][0], term[i][1]));
	}
	_mm_setcsr(was);
	for (size_t i = 0; i < FEW && i < rows; i++)
		_mm256_storeu_ps(c + i * stride, sum[i][0]);
}

AVX2 void
matmul_avx2_amx(const struct tile *t, const struct panel *p, size_t dwords, float *c, size_t stride,
    size_t rows, bool is_first)
{
	for (size_t row = 0; row < rows; row += FEW)
		for (size_t column = 0; column < p->width; column += LANES)
			amx((const float *)(const void *)t->dword + row,
			    (const float *)(const void *)p->dword + column, p->width,
			    dwords / MATMUL_AMX_K, c + row * stride + column, stride, rows - row,
			    is_first);
}

/* Dot products of `steps` dwords.  VPMADDUBSW multiplies unsigned bytes by signed ones: the
 * sign of a weight moves to the activation. */
INLINE AVX2 void
dot_bytes(const uint32_t *a, const uint32_t *b, size_t width, int steps, bool is_signed,
    __m256i dot[FEW][2])
{
	const __m256i ones = _mm256_set1_epi16(1);

	for (int k = 0; k < steps; k++, a += MATMUL_TILE_ROWS, b += width) {
		__m256i w[2], magnitude[2];

#pragma GCC unroll 2
		for (int j = 0; j < 2; j++) {
			w[j] = _mm256_load_si256((const __m256i *)(const void *)(b + LANES * j));
			magnitude[j] = is_signed ? _mm256_abs_epi8(w[j]) : w[j];
		}
#pragma GCC unroll 3
		for (int i = 0; i < FEW; i++) {
			__m256i x = _mm256_set1_epi32((int)a[i]);

#pragma GCC unroll 2
			for (int j = 0; j < 2; j++) {
				__m256i y = is_signed ? _mm256_sign_epi8(x, w[j]) : x;

				dot[i][j] = _mm256_add_epi32(dot[i][j],
				    _mm256_madd_epi16(_mm256_maddubs_epi16(magnitude[j], y), ones));
			}
		}
	}
}

/* FEW rows, 16 columns of a panel. */
INLINE AVX2 void
int8(const struct tile *t, const struct panel *p, size_t dwords, size_t row, size_t column,
    bool has_min, float *c, size_t stride, size_t rows, bool is_first)
{
	const size_t steps = p->group / 4;
	__m256 sum[FEW][2];

#pragma GCC unroll 3
	for (int i = 0; i < FEW; i++)
		sum[i][0] = sum[i][1] = _mm256_setzero_ps();
	for (size_t n = 0; n < dwords / steps; n++) {
		const size_t in = n * p->group / INT8_GROUP * MATMUL_TILE_ROWS + row;
		const float *x_scale = t->scale + in, *correction = t->min_correction + in;
		const float *scale = p->scale + n * p->width + column;
		const float *min = has_min ? p->min + n * p->width + column : NULL;
		__m256i dot[FEW][2];

#pragma GCC unroll 3
		for (int i = 0; i < FEW; i++)
			dot[i][0] = dot[i][1] = _mm256_setzero_si256();
		dot_bytes(t->dword + n * steps * MATMUL_TILE_ROWS + row,
		    p->dword + n * steps * p->width + column, p->width, (int)steps, !has_min, dot);
#pragma GCC unroll 3
		for (int i = 0; i < FEW; i++)
#pragma GCC unroll 2
			for (int j = 0; j < 2; j++) {
				sum[i][j] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(dot[i][j]),
				    _mm256_mul_ps(_mm256_set1_ps(x_scale[i]),
					_mm256_load_ps(scale + LANES * j)),
				    sum[i][j]);
				if (has_min)
					sum[i][j] = _mm256_fmadd_ps(_mm256_set1_ps(correction[i]),
					    _mm256_load_ps(min + LANES * j), sum[i][j]);
			}
	}
	store(sum, FEW, c + row * stride + column, stride, rows - row, is_first);
}

AVX2 void
matmul_avx2_int8(const struct tile *t, const struct panel *p, size_t dwords, float *c,
    size_t stride, size_t rows, bool is_first)
{
	for (size_t row = 0; row < rows; row += FEW)
		for (size_t column = 0; column < p->width; column += COLUMNS)
			if (p->min != NULL)
				int8(t, p, dwords, row, column, true, c, stride, rows, is_first);
			else
				int8(t, p, dwords, row, column, false, c, stride, rows, is_first);
}

/* Eight dwords of eight rows. */
INLINE AVX2 void
transpose_8x8(const uint32_t *const from[8], size_t at, uint32_t flip, uint32_t *to)
{
	const __m256i mask = _mm256_set1_epi32((int)flip);
	__m256i r[8], t[8];

#pragma GCC unroll 8
	for (int i = 0; i < 8; i++)
		r[i] = _mm256_xor_si256(mask,
		    _mm256_loadu_si256((const __m256i *)(const void *)(from[i] + at)));
#pragma GCC unroll 4
	for (int i = 0; i < 8; i += 2) {
		t[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
		t[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
	}
#pragma GCC unroll 2
	for (int i = 0; i < 8; i += 4) {
		r[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
		r[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
		r[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
		r[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
	}
#pragma GCC unroll 4
	for (int k = 0; k < 4; k++) {
		_mm256_store_si256((__m256i *)(void *)(to + (size_t)k * MATMUL_PANEL),
		    _mm256_permute2x128_si256(r[k], r[4 + k], 0x20));
		_mm256_store_si256((__m256i *)(void *)(to + (size_t)(4 + k) * MATMUL_PANEL),
		    _mm256_permute2x128_si256(r[k], r[4 + k], 0x31));
	}
}

AVX2 void
matmul_avx2_transpose(const uint32_t *const from[16], size_t dwords, uint32_t flip, uint32_t *to)
{
	size_t k = 0;

	for (; k + 8 <= dwords; k += 8) {
		transpose_8x8(from, k, flip, to + k * MATMUL_PANEL);
		transpose_8x8(from + 8, k, flip, to + k * MATMUL_PANEL + 8);
	}
	for (; k < dwords; k++)
		for (size_t i = 0; i < 16; i++)
			to[k * MATMUL_PANEL + i] = from[i][k] ^ flip;
}

#else
typedef int kernel_avx2_is_empty;
#endif
