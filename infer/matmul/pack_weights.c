#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/matmul/pack_weights.h"
#include "infer/matmul/quantize.h"
#include "lib/core/arena.h"

/* ROWS are unpacked together, CHUNK dwords of each: 16 KiB, which stay in the L1 cache. */
enum {
	LINE = 64,
	ROWS = 16,
	CHUNK = 256,
	VALUES = 4 * CHUNK,
	GROUPS = VALUES / INT8_GROUP,
	SMALL_GROUPS = VALUES / 16
};

_Static_assert(MATMUL_SLAB / 4 % CHUNK == 0, "slabs are whole chunks");

/* MATMUL_SLAB dwords of MATMUL_PANEL rows; INT8: scales for each 16 values. */
struct panel_scratch {
	_Alignas(LINE) uint32_t dword[MATMUL_SLAB * MATMUL_PANEL];
	_Alignas(LINE) float scale[MATMUL_SLAB / 4 * MATMUL_PANEL];
	_Alignas(LINE) float min[MATMUL_SLAB / 4 * MATMUL_PANEL];
};

struct pack_scratch {
	struct panel_scratch panel[MATMUL_TASK_PANELS];
	/* a chunk of ROWS rows, before they become columns */
	_Alignas(LINE) uint32_t row[ROWS][CHUNK];
	_Alignas(LINE) float row_scale[ROWS][SMALL_GROUPS], row_min[ROWS][SMALL_GROUPS];
	_Alignas(LINE) float decoded[VALUES];
	_Alignas(LINE) uint32_t narrow[CHUNK];
	_Alignas(LINE) int8_t quant[VALUES];
};

size_t
pack_scratch_bytes(void)
{
	return sizeof(struct pack_scratch);
}

struct pack_scratch *
pack_scratch_new(void)
{
	return arena_malloc_aligned(sizeof(struct pack_scratch));
}

void
pack_scratch_free(struct pack_scratch *s)
{
	free(s);
}

/* A chunk: dwords of a panel from `at` on, which are the values from `from` on of ROWS rows
 * from `row` on. */
struct weight_chunk {
	const struct weight *w;
	enum compute_type compute;
	struct matmul_kernel kernel;
	size_t row, from, at, dwords;
	size_t n; /* values, without padding */
};

/* The values at a place as bfloat16, padded: in row i of the scratch, or where they are. */
static const uint32_t *
unpack_bf16(struct pack_scratch *s, const struct weight_chunk *c, const unsigned char *at, size_t i)
{
	const struct dtype *t = c->w->type;
	const bool is_wide = matmul_expands_bf16(&c->kernel, c->compute);
	const uint32_t *narrow = (const uint32_t *)(const void *)at;

	if (c->n % c->kernel.k_multiple != 0)
		memset(s->row[i], 0, sizeof(s->row[i]));
	if (!t->is_plain || t->compute != COMPUTE_BF16 || c->n % c->kernel.k_multiple != 0
	    || (uintptr_t)at % sizeof(uint32_t) != 0) {
		t->decode(at, c->n / t->block_elems, s->decoded);
		quantize_bf16(s->decoded, c->n, is_wide ? s->narrow : s->row[i]);
		narrow = is_wide ? s->narrow : s->row[i];
	}
	if (!is_wide)
		return narrow;
	quantize_expand_bf16(narrow, (c->n + 1) / 2, s->row[i]);
	return s->row[i];
}

/* Row i of a chunk as dwords: in row i of the scratch, or where they are. */
static const uint32_t *
unpack_row(struct pack_scratch *s, const struct weight_chunk *c, size_t i)
{
	const struct dtype *t = c->w->type;
	const unsigned char *at = weight_at(c->w, c->row + i, c->from);
	uint32_t *to = s->row[i];
	int32_t sum[2 * GROUPS];

	if (c->compute == COMPUTE_BF16 || c->compute == COMPUTE_AMX)
		return unpack_bf16(s, c, at, i);
	if (c->compute == COMPUTE_F32 && t->is_plain && t->compute == COMPUTE_F32
	    && (uintptr_t)at % sizeof(uint32_t) == 0)
		return (const uint32_t *)(const void *)at;
	if (c->compute == COMPUTE_F32) {
		t->decode(at, c->n / t->block_elems, (float *)(void *)to);
	} else if (t->quants != NULL) {
		t->quants(at, c->n / t->block_elems, (int8_t *)to, s->row_scale[i], s->row_min[i]);
	} else {
		t->decode(at, c->n / t->block_elems, s->decoded);
		quantize_int8(c->kernel.quantize, s->decoded, c->n, (int8_t *)to, s->row_scale[i],
		    sum);
	}
	return to;
}

/* Scales or minima of ROWS rows to columns; row NULL: zeros. */
static void
transpose_scales(matmul_transpose_fn *transpose, const float (*from)[SMALL_GROUPS],
    const uint32_t *const row[ROWS], size_t groups, float *to)
{
	static const uint32_t zeros[SMALL_GROUPS];
	const uint32_t *scales[ROWS];

	for (size_t i = 0; i < ROWS; i++)
		scales[i] = row[i] == NULL ? zeros : (const uint32_t *)(const void *)from[i];
	transpose(scales, groups, 0, (uint32_t *)(void *)to);
}

/* The same values a few rows further on. */
static struct prefetch
next_of(const struct weight_chunk *c, const unsigned char *at, size_t row)
{
	enum { AHEAD = 4 };
	const struct dtype *t = c->w->type;

	return (struct prefetch){ row + AHEAD < c->w->rows ? weight_at(c->w, row + AHEAD, c->from)
							   : at,
		MATMUL_AMX_K * t->block_bytes / t->block_elems };
}

static void
pack_quants(struct pack_scratch *s, const struct weight_chunk *c, const unsigned char *at,
    struct prefetch next, uint32_t *to)
{
	const struct dtype *t = c->w->type;
	struct quants q = { s->quant, MATMUL_AMX_K, s->row_scale[0],
		t->has_min ? s->row_min[0] : NULL, t->group };

	if (t->is_q8_layout)
		q = (struct quants){ (const int8_t *)at + sizeof(uint16_t), t->block_bytes,
			.group = t->group };
	else
		t->quants(at, c->n / t->block_elems, s->quant, s->row_scale[0], s->row_min[0]);
	c->kernel.pack_quants(&q, c->n, next, to);
}

/* Packs ROWS rows of a panel of rows. */
static void
pack_rows(struct pack_scratch *s, const struct weight_chunk *c, uint32_t *to)
{
	static const uint32_t zeros[CHUNK];
	const struct prefetch none = { (const unsigned char *)zeros, 0 };

	for (size_t row = c->row; row < c->row + ROWS; row++, to += c->kernel.step) {
		const unsigned char *at;
		struct prefetch next;

		if (row >= c->w->rows) {
			c->kernel.pack_row(zeros, c->dwords, none, to);
			continue;
		}
		at = weight_at(c->w, row, c->from);
		next = next_of(c, at, row);
		if (c->w->type->quants == NULL)
			c->kernel.pack_row(unpack_bf16(s, c, at, 0), c->dwords, next, to);
		else
			pack_quants(s, c, at, next, to);
	}
}

/* Prefetches the same values of the next ROWS rows, one row at a time. */
static void
prefetch_row(const struct weight_chunk *c, size_t i)
{
	const struct dtype *t = c->w->type;
	const size_t row = c->row + ROWS + i;
	const unsigned char *at;

	if (row >= c->w->rows)
		return;
	at = weight_at(c->w, row, c->from);
	for (size_t n = 0; n < c->n / t->block_elems * t->block_bytes; n += LINE)
		__builtin_prefetch(at + n);
}

/* Packs ROWS rows as columns of a panel, from `column` on. */
static void
pack_columns(struct pack_scratch *s, const struct weight_chunk *c, const struct panel *p,
    struct panel_scratch *to, size_t column)
{
	static const uint32_t zeros[CHUNK];
	const size_t groups = c->dwords * c->kernel.per_dword / p->group;
	const uint32_t *row[ROWS], *there[ROWS];
	size_t at;

	for (size_t i = 0; i < ROWS; i++) {
		prefetch_row(c, i);
		there[i] = c->row + i < c->w->rows ? unpack_row(s, c, i) : NULL;
		row[i] = there[i] != NULL ? there[i] : zeros;
	}
	c->kernel.transpose(row, c->dwords,
	    c->kernel.is_offset_128 && p->min == NULL ? 0x80808080 : 0,
	    to->dword + c->at * MATMUL_PANEL + column);
	if (c->compute != COMPUTE_INT8)
		return;
	at = c->at / (p->group / 4) * MATMUL_PANEL + column;
	transpose_scales(c->kernel.transpose, s->row_scale, there, groups, to->scale + at);
	if (p->min != NULL)
		transpose_scales(c->kernel.transpose, s->row_min, there, groups, to->min + at);
}

struct panel
pack_panel(struct pack_scratch *s, size_t number, const struct weight *w, enum compute_type compute,
    struct matmul_kernel kernel, size_t first, size_t slab, size_t dwords)
{
	struct panel_scratch *to = &s->panel[number];
	const struct dtype *t = w->type;
	const bool has_quants = t->quants != NULL;
	const struct panel p = { .dword = to->dword,
		.width = MATMUL_PANEL,
		.scale = to->scale,
		.min = has_quants && t->has_min ? to->min : NULL,
		.group = has_quants ? t->group : INT8_GROUP };
	struct weight_chunk c = { .w = w, .compute = compute, .kernel = kernel };

	for (size_t row = 0; row < MATMUL_PANEL; row += ROWS)
		for (c.at = 0; c.at < dwords; c.at += CHUNK) {
			c.row = first + row;
			c.from = (slab + c.at) * kernel.per_dword;
			c.dwords = dwords - c.at < CHUNK ? dwords - c.at : CHUNK;
			c.n = w->columns - c.from < c.dwords * kernel.per_dword
			    ? w->columns - c.from
			    : c.dwords * kernel.per_dword;
			if (kernel.pack_row != NULL)
				pack_rows(s, &c, to->dword + c.at * ROWS + row * kernel.slab);
			else
				pack_columns(s, &c, &p, to, row);
		}
	return p;
}
