/* kernel_amx_int8.c - the INT8 kernel in tile registers: TDPBSSD multiplies 16 rows of
 * activations by 16 columns of a panel over one group of k.
 *
 * Integer sums are exact, and groups are scaled and added in the order of every other
 * kernel.  Vector registers reach a tile register only through memory; hence the dot
 * products of two groups are under way while those of the group before are added. */

#include "config.h"

#include <string.h>

#include "infer/matmul/kernels.h"

#ifdef __x86_64__

#include <immintrin.h>

#define AMX __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma,amx-tile,amx-int8")))
#define INLINE static inline __attribute__((always_inline))

enum {
	LANES = 16,
	BLOCK = 16,
	STEP = INT8_GROUP / 4,
	ROWS = MATMUL_TILE_ROWS_MAX, /* of a tile: BLOCKS times BLOCK */
	BLOCKS = ROWS / BLOCK,
	CHUNK = 512, /* values of k: both operands (48 KiB) stay in L1 */
};

/* The memory layout of LDTILECFG; registers 0 and 1: dot products, 2 and 3: activations, 4
 * and 5: weights. */
struct tile_config {
	uint8_t palette, start, none[14];
	uint16_t bytes[16];
	uint8_t rows[16];
};

#define CONFIG(group) \
	{ \
		.palette = 1, .bytes = { 64, 64, group, group, 64, 64 }, .rows = { \
			BLOCK, \
			BLOCK, \
			BLOCK, \
			BLOCK, \
			(group) / 4, \
			(group) / 4 \
		} \
	}

static const struct tile_config group_of_32 = CONFIG(32), group_of_16 = CONFIG(16);

/* BLOCK rows of a tile and 16 columns of a panel, from some k on. */
struct operands {
	const uint32_t *a, *b;
	const float *x_scale, *min_correction; /* of the tile */
	const float *scale, *min;              /* of the panel */
	size_t group;
};

typedef int32_t dots[BLOCK][LANES];
typedef float sums[BLOCK][LANES];

/* Tile registers are constants of intrinsics, hence macros. */
#define LOAD(w, n, rows, columns) \
	do { \
		const size_t at_ = (n) * (w)->group / 4; \
		_tile_loadd(rows, (w)->a + at_ / STEP * STEP * ROWS + at_ % STEP, STEP * 4); \
		_tile_loadd(columns, (w)->b + at_ * MATMUL_PANEL, MATMUL_PANEL * 4); \
	} while (0)

#define MULTIPLY(dot, rows, columns) \
	do { \
		_tile_zero(dot); \
		_tile_dpbssd(dot, rows, columns); \
	} while (0)

INLINE AMX void
add_group(const struct operands *w, size_t n, const int32_t (*dot)[LANES], bool has_min,
    __m512 sum[BLOCK])
{
	const size_t in = n * w->group / INT8_GROUP * ROWS;
	const __m512 scale = _mm512_load_ps(w->scale + n * MATMUL_PANEL);

#pragma GCC unroll 16
	for (int i = 0; i < BLOCK; i++)
		sum[i] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_load_si512(dot[i])),
		    _mm512_mul_ps(_mm512_set1_ps(w->x_scale[in + i]), scale), sum[i]);
	if (has_min) {
		const __m512 min = _mm512_load_ps(w->min + n * MATMUL_PANEL);

#pragma GCC unroll 16
		for (int i = 0; i < BLOCK; i++)
			sum[i] = _mm512_fmadd_ps(_mm512_set1_ps(w->min_correction[in + i]), min,
			    sum[i]);
	}
}

INLINE AMX void
add_chunk(const struct operands *w, size_t groups, bool has_min, sums to)
{
	_Alignas(64) dots even, odd;
	__m512 sum[BLOCK];

#pragma GCC unroll 16
	for (int i = 0; i < BLOCK; i++)
		sum[i] = _mm512_load_ps(to[i]);
	LOAD(w, 0, 2, 4);
	for (size_t n = 0; n < groups + 2; n += 2) {
		if (n + 1 < groups)
			LOAD(w, n + 1, 3, 5);
		if (n < groups)
			MULTIPLY(0, 2, 4);
		if (n >= 1 && n - 1 < groups)
			_tile_stored(1, odd, LANES * 4);
		if (n >= 2)
			add_group(w, n - 2, even, has_min, sum);
		if (n + 2 < groups)
			LOAD(w, n + 2, 2, 4);
		if (n + 1 < groups)
			MULTIPLY(1, 3, 5);
		if (n < groups)
			_tile_stored(0, even, LANES * 4);
		if (n >= 1 && n - 1 < groups)
			add_group(w, n - 1, odd, has_min, sum);
	}
#pragma GCC unroll 16
	for (int i = 0; i < BLOCK; i++)
		_mm512_store_ps(to[i], sum[i]);
}

static AMX void
add_chunk_plain(const struct operands *w, size_t groups, sums to)
{
	add_chunk(w, groups, false, to);
}

static AMX void
add_chunk_min(const struct operands *w, size_t groups, sums to)
{
	add_chunk(w, groups, true, to);
}

/* Block `block` of the tile, 16 columns from `column` on, values of k from `k` on. */
static struct operands
operands_at(const struct tile *t, const struct panel *p, size_t k, size_t block, size_t column)
{
	const size_t in = k / INT8_GROUP * ROWS + block * BLOCK;
	const size_t at = k / p->group * MATMUL_PANEL + column;

	return (struct operands){ t->dword + k / 4 * ROWS + block * BLOCK * STEP,
		p->dword + k / 4 * MATMUL_PANEL + column, t->scale + in, t->min_correction + in,
		p->scale + at, p->min == NULL ? NULL : p->min + at, p->group };
}

AMX void
matmul_amx_int8(const struct tile *t, const struct panel *p, size_t dwords, float *c, size_t stride,
    size_t rows, bool is_first)
{
	_Alignas(64) sums sum[MATMUL_PANEL / LANES][BLOCKS];
	const size_t values = 4 * dwords, blocks = (rows + BLOCK - 1) / BLOCK;

	memset(sum, 0, sizeof(sum));
	for (size_t from = 0; from < values; from += CHUNK) {
		const size_t n = values - from < CHUNK ? values - from : CHUNK;

		for (size_t j = 0; j < MATMUL_PANEL / LANES; j++)
			for (size_t i = 0; i < blocks; i++) {
				const struct operands w = operands_at(t, p, from, i, j * LANES);

				(p->min == NULL ? add_chunk_plain : add_chunk_min)(&w, n / p->group,
				    sum[j][i]);
			}
	}
	for (size_t i = 0; i < rows; i++, c += stride)
#pragma GCC unroll 4
		for (size_t j = 0; j < MATMUL_PANEL / LANES; j++) {
			const __m512 x = _mm512_load_ps(sum[j][i / BLOCK][i % BLOCK]);
			float *to = c + j * LANES;

			_mm512_storeu_ps(to, is_first ? x : _mm512_add_ps(_mm512_loadu_ps(to), x));
		}
}

AMX void
matmul_amx_begin_int8(const struct panel *panel)
{
	_tile_loadconfig(panel->group == INT8_GROUP ? &group_of_32 : &group_of_16);
}

#else
typedef int kernel_amx_int8_is_empty;
#endif
