#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/model/hf_tensor.h"

enum { NAME = 160, DIGITS_MAX = 6, LARGE = 1 << 20 };

/* Does a name fit a pattern, in which '*' stands for a number?  *number is where
 * that stands in the name. */
static bool
fits(const char *pattern, const char *s, size_t len, struct directory_text *number)
{
	size_t i = 0;

	*number = (struct directory_text){ s, 0 };
	for (; *pattern != '\0'; pattern++) {
		if (*pattern != '*') {
			if (i == len || s[i++] != *pattern)
				return false;
			continue;
		}
		number->ptr = s + i;
		while (i < len && s[i] >= '0' && s[i] <= '9')
			i++;
		number->len = (size_t)(s + i - number->ptr);
		if (number->len == 0 || number->len > DIGITS_MAX)
			return false;
	}
	return i == len;
}

static bool
ends_in(const struct directory_text *t, const char *end)
{
	size_t n = strlen(end);

	return t->len > n && memcmp(t->ptr + t->len - n, end, n) == 0;
}

/* Without a prefix of the family's, if it has one. */
static struct directory_text
bare(const char *prefixes, struct directory_text t)
{
	for (const char *s = prefixes; *s != '\0'; s += *s == ' ') {
		size_t n = strcspn(s, " ");

		if (t.len > n && memcmp(t.ptr, s, n) == 0)
			return (struct directory_text){ t.ptr + n, t.len - n };
		s += n;
	}
	return t;
}

static struct directory_text
spell(const char *pattern, const struct directory_text *number, const char *end,
    struct arena *a)
{
	char name[NAME];
	size_t n = 0;

	for (; *pattern != '\0'; pattern++)
		if (*pattern == '*') {
			memcpy(name + n, number->ptr, number->len);
			n += number->len;
		} else {
			name[n++] = *pattern;
		}
	memcpy(name + n, end, strlen(end));
	n += strlen(end);
	return (struct directory_text){ arena_dup(a, name, n), n };
}

enum folder_name
folder_tensor_name(const struct architecture *arch,
    const struct directory_text *name, struct directory_text *out,
    enum arrangement *how, struct arena *a)
{
	const char *end = ends_in(name, ".weight") ? ".weight"
	    : ends_in(name, ".bias") ? ".bias" : "";
	struct directory_text t = bare(arch->prefixes, *name), number;

	t.len -= strlen(end);
	for (const struct part_name *p = arch->part; p->folder != NULL; p++) {
		if (!fits(p->folder, t.ptr, t.len, &number))
			continue;
		if (p->gguf == NULL)
			return FOLDER_NAME_UNUSED;
		if (*end == '\0')
			return FOLDER_NAME_UNKNOWN;
		*out = spell(p->gguf, &number, end, a);
		*how = p->arrangement;
		return FOLDER_NAME_USED;
	}
	return FOLDER_NAME_UNKNOWN;
}

/* Numbers of `size` bytes: columns x rows becomes rows x columns, in squares that
 * stay in the cache. */
static void
turn(const unsigned char *from, size_t columns, size_t rows, size_t size,
    unsigned char *to)
{
	enum { SQUARE = 32 };

	for (size_t r = 0; r < rows; r += SQUARE)
		for (size_t c = 0; c < columns; c += SQUARE)
			for (size_t i = r; i < rows && i < r + SQUARE; i++)
				for (size_t k = c; k < columns && k < c + SQUARE; k++)
					memcpy(to + (k * rows + i) * size,
					    from + (i * columns + k) * size, size);
}

/* Rows of q, k and v, head by head, become all of q, all of k, all of v. */
static void
gather_heads(const unsigned char *from, size_t heads, size_t bytes,
    unsigned char *to)
{
	size_t n = bytes / (3 * heads);

	for (size_t h = 0; h < heads; h++)
		for (size_t part = 0; part < 3; part++)
			memcpy(to + (part * heads + h) * n, from + (3 * h + part) * n, n);
}

static int
blame(const struct safetensors_entry *e, const char *file, const char *what,
    struct fault *f)
{
	return fault_stop(f, "%s: tensor %.*s: %s", file,
	    (int)(e->name.len < 96 ? e->name.len : 96), e->name.ptr, what);
}

/* Room for the tensor's bytes in another order. */
static unsigned char *
take_room(struct directory_tensor *t, size_t *copied, struct arena *a)
{
	unsigned char *room = arena_get(a, t->bytes + 1);

	*copied += t->bytes;
	t->data = room;
	return room;
}

/* The tensor's numbers become floats in room of their own. */
static float *
take_floats(struct directory_tensor *t, size_t *copied, struct arena *a, size_t *n)
{
	const void *from = t->data;
	float *to;

	*n = t->bytes / t->type->bytes;
	t->bytes = *n * sizeof(float);
	to = (float *)(void *)take_room(t, copied, a);
	t->type->decode(from, *n, to);
	t->type = tensor_type_named("F32");
	return to;
}

static void
add_one(struct directory_tensor *t, size_t *copied, struct arena *a)
{
	size_t n;
	float *to = take_floats(t, copied, a, &n);

	for (size_t i = 0; i < n; i++)
		to[i] += 1;
}

static void
norm_rows(struct directory_tensor *t, size_t *copied, struct arena *a)
{
	size_t n, width = t->dimension[0];
	float *to = take_floats(t, copied, a, &n);

	for (size_t r = 0; r < n; r += width) {
		double square = 0;

		for (size_t i = r; i < r + width; i++)
			square += (double)to[i] * (double)to[i];
		for (size_t i = r; i < r + width; i++)
			to[i] = (float)((double)to[i] / fmax(sqrt(square), 1e-12));
	}
}

/* A tensor with its dimensions turned round, as it stands. */
static int
view(const struct safetensors_entry *e, struct directory_tensor *out,
    const char *file, struct fault *f)
{
	if (e->type == NULL)
		return fault_stop(f, "%s: tensor %.*s has the type %.*s; F32, F16 and BF16 "
		    "can be read", file, (int)(e->name.len < 96 ? e->name.len : 96),
		    e->name.ptr, (int)e->type_name.len, e->type_name.ptr);
	if (e->dimensions == 0 || e->begin == e->end)
		return blame(e, file, "it has no numbers, or only one", f);
	out->type = e->type;
	out->dimensions = e->dimensions;
	for (int i = 0; i < DIRECTORY_DIMENSIONS; i++)
		out->dimension[i] = i < e->dimensions
		    ? e->dimension[e->dimensions - 1 - i] : 1;
	out->data = e->data;
	out->bytes = e->end - e->begin;
	return 0;
}

uint64_t
folder_tensor_copies(const struct safetensors_entry *e, enum arrangement how)
{
	const uint64_t bytes = e->end - e->begin;
	const bool is_wider = how == ARRANGED_LESS_ONE || how == ARRANGED_UNIT_ROWS;
	const bool is_kept = how == ARRANGED || how == ARRANGED_FROM_TWO
	    || (how == ARRANGED_TURNED && e->dimensions != 2);

	if (e->type == NULL || (is_kept && (uintptr_t)e->data % e->type->bytes == 0))
		return 0;
	return is_wider ? bytes / e->type->bytes * sizeof(float) : bytes;
}

int
folder_tensor_arrange(const struct safetensors_entry *e,
    enum arrangement how, size_t heads, struct directory_tensor *out,
    size_t *copied, const char *file, struct arena *a, struct fault *f)
{
	size_t size, rows;

	if (view(e, out, file, f) < 0)
		return -2;
	size = e->type->bytes;
	rows = out->dimension[out->dimensions - 1];
	if (how == ARRANGED_TURNED && out->dimensions == 2) {
		turn(e->data, out->dimension[0], rows, size, take_room(out, copied, a));
		out->dimension[1] = out->dimension[0];
		out->dimension[0] = rows;
	} else if (how == ARRANGED_BY_HEADS) {
		if (heads == 0 || rows % (3 * heads) != 0)
			return blame(e, file, "its rows are no whole number of heads", f);
		gather_heads(e->data, heads, out->bytes, take_room(out, copied, a));
	} else if (how == ARRANGED_LESS_ONE) {
		add_one(out, copied, a);
	} else if (how == ARRANGED_UNIT_ROWS) {
		norm_rows(out, copied, a);
	} else if (how == ARRANGED_FROM_TWO) {
		if (rows <= 2 || out->dimensions != 2)
			return blame(e, file, "expected a matrix with more than two rows", f);
		out->dimension[1] = rows - 2;
		out->data = e->data + 2 * out->dimension[0] * size;
		out->bytes -= 2 * out->dimension[0] * size;
	}
	if ((uintptr_t)out->data % size != 0) {
		const void *odd = out->data;

		memcpy(take_room(out, copied, a), odd, out->bytes);
	}
	if (how != ARRANGED && how != ARRANGED_FROM_TWO)
		mapping_forget(e->data, e->end - e->begin);
	return 0;
}
