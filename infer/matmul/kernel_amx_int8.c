/* product_amx_int8.c - bytes in tile registers: 16 rows of activations by 16 columns of
 * a panel and one part of k, at once.
 *
 * Whole numbers are exact, and parts are scaled and added in the order of every
 * other level.  The dots of two parts are under way while the one before them is
 * added up: what a tile register holds must go through memory. */

#include "config.h"

#include <string.h>

#include "infer/matmul/kernels.h"

#ifdef __x86_64__

#include <immintrin.h>

#define AMX __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma,amx-tile,amx-int8")))
#define INLINE static inline __attribute__((always_inline))

enum {
	LANES = 16, BLOCK = 16, STEP = FORMAT_PART / 4,
	ROWS = PRODUCT_TILE_MAX,	/* of the tile: BLOCKS times BLOCK */
	BLOCKS = ROWS / BLOCK,
	CHUNK = 512,			/* numbers: both sides of it stay in the first cache */
};

/* The processor's description of tile registers: 0 to 1 dots, 2 to 3 activations,
 * 4 to 5 a panel. */
struct shapes {
	uint8_t palette, start, none[14];
	uint16_t bytes[16];
	uint8_t rows[16];
};

#define SHAPES(part) { .palette = 1, .bytes = { 64, 64, part, part, 64, 64 }, \
	.rows = { BLOCK, BLOCK, BLOCK, BLOCK, (part) / 4, (part) / 4 } }

static const struct shapes whole_part = SHAPES(32), half_part = SHAPES(16);

/* A chunk of what is to be multiplied: BLOCK rows and 16 columns of it. */
struct work {
	const uint32_t *a, *b;
	const float *by, *less;		/* of the tile */
	const float *scale, *min;	/* of the panel */
	size_t part;
};

typedef int32_t dots[BLOCK][LANES];
typedef float sums[BLOCK][LANES];

/* Registers of tiles have no names in C, hence macros. */
#define LOAD(w, n, rows, columns) do { \
	const size_t at_ = (n) * (w)->part / 4; \
	_tile_loadd(rows, (w)->a + at_ / STEP * STEP * ROWS + at_ % STEP, \
	    STEP * 4); \
	_tile_loadd(columns, (w)->b + at_ * PRODUCT_PANEL, PRODUCT_PANEL * 4); \
} while (0)

#define MULTIPLY(dot, rows, columns) do { \
	_tile_zero(dot); \
	_tile_dpbssd(dot, rows, columns); \
} while (0)

INLINE AMX void
add_part(const struct work *w, size_t n, const int32_t (*dot)[LANES], bool has_min,
    __m512 sum[BLOCK])
{
	const size_t in = n * w->part / FORMAT_PART * ROWS;
	const __m512 scale = _mm512_load_ps(w->scale + n * PRODUCT_PANEL);

#pragma GCC unroll 16
	for (int i = 0; i < BLOCK; i++)
		sum[i] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_load_si512(dot[i])),
		    _mm512_mul_ps(_mm512_set1_ps(w->by[in + i]), scale), sum[i]);
	if (has_min) {
		const __m512 min = _mm512_load_ps(w->min + n * PRODUCT_PANEL);

#pragma GCC unroll 16
		for (int i = 0; i < BLOCK; i++)
			sum[i] = _mm512_fmadd_ps(_mm512_set1_ps(w->less[in + i]), min,
			    sum[i]);
	}
}

INLINE AMX void
add_chunk(const struct work *w, size_t parts, bool has_min, sums to)
{
	_Alignas(64) dots even, odd;
	__m512 sum[BLOCK];

#pragma GCC unroll 16
	for (int i = 0; i < BLOCK; i++)
		sum[i] = _mm512_load_ps(to[i]);
	LOAD(w, 0, 2, 4);
	for (size_t n = 0; n < parts + 2; n += 2) {
		if (n + 1 < parts)
			LOAD(w, n + 1, 3, 5);
		if (n < parts)
			MULTIPLY(0, 2, 4);
		if (n >= 1 && n - 1 < parts)
			_tile_stored(1, odd, LANES * 4);
		if (n >= 2)
			add_part(w, n - 2, even, has_min, sum);
		if (n + 2 < parts)
			LOAD(w, n + 2, 2, 4);
		if (n + 1 < parts)
			MULTIPLY(1, 3, 5);
		if (n < parts)
			_tile_stored(0, even, LANES * 4);
		if (n >= 1 && n - 1 < parts)
			add_part(w, n - 1, odd, has_min, sum);
	}
#pragma GCC unroll 16
	for (int i = 0; i < BLOCK; i++)
		_mm512_store_ps(to[i], sum[i]);
}

static AMX void
add_chunk_plain(const struct work *w, size_t parts, sums to)
{
	add_chunk(w, parts, false, to);
}

static AMX void
add_chunk_min(const struct work *w, size_t parts, sums to)
{
	add_chunk(w, parts, true, to);
}

/* Block `block` of the tile, the 16 columns from `column` on, from a chunk on. */
static struct work
work_at(const struct tile *t, const struct panel *p, size_t number, size_t block,
    size_t column)
{
	const size_t in = number / FORMAT_PART * ROWS + block * BLOCK;
	const size_t parts = number / p->part * PRODUCT_PANEL + column;

	return (struct work){ t->dword + number / 4 * ROWS + block * BLOCK * STEP,
		p->dword + number / 4 * PRODUCT_PANEL + column, t->scale + in, t->less + in,
		p->scale + parts, p->min == NULL ? NULL : p->min + parts, p->part };
}

AMX void
product_amx_int8(const struct tile *t, const struct panel *p, size_t dwords,
    float *c, size_t stride, size_t rows, bool is_first)
{
	_Alignas(64) sums sum[PRODUCT_PANEL / LANES][BLOCKS];
	const size_t numbers = 4 * dwords, blocks = (rows + BLOCK - 1) / BLOCK;

	memset(sum, 0, sizeof(sum));
	for (size_t from = 0; from < numbers; from += CHUNK) {
		const size_t n = numbers - from < CHUNK ? numbers - from : CHUNK;

		for (size_t j = 0; j < PRODUCT_PANEL / LANES; j++)
			for (size_t i = 0; i < blocks; i++) {
				const struct work w = work_at(t, p, from, i, j * LANES);

				(p->min == NULL ? add_chunk_plain : add_chunk_min)(&w,
				    n / p->part, sum[j][i]);
			}
	}
	for (size_t i = 0; i < rows; i++, c += stride)
#pragma GCC unroll 4
		for (size_t j = 0; j < PRODUCT_PANEL / LANES; j++) {
			const __m512 x = _mm512_load_ps(sum[j][i / BLOCK][i % BLOCK]);
			float *to = c + j * LANES;

			_mm512_storeu_ps(to, is_first ? x
			    : _mm512_add_ps(_mm512_loadu_ps(to), x));
		}
}

AMX void
product_amx_begin_int8(const struct panel *panel)
{
	_tile_loadconfig(panel->part == FORMAT_PART ? &whole_part : &half_part);
}

#else
typedef int product_amx_int8_is_empty;
#endif
