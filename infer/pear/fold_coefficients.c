#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/pear/fold_coefficients.h"
#include "lib/core/buf.h"

enum { ALIGNMENT = 32, DIRECTORY = 24 }; /* bytes before the first key */

/* Where the half-precision scales of a block are. */
static const struct scales {
	const char *type;
	int count;
	size_t at[2];
} scales[] = {
	{ "F16", 1, { 0, 0 } },
	{ "Q8_0", 1, { 0, 0 } },
	{ "Q4_0", 1, { 0, 0 } },
	{ "Q5_0", 1, { 0, 0 } },
	{ "Q4_1", 2, { 0, 2 } },
	{ "Q5_1", 2, { 0, 2 } },
	{ "Q4_K", 2, { 0, 2 } },
	{ "Q5_K", 2, { 0, 2 } },
	{ "Q6_K", 1, { 208, 0 } },
};

static const struct scales *
scales_of(const struct dtype *t)
{
	for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++)
		if (strcmp(scales[i].type, t->name) == 0)
			return &scales[i];
	return NULL;
}

/* To half precision, ties to even. */
static uint16_t
half_of(float x)
{
	uint32_t bits, sign, rest, shift;
	int exponent;

	memcpy(&bits, &x, sizeof(bits));
	sign = bits >> 16 & 0x8000;
	exponent = (int)(bits >> 23 & 255) - 127 + 15;
	bits = (bits & 0x7fffff) | 0x800000;
	if (exponent > 30)
		return (uint16_t)(sign | 0x7c00);
	if (exponent < -10)
		return (uint16_t)sign;
	shift = exponent > 0 ? 13 : (uint32_t)(14 - exponent);
	rest = bits & ((1u << shift) - 1);
	bits >>= shift;
	if (rest > 1u << (shift - 1) || (rest == 1u << (shift - 1) && (bits & 1)))
		bits++;
	/* a carry out of the fraction goes into the exponent, as it should */
	return (uint16_t)(sign + (exponent > 0 ? ((uint32_t)(exponent - 1) << 10) + bits : bits));
}

static uint16_t
bfloat_of(float x)
{
	uint32_t bits;

	memcpy(&bits, &x, sizeof(bits));
	return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static uint16_t
u16(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static void
put_u16(unsigned char *p, uint16_t x)
{
	p[0] = (unsigned char)x;
	p[1] = (unsigned char)(x >> 8);
}

/* Multiplies a scale; false if half precision overflows. */
static bool
scale_half(unsigned char *p, float by)
{
	const float was = f16_to_f32(u16(p));
	const uint16_t got = half_of(was * by);

	put_u16(p, got);
	return isfinite(f16_to_f32(got)) || !isfinite(was);
}

/* Multiplies a block by one coefficient; false if its type cannot hold the result. */
static bool
scale_block(const struct dtype *t, unsigned char *block, float by)
{
	const struct scales *s = scales_of(t);
	bool is_good = true;
	float x;

	if (t == dtype_named("F32")) {
		memcpy(&x, block, sizeof(x));
		x *= by;
		memcpy(block, &x, sizeof(x));
		return true;
	}
	if (s == NULL) { /* BF16 has the range of a float */
		put_u16(block, bfloat_of(bf16_to_f32(u16(block)) * by));
		return strcmp(t->name, "BF16") == 0;
	}
	for (int i = 0; i < s->count; i++)
		is_good = scale_half(block + s->at[i], by) && is_good;
	return is_good;
}

/* The coefficient of weights [from, from + n) of a row; NAN if they have several. */
static float
coefficient_of(const struct fold_plan *p, size_t layer, size_t from, size_t n)
{
	const struct model *m = p->model;
	const float *by = p->coefficient + layer * m->heads;
	const size_t first = from / m->head_size, last = (from + n - 1) / m->head_size;

	for (size_t h = first + 1; h <= last; h++)
		if (by[h] != by[first])
			return NAN;
	return by[first];
}

/* Multiplies a row of a layer's output projection in its own type; false if that is
 * impossible. */
static bool
scale_row(const struct fold_plan *p, size_t layer, unsigned char *row)
{
	const struct weight *w = &p->model->layer[layer].output.weight;
	const struct dtype *t = w->type;

	for (size_t from = 0; from < w->columns; from += t->block_elems, row += t->block_bytes) {
		float by = coefficient_of(p, layer, from, t->block_elems);

		if (isnan(by) || (by != 1 && !scale_block(t, row, by)))
			return false;
	}
	return true;
}

static size_t
row_bytes(const struct weight *w)
{
	return w->columns / w->type->block_elems * w->type->block_bytes;
}

static enum fold_change
decide(const struct fold_plan *p, size_t layer)
{
	const struct model *m = p->model;
	const struct weight *w = &m->layer[layer].output.weight;
	enum fold_change out = FOLD_KEEP;
	struct buf row = { 0 };

	for (size_t h = 0; h < m->heads; h++)
		if (p->coefficient[layer * m->heads + h] != 1)
			out = p->is_exact && w->type != dtype_named("F32") ? FOLD_TO_F32
									   : FOLD_SCALE;
	for (size_t r = 0; out == FOLD_SCALE && r < w->rows; r++) {
		buf_clear(&row);
		buf_add(&row, (const char *)w->data + r * row_bytes(w), row_bytes(w));
		if (!scale_row(p, layer, (unsigned char *)row.data))
			out = FOLD_TO_F32;
	}
	buf_release(&row);
	return out;
}

int
fold_coefficients_plan(struct fold_plan *p, const struct model *m, const float *coefficient,
    bool is_exact, const char *file, struct arena *a, struct fault *f)
{
	if (m->file.is_folder)
		return fault_stop(f,
		    "%s: coefficients are folded into GGUF files; convert "
		    "this folder first",
		    file);
	*p = (struct fold_plan){ .model = m,
		.coefficient = coefficient,
		.is_exact = is_exact,
		.change = arena_alloc(a, m->layers) };
	for (size_t i = 0; i < m->layers; i++) {
		p->change[i] = (unsigned char)decide(p, i);
		p->changed += p->change[i] != FOLD_KEEP;
		p->dequantised += p->change[i] == FOLD_TO_F32;
	}
	return 0;
}

/* The layer whose output projection this is; `layers` if it is none. */
static size_t
layer_of(const struct fold_plan *p, const struct model_file_tensor *t)
{
	size_t i = 0;

	while (i < p->model->layers && p->model->layer[i].output.weight.data != t->data)
		i++;
	return i;
}

static enum fold_change
change_of(const struct fold_plan *p, const struct model_file_tensor *t)
{
	size_t i = layer_of(p, t);

	return i < p->model->layers ? (enum fold_change)p->change[i] : FOLD_KEEP;
}

/* Weights as floats, times their coefficients. */
static void
put_wide_row(const struct fold_plan *p, size_t layer, size_t r, struct buf *out)
{
	const struct model *m = p->model;
	const struct weight *w = &m->layer[layer].output.weight;
	const size_t bytes = w->columns * sizeof(float);
	float *x = (float *)(void *)buf_reserve(out, bytes);

	weight_row(w, r, x);
	for (size_t k = 0; k < w->columns; k++)
		x[k] *= p->coefficient[layer * m->heads + k / m->head_size];
	out->len += bytes;
}

static int
write_tensor(const struct fold_plan *p, const struct model_file_tensor *t, struct sink *to,
    struct fault *f)
{
	const enum fold_change change = change_of(p, t);
	const size_t layer = layer_of(p, t);
	const struct weight *w;
	struct buf row = { 0 };
	int rc = 0;

	if (change == FOLD_KEEP)
		return sink_write(to, t->data, t->bytes, f);
	w = &p->model->layer[layer].output.weight;
	for (size_t r = 0; rc == 0 && r < w->rows; r++) {
		buf_clear(&row);
		if (change == FOLD_TO_F32) {
			put_wide_row(p, layer, r, &row);
		} else {
			buf_add(&row, (const char *)w->data + r * row_bytes(w), row_bytes(w));
			scale_row(p, layer, (unsigned char *)row.data);
		}
		rc = sink_write(to, row.data, row.len, f);
	}
	buf_release(&row);
	return rc;
}

static int
by_place(const void *a, const void *b)
{
	const struct model_file_tensor *const *x = a, *const *y = b;

	return (*x)->data < (*y)->data ? -1 : (*x)->data > (*y)->data;
}

/* Copies the file; only the weights that change differ. */
static int
write_in_place(const struct fold_plan *p, struct sink *to, struct fault *f)
{
	const struct model_file *g = &p->model->file;
	const unsigned char *at = g->map->data, *end = at + g->map->len;
	const struct model_file_tensor **list = calloc(g->tensors + 1, sizeof(*list));
	size_t n = 0;
	int rc = 0;

	if (list == NULL)
		arena_out_of_memory();
	for (size_t i = 0; i < g->tensors; i++)
		if (change_of(p, &g->tensor[i]) != FOLD_KEEP)
			list[n++] = &g->tensor[i];
	qsort(list, n, sizeof(*list), by_place);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		const unsigned char *data = list[i]->data;

		if (data < at) /* tensors of a real model do not overlap */
			rc = fault_stop(f, "tensors of the file overlap");
		else if ((rc = sink_write(to, at, (size_t)(data - at), f)) == 0)
			rc = write_tensor(p, list[i], to, f);
		at = data + list[i]->bytes;
	}
	free(list);
	return rc < 0 ? rc : sink_write(to, at, (size_t)(end - at), f);
}

static void
put_natural(struct buf *b, uint64_t x, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_add_byte(b, (char)(x >> (8 * i) & 255));
}

static size_t
bytes_of(const struct fold_plan *p, const struct model_file_tensor *t)
{
	return change_of(p, t) == FOLD_TO_F32
	    ? t->bytes / t->type->block_bytes * t->type->block_elems * sizeof(float)
	    : t->bytes;
}

/* The tensor directory with new types and offsets, in the old order. */
static void
put_directory(const struct fold_plan *p, size_t alignment, struct buf *b)
{
	const struct model_file *g = &p->model->file;
	const unsigned char *keys = g->keys > 0 ? g->key[g->keys - 1].end
						: g->map->data + DIRECTORY;
	uint64_t offset = 0;

	buf_add(b, g->map->data, (size_t)(keys - g->map->data));
	for (size_t i = 0; i < g->tensors; i++) {
		const struct model_file_tensor *t = &g->tensor[i];
		const bool is_wide = change_of(p, t) == FOLD_TO_F32;

		put_natural(b, t->name.len, 8);
		buf_add(b, t->name.ptr, t->name.len);
		put_natural(b, (uint64_t)t->dimensions, 4);
		for (int k = 0; k < t->dimensions; k++)
			put_natural(b, t->dimension[k], 8);
		put_natural(b, is_wide ? dtype_named("F32")->gguf : t->type->gguf, 4);
		put_natural(b, offset, 8);
		offset += (bytes_of(p, t) + alignment - 1) / alignment * alignment;
	}
	while (b->len % alignment != 0)
		buf_add_byte(b, 0);
}

static int
write_anew(const struct fold_plan *p, struct sink *to, struct fault *f)
{
	const struct model_file *g = &p->model->file;
	uint64_t alignment = ALIGNMENT;
	struct buf b = { 0 };
	int rc;

	model_file_uint(g, "general.alignment", &alignment);
	put_directory(p, (size_t)alignment, &b);
	rc = sink_write(to, b.data, b.len, f);
	for (size_t i = 0; rc == 0 && i < g->tensors; i++) {
		size_t rest = bytes_of(p, &g->tensor[i]) % alignment;

		rc = write_tensor(p, &g->tensor[i], to, f);
		buf_clear(&b);
		for (size_t k = rest; rest > 0 && k < alignment; k++)
			buf_add_byte(&b, 0);
		if (rc == 0 && b.len > 0)
			rc = sink_write(to, b.data, b.len, f);
	}
	buf_release(&b);
	return rc;
}

int
fold_coefficients_write(const struct fold_plan *p, struct sink *to, struct fault *f)
{
	return p->dequantised > 0 ? write_anew(p, to, f) : write_in_place(p, to, f);
}
