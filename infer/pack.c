#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/pack.h"
#include "infer/pack_round.h"
#include "lib/arena.h"

enum { LINE = 64, GROUP = 16, CHUNK = 256 };

/* PACK_SLAB dwords of PRODUCT_PANEL rows; INT8 scales for each 16 numbers. */
struct pack_room {
	_Alignas(LINE) uint32_t panel[PACK_SLAB * PRODUCT_PANEL];
	_Alignas(LINE) float scale[PACK_SLAB / 4 * PRODUCT_PANEL];
	_Alignas(LINE) float min[PACK_SLAB / 4 * PRODUCT_PANEL];
	_Alignas(LINE) uint32_t row[GROUP][CHUNK];
	_Alignas(LINE) float decoded[CHUNK];
	float part_scale[CHUNK / 16], part_min[CHUNK / 16];
};

static void *
lines(size_t bytes)
{
	void *p = aligned_alloc(LINE, (bytes + LINE) / LINE * LINE);

	if (p == NULL)
		arena_exhausted();
	return p;
}

void
tiles_init(struct tiles *t, enum format format, size_t rows, size_t columns)
{
	const size_t most = tiles_of(rows) * PRODUCT_TILE;
	const size_t dwords = format_dwords(format, columns);
	const size_t parts = format == FORMAT_INT8 ? dwords / 8 : 0;

	*t = (struct tiles){ .format = format,
		.dword = lines(most * dwords * sizeof(*t->dword)),
		.scale = lines(most * parts * sizeof(*t->scale)),
		.sum = lines(most * parts * 2 * sizeof(*t->sum)) };
}

void
tiles_release(struct tiles *t)
{
	free(t->dword);
	free(t->scale);
	free(t->sum);
	*t = (struct tiles){ 0 };
}

static size_t
slab_len(const struct tiles *t, size_t slab)
{
	return t->dwords - slab < PACK_SLAB ? t->dwords - slab : PACK_SLAB;
}

/* Tile of dwords from the beginning on: where it stands, in dwords. */
static size_t
offset(const struct tiles *t, size_t slab, size_t tile)
{
	return PRODUCT_TILE * (slab * tiles_of(t->rows) + tile * slab_len(t, slab));
}

struct tile
tiles_at(const struct tiles *t, size_t slab, size_t tile)
{
	const size_t at = offset(t, slab, tile);

	return (struct tile){ t->dword + at, t->scale + at / 8, t->sum + at / 4 };
}

/* Numbers [from, ...) of a row as the dwords of one chunk. */
static void
pack_chunk(const struct tiles *t, const float *x, size_t n, uint32_t *row,
    float *scale, int32_t *sum)
{
	switch (t->format) {
	case FORMAT_F32:
		memcpy(row, x, n * sizeof(*x));
		break;
	case FORMAT_BF16:
		pack_round_bf16(x, n, row);
		break;
	default:
		pack_round_int8(x, n, (int8_t *)row, scale, sum);
	}
}

/* One row of a tile, or none: all 0. */
static void
pack_row(const struct tiles *t, const float *x, size_t tile, size_t i)
{
	const size_t step = CHUNK / format_numbers(t->format);
	uint32_t row[CHUNK] = { 0 };
	float scale[CHUNK / FORMAT_PART] = { 0 };
	int32_t sum[CHUNK / FORMAT_PART * 2] = { 0 };

	for (size_t at = 0; at < t->dwords; at += step) {
		const size_t slab = at / PACK_SLAB * PACK_SLAB, in = at - slab;
		const size_t n = t->dwords - at < step ? t->dwords - at : step;
		const size_t from = at * format_numbers(t->format);
		const size_t to = offset(t, slab, tile);

		if (x != NULL)
			pack_chunk(t, x + from, t->columns - from < CHUNK
			    ? t->columns - from : CHUNK, row, scale, sum);
		for (size_t k = 0; k < n; k++)
			t->dword[to + (in + k) * PRODUCT_TILE + i] = row[k];
		if (t->format != FORMAT_INT8)
			continue;
		for (size_t k = 0; k < n / 8; k++)
			t->scale[to / 8 + (in / 8 + k) * PRODUCT_TILE + i] = scale[k];
		for (size_t k = 0; k < n / 4; k++)
			t->sum[to / 4 + (in / 4 + k) * PRODUCT_TILE + i] = sum[k];
	}
}

void
tiles_pack(const struct tiles *t, const float *x, size_t stride, size_t tile)
{
	for (size_t i = 0; i < PRODUCT_TILE; i++) {
		const size_t row = tile * PRODUCT_TILE + i;

		pack_row(t, row < t->rows ? x + row * stride : NULL, tile, i);
	}
}

size_t
pack_room_bytes(void)
{
	return sizeof(struct pack_room);
}

struct pack_room *
pack_room_new(void)
{
	return memset(lines(sizeof(struct pack_room)), 0, sizeof(struct pack_room));
}

void
pack_room_free(struct pack_room *r)
{
	free(r);
}

/* Numbers without codes, rounded like activations but as unsigned bytes. */
static void
round_codes(const float *x, size_t n, uint8_t *code, float *scale)
{
	int32_t sum[CHUNK / FORMAT_PART * 2];

	pack_round_int8(x, n, (int8_t *)code, scale, sum);
	for (size_t i = 0; i < format_dwords(FORMAT_INT8, n) * 4; i++)
		code[i] ^= 0x80;
}

/* Numbers [from, from + n) of a row as dwords: in the room, or where they stand. */
static const uint32_t *
unpack_row(struct pack_room *r, const struct weight *w, enum format format,
    size_t row, size_t from, size_t n, uint32_t *room)
{
	const struct tensor_type *t = w->type;
	const unsigned char *at = weight_at(w, row, from);

	if (format == FORMAT_INT8 && t->codes != NULL) {
		t->codes(at, n / t->numbers, (uint8_t *)room, r->part_scale, r->part_min);
		return room;
	}
	if (t->is_plain && t->natural == format && n % format_numbers(format) == 0
	    && (uintptr_t)at % sizeof(uint32_t) == 0)
		return (const uint32_t *)(const void *)at;
	t->decode(at, n / t->numbers, format == FORMAT_F32 ? (float *)(void *)room
	    : r->decoded);
	if (format == FORMAT_BF16)
		pack_round_bf16(r->decoded, n, room);
	else if (format == FORMAT_INT8)
		round_codes(r->decoded, n, (uint8_t *)room, r->part_scale);
	return room;
}

static void
put_scales(struct pack_room *r, const struct panel *p, size_t part, size_t parts,
    size_t row)
{
	for (size_t i = 0; i < parts; i++) {
		r->scale[(part + i) * PRODUCT_PANEL + row] = r->part_scale[i];
		if (p->min != NULL)
			r->min[(part + i) * PRODUCT_PANEL + row] = r->part_min[i];
	}
}

/* One chunk of GROUP rows, from the dword `at` of the panel on. */
static void
pack_group(struct pack_room *r, const struct panel *p, const struct weight *w,
    enum format format, size_t first, size_t from, size_t at, size_t dwords,
    size_t group, product_turn_fn *turn)
{
	static const uint32_t nothing[CHUNK];
	const size_t numbers = dwords * format_numbers(format);
	const size_t n = w->columns - from < numbers ? w->columns - from : numbers;
	const size_t parts = format == FORMAT_INT8 ? numbers / p->part : 0;
	const uint32_t *row[GROUP];

	for (size_t i = 0; i < GROUP; i++) {
		const size_t number = first + group + i;

		if (number < w->rows) {
			row[i] = unpack_row(r, w, format, number, from, n, r->row[i]);
		} else {
			row[i] = nothing;
			memset(r->part_scale, 0, sizeof(r->part_scale));
			memset(r->part_min, 0, sizeof(r->part_min));
		}
		put_scales(r, p, at / (p->part / 4), parts, group + i);
	}
	turn(row, dwords, r->panel + at * PRODUCT_PANEL + group);
}

struct panel
pack_panel(struct pack_room *r, const struct weight *w, enum format format,
    size_t first, size_t slab, size_t dwords, product_turn_fn *turn)
{
	const struct tensor_type *t = w->type;
	const bool has_codes = t->codes != NULL;
	const struct panel p = { .dword = r->panel, .width = PRODUCT_PANEL,
		.scale = r->scale, .min = has_codes && t->has_min ? r->min : NULL,
		.zero = has_codes ? t->zero : 128, .part = has_codes ? t->part
		: FORMAT_PART };
	const size_t step = CHUNK / format_numbers(format);

	for (size_t group = 0; group < PRODUCT_PANEL; group += GROUP)
		for (size_t at = 0; at < dwords; at += step)
			pack_group(r, &p, w, format, first,
			    (slab + at) * format_numbers(format), at,
			    dwords - at < step ? dwords - at : step, group, turn);
	return p;
}
