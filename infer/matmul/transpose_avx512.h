/* transpose_avx512.h - transposes 16 x 16 dwords in registers of 512 bits. */

#ifndef ALIGNX_INFER_MATMUL_TRANSPOSE_AVX512_H
#define ALIGNX_INFER_MATMUL_TRANSPOSE_AVX512_H

#include <immintrin.h>

/* Register i is row i on entry, column i on return. */
static inline __attribute__((always_inline, target("avx512f"))) void
transpose_16x16(__m512i r[16])
{
	__m512i t[16];

#pragma GCC unroll 8
	for (int i = 0; i < 8; i++) {
		t[2 * i] = _mm512_unpacklo_epi32(r[2 * i], r[2 * i + 1]);
		t[2 * i + 1] = _mm512_unpackhi_epi32(r[2 * i], r[2 * i + 1]);
	}
#pragma GCC unroll 4
	for (int i = 0; i < 16; i += 4) {
		r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
		r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
		r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
		r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
	}
	/* r[4g + k]: rows 4g to 4g+3, dwords k, 4+k, 8+k, 12+k */
#pragma GCC unroll 4
	for (int k = 0; k < 4; k++) {
		t[4 * k] = _mm512_shuffle_i32x4(r[k], r[4 + k], 0x88);
		t[4 * k + 1] = _mm512_shuffle_i32x4(r[8 + k], r[12 + k], 0x88);
		t[4 * k + 2] = _mm512_shuffle_i32x4(r[k], r[4 + k], 0xdd);
		t[4 * k + 3] = _mm512_shuffle_i32x4(r[8 + k], r[12 + k], 0xdd);
	}
#pragma GCC unroll 4
	for (int k = 0; k < 4; k++) {
		r[k] = _mm512_shuffle_i32x4(t[4 * k], t[4 * k + 1], 0x88);
		r[4 + k] = _mm512_shuffle_i32x4(t[4 * k + 2], t[4 * k + 3], 0x88);
		r[8 + k] = _mm512_shuffle_i32x4(t[4 * k], t[4 * k + 1], 0xdd);
		r[12 + k] = _mm512_shuffle_i32x4(t[4 * k + 2], t[4 * k + 3], 0xdd);
	}
}

#endif
