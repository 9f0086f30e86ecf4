#include "config.h"

#include <stddef.h>

#include "infer/product_kernel.h"

static void
plain(const float *tile, const float *panel, size_t k, float *c, size_t stride,
    size_t rows, bool is_first)
{
	float sum[PRODUCT_TILE][PRODUCT_PANEL] = { { 0 } };

	for (; k > 0; k--, tile += PRODUCT_TILE, panel += PRODUCT_PANEL)
		for (int i = 0; i < PRODUCT_TILE; i++)
			for (int j = 0; j < PRODUCT_PANEL; j++)
				sum[i][j] += tile[i] * panel[j];
	for (size_t i = 0; i < rows; i++)
		for (int j = 0; j < PRODUCT_PANEL; j++)
			c[i * stride + (size_t)j] = sum[i][j]
			    + (is_first ? 0 : c[i * stride + (size_t)j]);
}

#ifdef __x86_64__

#include <immintrin.h>

__attribute__((target("avx2,fma"))) static void
avx2(const float *tile, const float *panel, size_t k, float *c, size_t stride,
    size_t rows, bool is_first)
{
	__m256 sum[PRODUCT_TILE][2];

#pragma GCC unroll 6
	for (int i = 0; i < PRODUCT_TILE; i++)
		sum[i][0] = sum[i][1] = _mm256_setzero_ps();
	for (; k > 0; k--, tile += PRODUCT_TILE, panel += PRODUCT_PANEL) {
		__m256 b0 = _mm256_load_ps(panel), b1 = _mm256_load_ps(panel + 8);

#pragma GCC unroll 6
		for (int i = 0; i < PRODUCT_TILE; i++) {
			__m256 a = _mm256_broadcast_ss(tile + i);

			sum[i][0] = _mm256_fmadd_ps(a, b0, sum[i][0]);
			sum[i][1] = _mm256_fmadd_ps(a, b1, sum[i][1]);
		}
	}
#pragma GCC unroll 6
	for (size_t i = 0; i < PRODUCT_TILE; i++) {
		float *to = c + i * stride;

		if (i >= rows)
			break;
		if (!is_first) {
			sum[i][0] = _mm256_add_ps(sum[i][0], _mm256_loadu_ps(to));
			sum[i][1] = _mm256_add_ps(sum[i][1], _mm256_loadu_ps(to + 8));
		}
		_mm256_storeu_ps(to, sum[i][0]);
		_mm256_storeu_ps(to + 8, sum[i][1]);
	}
}

__attribute__((target("avx512f"))) static void
avx512(const float *tile, const float *panel, size_t k, float *c, size_t stride,
    size_t rows, bool is_first)
{
	__m512 sum[PRODUCT_TILE];

#pragma GCC unroll 6
	for (int i = 0; i < PRODUCT_TILE; i++)
		sum[i] = _mm512_setzero_ps();
	for (; k > 0; k--, tile += PRODUCT_TILE, panel += PRODUCT_PANEL) {
		__m512 b = _mm512_load_ps(panel);

#pragma GCC unroll 6
		for (int i = 0; i < PRODUCT_TILE; i++)
			sum[i] = _mm512_fmadd_ps(_mm512_set1_ps(tile[i]), b, sum[i]);
	}
#pragma GCC unroll 6
	for (size_t i = 0; i < PRODUCT_TILE; i++) {
		float *to = c + i * stride;

		if (i >= rows)
			break;
		if (!is_first)
			sum[i] = _mm512_add_ps(sum[i], _mm512_loadu_ps(to));
		_mm512_storeu_ps(to, sum[i]);
	}
}

#endif

product_kernel_fn *
product_kernel(enum level level)
{
#ifdef __x86_64__
	if (level == LEVEL_AVX512)
		return avx512;
	if (level == LEVEL_AVX2)
		return avx2;
#endif
	(void)level;
	return plain;
}
