/* product_amx_bf16.c - bfloat16 in tile registers: 32 rows of activations by 32
 * columns of a panel are summed in four of them, and nothing need leave them. */

#include "config.h"

#include "infer/product_level.h"

#ifdef __x86_64__

#include <immintrin.h>

#define AMX __attribute__((target("avx512f,amx-tile,amx-bf16")))
#define INLINE static inline __attribute__((always_inline))

enum { LANES = 16, BLOCK = 16, STEP = PRODUCT_GROUP / 2, BYTES = 64 };

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

typedef float sums[PRODUCT_TILE_MAX][2 * LANES];

/* 32 columns, of one block of rows or of both. */
INLINE AMX void
multiply(const uint32_t *a, const uint32_t *b, size_t steps, bool is_half, sums to)
{
	_tile_zero(0);
	_tile_zero(1);
	_tile_zero(2);
	_tile_zero(3);
	for (; steps > 0; steps--) {
		_tile_loadd(6, b, PRODUCT_PANEL * 4);
		_tile_loadd(7, b + LANES, PRODUCT_PANEL * 4);
		_tile_loadd(4, a, BYTES);
		_tile_dpbf16ps(0, 4, 6);
		_tile_dpbf16ps(1, 4, 7);
		if (!is_half) {
			_tile_loadd(5, a + BLOCK * STEP, BYTES);
			_tile_dpbf16ps(2, 5, 6);
			_tile_dpbf16ps(3, 5, 7);
		}
		a += PRODUCT_TILE_MAX * STEP;
		b += STEP * PRODUCT_PANEL;
	}
	_tile_stored(0, to[0], sizeof(to[0]));
	_tile_stored(1, to[0] + LANES, sizeof(to[0]));
	_tile_stored(2, to[BLOCK], sizeof(to[0]));
	_tile_stored(3, to[BLOCK] + LANES, sizeof(to[0]));
}

AMX void
product_amx_bf16(const struct tile *t, const struct panel *p, size_t dwords,
    float *c, size_t stride, size_t rows, bool is_first)
{
	_Alignas(64) sums sum;

	_tile_loadconfig(&shapes);
	for (size_t column = 0; column < PRODUCT_PANEL; column += 2 * LANES) {
		if (rows > BLOCK)
			multiply(t->dword, p->dword + column, dwords / STEP, false, sum);
		else
			multiply(t->dword, p->dword + column, dwords / STEP, true, sum);
		for (size_t i = 0; i < rows; i++)
#pragma GCC unroll 2
			for (size_t j = 0; j < 2 * LANES; j += LANES) {
				const __m512 x = _mm512_load_ps(sum[i] + j);
				float *to = c + i * stride + column + j;

				_mm512_storeu_ps(to, is_first ? x
				    : _mm512_add_ps(_mm512_loadu_ps(to), x));
			}
	}
	_tile_release();
}

#else
typedef int product_amx_bf16_is_empty;
#endif
