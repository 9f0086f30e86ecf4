#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/matmul/pack_activations.h"
#include "infer/matmul/quantize.h"
#include "lib/core/arena.h"

/* CHUNK: dwords of a row that are converted at once, a few KiB. */
enum { ROWS = 16, CHUNK = 256, GROUPS = 4 * CHUNK / INT8_GROUP, GROUP_DWORDS = INT8_GROUP / 4 };

void
tiles_init(struct tiles *t, enum compute_type compute, struct matmul_kernel kernel, size_t rows,
    size_t columns)
{
	const size_t padded = (rows + kernel.rows - 1) / kernel.rows * kernel.rows;
	const size_t dwords = matmul_row_dwords(&kernel, columns);
	const size_t groups = compute == COMPUTE_INT8 ? dwords / GROUP_DWORDS : 0;

	*t = (struct tiles){ .compute = compute,
		.kernel = kernel,
		.dword = arena_malloc_huge(padded * dwords * sizeof(*t->dword)),
		.scale = arena_malloc_aligned(padded * groups * sizeof(*t->scale)),
		.min_correction = arena_malloc_aligned(padded * groups
		    * sizeof(*t->min_correction)),
		.row_sum32 = arena_malloc_aligned(padded * groups * sizeof(*t->row_sum32)),
		.row_sum16 = arena_malloc_aligned(padded * groups * 2 * sizeof(*t->row_sum16)) };
}

void
tiles_release(struct tiles *t)
{
	free(t->dword);
	free(t->scale);
	free(t->min_correction);
	free(t->row_sum32);
	free(t->row_sum16);
	*t = (struct tiles){ 0 };
}

static size_t
slab_len(const struct tiles *t, size_t slab)
{
	return t->dwords - slab < t->kernel.slab ? t->dwords - slab : t->kernel.slab;
}

/* Dwords before a tile's part of a slab. */
static size_t
offset(const struct tiles *t, size_t slab, size_t tile)
{
	return t->kernel.rows * (slab * tiles_count(t) + tile * slab_len(t, slab));
}

void
tiles_at(const struct tiles *t, size_t slab, size_t tile, struct tile *to)
{
	const size_t at = offset(t, slab, tile), group = at / GROUP_DWORDS;

	/* field by field: copying a struct stored in pieces stalls on store forwarding */
	to->dword = t->dword + at;
	to->scale = t->scale + group;
	to->min_correction = t->min_correction + group;
	to->row_sum32 = t->row_sum32 + group;
	to->row_sum16 = t->row_sum16 + 2 * group;
}

/* A piece of a row; INT8: with the scale of each group and the sums of its halves. */
struct chunk {
	uint32_t dword[CHUNK];
	float scale[GROUPS];
	int32_t sum[2 * GROUPS];
};

static void
convert_chunk(const struct tiles *t, const float *x, size_t n, struct chunk *to)
{
	const bool is_wide = matmul_expands_bf16(&t->kernel, t->compute);
	uint32_t narrow[CHUNK];

	switch (t->compute) {
	case COMPUTE_F32:
		memcpy(to->dword, x, n * sizeof(*x));
		break;
	case COMPUTE_BF16:
	case COMPUTE_AMX:
		quantize_bf16(x, n, is_wide ? narrow : to->dword);
		if (is_wide)
			quantize_expand_bf16(narrow, (n + 1) / 2, to->dword);
		break;
	default:
		quantize_int8(t->kernel.quantize, x, n, (int8_t *)to->dword, to->scale, to->sum);
	}
}

/* Scales and corrections of `groups` groups of a row; first: the tile's first one. */
static void
put_groups(const struct tiles *t, const struct chunk *c, size_t first, size_t groups, size_t row)
{
	const size_t rows = t->kernel.rows;

	for (size_t k = 0; k < groups; k++) {
		const int32_t *half = c->sum + 2 * k, sum = half[0] + half[1];
		const size_t to = first + k * rows + row;

		t->scale[to] = c->scale[k];
		t->min_correction[to] = -(c->scale[k] * (float)sum);
		t->row_sum32[to] = -128 * sum;
		t->row_sum16[2 * (first + k * rows) + row] = -128 * half[0];
		t->row_sum16[2 * (first + k * rows) + rows + row] = -128 * half[1];
	}
}

/* One row of a tile; x NULL: zeros. */
static void
pack_row(const struct tiles *t, const float *x, size_t tile, size_t row)
{
	const size_t rows = t->kernel.rows, step = t->kernel.step;
	const size_t per_dword = t->kernel.per_dword;
	struct chunk c = { 0 };

	for (size_t at = 0; at < t->dwords; at += CHUNK) {
		const size_t slab = at / t->kernel.slab * t->kernel.slab;
		const size_t n = t->dwords - at < CHUNK ? t->dwords - at : CHUNK;
		const size_t from = at * per_dword, left = t->columns - from;
		const size_t first = offset(t, slab, tile) + (at - slab) * rows;
		uint32_t *to = t->dword + first + row * step;

		if (left < n * per_dword)
			c = (struct chunk){ 0 };
		if (x != NULL)
			convert_chunk(t, x + from, left < n * per_dword ? left : n * per_dword, &c);
		for (size_t k = 0; k < n; k += step)
			for (size_t i = 0; i < step; i++)
				to[k * rows + i] = c.dword[k + i];
		if (t->compute == COMPUTE_INT8)
			put_groups(t, &c, first / GROUP_DWORDS, n / GROUP_DWORDS, row);
	}
}

/* One slab of a tile, by groups of rows. */
static void
pack_slab(const struct tiles *t, const float *x, size_t stride, size_t tile, size_t slab)
{
	const size_t rows = t->kernel.rows, group = t->kernel.group_rows;
	const size_t from = slab * t->kernel.per_dword;
	const size_t values = slab_len(t, slab) * t->kernel.per_dword, left = t->columns - from;

	for (size_t first = 0; first < rows; first += group) {
		const float *row[ROWS];

		for (size_t i = 0; i < ROWS; i++) {
			const size_t number = tile * rows + first + i;

			row[i] = number < t->rows ? x + number * stride + from : NULL;
		}
		t->kernel.pack_group(row, left < values ? left : values,
		    t->dword + offset(t, slab, tile) + first * t->kernel.step,
		    rows * t->kernel.step);
	}
}

void
tiles_pack(const struct tiles *t, const float *x, size_t stride, size_t tile)
{
	if (t->kernel.pack_group != NULL) {
		for (size_t slab = 0; slab < t->dwords; slab += t->kernel.slab)
			pack_slab(t, x, stride, tile, slab);
		return;
	}
	for (size_t i = 0; i < t->kernel.rows; i++) {
		const size_t row = tile * t->kernel.rows + i;

		pack_row(t, row < t->rows ? x + row * stride : NULL, tile, i);
	}
}

void
tiles_store_packed(const struct tiles *t, size_t tile, size_t column, const float *sums)
{
	const size_t dword = column / t->kernel.per_dword;
	const size_t slab = dword / t->kernel.slab * t->kernel.slab;
	const size_t left = t->dwords * t->kernel.per_dword - column;

	t->kernel.store_packed(sums, left < MATMUL_PANEL ? left : MATMUL_PANEL,
	    t->dword + offset(t, slab, tile) + (dword - slab) * t->kernel.rows,
	    t->kernel.rows * t->kernel.step);
}
