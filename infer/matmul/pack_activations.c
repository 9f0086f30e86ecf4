#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/matmul/quantize.h"
#include "infer/matmul/pack_activations.h"
#include "lib/core/arena.h"

enum { GROUP = 16, CHUNK = 256, PARTS = 4 * CHUNK / FORMAT_PART };

void
tiles_init(struct tiles *t, enum format format, struct product_way way, size_t rows,
    size_t columns)
{
	const size_t most = (rows + way.rows - 1) / way.rows * way.rows;
	const size_t dwords = product_dwords(&way, columns);
	const size_t parts = format == FORMAT_INT8 ? dwords / 8 : 0;

	*t = (struct tiles){ .format = format, .way = way,
		.dword = arena_table(most * dwords * sizeof(*t->dword)),
		.scale = arena_lines(most * parts * sizeof(*t->scale)),
		.less = arena_lines(most * parts * sizeof(*t->less)),
		.whole = arena_lines(most * parts * sizeof(*t->whole)),
		.half = arena_lines(most * parts * 2 * sizeof(*t->half)) };
}

void
tiles_release(struct tiles *t)
{
	free(t->dword);
	free(t->scale);
	free(t->less);
	free(t->whole);
	free(t->half);
	*t = (struct tiles){ 0 };
}

static size_t
slab_len(const struct tiles *t, size_t slab)
{
	return t->dwords - slab < t->way.slab ? t->dwords - slab : t->way.slab;
}

/* Where what a tile has of a slab begins, in dwords. */
static size_t
offset(const struct tiles *t, size_t slab, size_t tile)
{
	return t->way.rows * (slab * tiles_count(t) + tile * slab_len(t, slab));
}

void
tiles_at(const struct tiles *t, size_t slab, size_t tile, struct tile *to)
{
	const size_t at = offset(t, slab, tile);

	to->dword = t->dword + at;
	to->scale = t->scale + at / 8;
	to->less = t->less + at / 8;
	to->whole = t->whole + at / 8;
	to->half = t->half + at / 4;
}

/* A chunk of a row; INT8: scales and sums of parts too. */
struct chunk {
	uint32_t dword[CHUNK];
	float scale[PARTS];
	int32_t sum[2 * PARTS];
};

static void
round_chunk(const struct tiles *t, const float *x, size_t n, struct chunk *to)
{
	uint32_t narrow[CHUNK];

	switch (t->format) {
	case FORMAT_F32:
		memcpy(to->dword, x, n * sizeof(*x));
		break;
	case FORMAT_BF16:
	case FORMAT_AMX:
		pack_round_bf16(x, n, product_is_wide(&t->way, t->format) ? narrow : to->dword);
		if (product_is_wide(&t->way, t->format))
			pack_widen_bf16(narrow, (n + 1) / 2, to->dword);
		break;
	default:
		pack_round_int8(t->way.round, x, n, (int8_t *)to->dword, to->scale, to->sum);
	}
}

/* What the bytes of a row's parts bring, from the first of them in the tile on. */
static void
put_parts(const struct tiles *t, const struct chunk *c, size_t first, size_t parts,
    size_t row)
{
	const size_t rows = t->way.rows;

	for (size_t k = 0; k < parts; k++) {
		const int32_t *half = c->sum + 2 * k, whole = half[0] + half[1];
		const size_t to = first + k * rows + row;

		t->scale[to] = c->scale[k];
		t->less[to] = -(c->scale[k] * (float)whole);
		t->whole[to] = -128 * whole;
		t->half[2 * (first + k * rows) + row] = -128 * half[0];
		t->half[2 * (first + k * rows) + rows + row] = -128 * half[1];
	}
}

/* One row of a tile, or none: all 0. */
static void
pack_row(const struct tiles *t, const float *x, size_t tile, size_t row)
{
	const size_t rows = t->way.rows, step = t->way.step;
	const size_t numbers = t->way.numbers;
	struct chunk c = { 0 };

	for (size_t at = 0; at < t->dwords; at += CHUNK) {
		const size_t slab = at / t->way.slab * t->way.slab;
		const size_t n = t->dwords - at < CHUNK ? t->dwords - at : CHUNK;
		const size_t from = at * numbers, left = t->columns - from;
		const size_t first = offset(t, slab, tile) + (at - slab) * rows;
		uint32_t *to = t->dword + first + row * step;

		if (left < n * numbers)
			c = (struct chunk){ 0 };
		if (x != NULL)
			round_chunk(t, x + from, left < n * numbers ? left
			    : n * numbers, &c);
		for (size_t k = 0; k < n; k += step)
			for (size_t i = 0; i < step; i++)
				to[k * rows + i] = c.dword[k + i];
		if (t->format == FORMAT_INT8)
			put_parts(t, &c, first / 8, n / 8, row);
	}
}

/* One slab of a tile, in groups of rows. */
static void
pack_slab(const struct tiles *t, const float *x, size_t stride, size_t tile, size_t slab)
{
	const size_t rows = t->way.rows, group = t->way.group, from = slab * t->way.numbers;
	const size_t numbers = slab_len(t, slab) * t->way.numbers, left = t->columns - from;

	for (size_t first = 0; first < rows; first += group) {
		const float *row[GROUP];

		for (size_t i = 0; i < GROUP; i++) {
			const size_t number = tile * rows + first + i;

			row[i] = number < t->rows ? x + number * stride + from : NULL;
		}
		t->way.pack(row, left < numbers ? left : numbers, t->dword
		    + offset(t, slab, tile) + first * t->way.step, rows * t->way.step);
	}
}

void
tiles_pack(const struct tiles *t, const float *x, size_t stride, size_t tile)
{
	if (t->way.pack != NULL) {
		for (size_t slab = 0; slab < t->dwords; slab += t->way.slab)
			pack_slab(t, x, stride, tile, slab);
		return;
	}
	for (size_t i = 0; i < t->way.rows; i++) {
		const size_t row = tile * t->way.rows + i;

		pack_row(t, row < t->rows ? x + row * stride : NULL, tile, i);
	}
}

void
tiles_carry(const struct tiles *t, size_t tile, size_t column, const float *sums)
{
	const size_t dword = column / t->way.numbers, slab = dword / t->way.slab * t->way.slab;
	const size_t left = t->dwords * t->way.numbers - column;

	t->way.carry(sums, left < PRODUCT_PANEL ? left : PRODUCT_PANEL, t->dword
	    + offset(t, slab, tile) + (dword - slab) * t->way.rows, t->way.rows * t->way.step);
}
