#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/matmul/pack_weights.h"
#include "infer/matmul/quantize.h"
#include "lib/core/arena.h"

enum { LINE = 64, GROUP = 16, CHUNK = 256, NUMBERS = 4 * CHUNK,
	PARTS = NUMBERS / FORMAT_PART, SMALL_PARTS = NUMBERS / 16 };

_Static_assert(PRODUCT_SLAB / 4 % CHUNK == 0, "slabs are whole chunks");

/* PRODUCT_SLAB dwords of PRODUCT_PANEL rows; INT8 scales for each 16 numbers. */
struct panel_room {
	_Alignas(LINE) uint32_t dword[PRODUCT_SLAB * PRODUCT_PANEL];
	_Alignas(LINE) float scale[PRODUCT_SLAB / 4 * PRODUCT_PANEL];
	_Alignas(LINE) float min[PRODUCT_SLAB / 4 * PRODUCT_PANEL];
};

struct pack_room {
	struct panel_room panel[PRODUCT_PANELS];
	/* one chunk of GROUP rows, before they become columns */
	_Alignas(LINE) uint32_t row[GROUP][CHUNK];
	_Alignas(LINE) float row_scale[GROUP][SMALL_PARTS], row_min[GROUP][SMALL_PARTS];
	_Alignas(LINE) float decoded[NUMBERS];
	_Alignas(LINE) uint32_t narrow[CHUNK];
	_Alignas(LINE) int8_t code[NUMBERS];
};

size_t
pack_room_bytes(void)
{
	return sizeof(struct pack_room);
}

struct pack_room *
pack_room_new(void)
{
	return arena_lines(sizeof(struct pack_room));
}

void
pack_room_free(struct pack_room *r)
{
	free(r);
}

/* What is unpacked at once: dwords from the dword `at` of a panel on, which are the
 * numbers from `from` on of GROUP rows from `row` on. */
struct cut {
	const struct weight *w;
	enum format format;
	struct product_way way;
	size_t row, from, at, dwords;
	size_t n;			/* numbers that there are */
};

/* Numbers of BF16, of what stands at a place, in row i of the room, filled up with 0, or
 * where they stand. */
static const uint32_t *
unpack_bf16(struct pack_room *r, const struct cut *c, const unsigned char *at, size_t i)
{
	const struct tensor_type *t = c->w->type;
	const bool wide = product_is_wide(&c->way, c->format);
	const uint32_t *narrow = (const uint32_t *)(const void *)at;

	if (c->n % c->way.whole != 0)
		memset(r->row[i], 0, sizeof(r->row[i]));
	if (!t->is_plain || t->natural != FORMAT_BF16
	    || c->n % c->way.whole != 0 || (uintptr_t)at % sizeof(uint32_t) != 0) {
		t->decode(at, c->n / t->numbers, r->decoded);
		pack_round_bf16(r->decoded, c->n, wide ? r->narrow : r->row[i]);
		narrow = wide ? r->narrow : r->row[i];
	}
	if (!wide)
		return narrow;
	pack_widen_bf16(narrow, (c->n + 1) / 2, r->row[i]);
	return r->row[i];
}

/* Numbers of row i of a cut as dwords: in that row of the room, or where they stand. */
static const uint32_t *
unpack_row(struct pack_room *r, const struct cut *c, size_t i)
{
	const struct tensor_type *t = c->w->type;
	const unsigned char *at = weight_at(c->w, c->row + i, c->from);
	uint32_t *room = r->row[i];
	int32_t sum[2 * PARTS];

	if (c->format == FORMAT_BF16 || c->format == FORMAT_AMX)
		return unpack_bf16(r, c, at, i);
	if (c->format == FORMAT_F32 && t->is_plain && t->natural == FORMAT_F32
	    && (uintptr_t)at % sizeof(uint32_t) == 0)
		return (const uint32_t *)(const void *)at;
	if (c->format == FORMAT_F32) {
		t->decode(at, c->n / t->numbers, (float *)(void *)room);
	} else if (t->codes != NULL) {
		t->codes(at, c->n / t->numbers, (int8_t *)room, r->row_scale[i],
		    r->row_min[i]);
	} else {
		t->decode(at, c->n / t->numbers, r->decoded);
		pack_round_int8(c->way.round, r->decoded, c->n, (int8_t *)room,
		    r->row_scale[i], sum);
	}
	return room;
}

/* Scales or minima of GROUP rows, NULL where there is no row. */
static void
turn_parts(product_turn_fn *turn, const float (*from)[SMALL_PARTS],
    const uint32_t *const row[GROUP], size_t parts, float *to)
{
	static const uint32_t nothing[SMALL_PARTS];
	const uint32_t *part[GROUP];

	for (size_t i = 0; i < GROUP; i++)
		part[i] = row[i] == NULL ? nothing : (const uint32_t *)(const void *)from[i];
	turn(part, parts, 0, (uint32_t *)(void *)to);
}

/* A few rows further on, the same numbers. */
static struct ahead
ahead_of(const struct cut *c, const unsigned char *at, size_t row)
{
	enum { ROWS = 4 };
	const struct tensor_type *t = c->w->type;

	return (struct ahead){ row + ROWS < c->w->rows ? weight_at(c->w, row + ROWS, c->from) : at,
		PRODUCT_GROUP * t->bytes / t->numbers };
}

static void
lay_codes(struct pack_room *r, const struct cut *c, const unsigned char *at,
    struct ahead ahead, uint32_t *to)
{
	const struct tensor_type *t = c->w->type;
	struct codes codes = { r->code, PRODUCT_GROUP, r->row_scale[0],
		t->has_min ? r->row_min[0] : NULL, t->part };

	if (t->is_as_it_is)
		codes = (struct codes){ (const int8_t *)at + sizeof(uint16_t), t->bytes,
			.part = t->part };
	else
		t->codes(at, c->n / t->numbers, r->code, r->row_scale[0], r->row_min[0]);
	c->way.codes(&codes, c->n, ahead, to);
}

/* For a panel of rows. */
static void
lay_rows(struct pack_room *r, const struct cut *c, uint32_t *to)
{
	static const uint32_t nothing[CHUNK];

	for (size_t row = c->row; row < c->row + GROUP; row++, to += c->way.step) {
		const unsigned char *at;
		struct ahead ahead;

		if (row >= c->w->rows) {
			c->way.lay(nothing, c->dwords, (struct ahead){ (const void *)nothing, 0 },
			    to);
			continue;
		}
		at = weight_at(c->w, row, c->from);
		ahead = ahead_of(c, at, row);
		if (c->w->type->codes == NULL)
			c->way.lay(unpack_bf16(r, c, at, 0), c->dwords, ahead, to);
		else
			lay_codes(r, c, at, ahead, to);
	}
}

/* Asks for what comes next, the same numbers of the GROUP rows behind these, one row at a
 * time. */
static void
ask_ahead(const struct cut *c, size_t i)
{
	const struct tensor_type *t = c->w->type;
	const size_t row = c->row + GROUP + i;
	const unsigned char *at;

	if (row >= c->w->rows)
		return;
	at = weight_at(c->w, row, c->from);
	for (size_t n = 0; n < c->n / t->numbers * t->bytes; n += LINE)
		__builtin_prefetch(at + n);
}

/* For a panel of columns, `group` being the first of GROUP. */
static void
turn_rows(struct pack_room *r, const struct cut *c, const struct panel *p,
    struct panel_room *to, size_t group)
{
	static const uint32_t nothing[CHUNK];
	const size_t parts = c->dwords * c->way.numbers / p->part;
	const uint32_t *row[GROUP], *there[GROUP];
	size_t at;

	for (size_t i = 0; i < GROUP; i++) {
		ask_ahead(c, i);
		there[i] = c->row + i < c->w->rows ? unpack_row(r, c, i) : NULL;
		row[i] = there[i] != NULL ? there[i] : nothing;
	}
	c->way.turn(row, c->dwords, c->way.is_higher && p->min == NULL ? 0x80808080 : 0,
	    to->dword + c->at * PRODUCT_PANEL + group);
	if (c->format != FORMAT_INT8)
		return;
	at = c->at / (p->part / 4) * PRODUCT_PANEL + group;
	turn_parts(c->way.turn, r->row_scale, there, parts, to->scale + at);
	if (p->min != NULL)
		turn_parts(c->way.turn, r->row_min, there, parts, to->min + at);
}

struct panel
pack_panel(struct pack_room *r, size_t number, const struct weight *w,
    enum format format, struct product_way way, size_t first, size_t slab, size_t dwords)
{
	struct panel_room *to = &r->panel[number];
	const struct tensor_type *t = w->type;
	const bool has_codes = t->codes != NULL;
	const struct panel p = { .dword = to->dword, .width = PRODUCT_PANEL,
		.scale = to->scale, .min = has_codes && t->has_min ? to->min : NULL,
		.part = has_codes ? t->part : FORMAT_PART };
	struct cut c = { .w = w, .format = format, .way = way };

	for (size_t group = 0; group < PRODUCT_PANEL; group += GROUP)
		for (c.at = 0; c.at < dwords; c.at += CHUNK) {
			c.row = first + group;
			c.from = (slab + c.at) * way.numbers;
			c.dwords = dwords - c.at < CHUNK ? dwords - c.at : CHUNK;
			c.n = w->columns - c.from < c.dwords * way.numbers
			    ? w->columns - c.from : c.dwords * way.numbers;
			if (way.lay != NULL)
				lay_rows(r, &c, to->dword + c.at * GROUP + group * way.slab);
			else
				turn_rows(r, &c, &p, to, group);
		}
	return p;
}
