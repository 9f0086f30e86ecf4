#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/model/hf_tensor.h"

enum { NAME = 160, DIGITS_MAX = 6 };

/* Does a name match a pattern, in which '*' stands for a number?  *number is set to
 * these digits of the name. */
static bool
matches(const char *pattern, const char *s, size_t len, struct text *number)
{
	size_t i = 0;

	*number = (struct text){ s, 0 };
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
ends_in(const struct text *t, const char *end)
{
	size_t n = strlen(end);

	return t->len > n && memcmp(t->ptr + t->len - n, end, n) == 0;
}

/* Without the architecture's prefix, if the name has one. */
static struct text
skip_prefix(const char *prefixes, struct text t)
{
	for (const char *s = prefixes; *s != '\0'; s += *s == ' ') {
		size_t n = strcspn(s, " ");

		if (t.len > n && memcmp(t.ptr, s, n) == 0)
			return (struct text){ t.ptr + n, t.len - n };
		s += n;
	}
	return t;
}

static struct text
expand(const char *pattern, const struct text *number, const char *end, struct arena *a)
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
	return (struct text){ arena_strndup(a, name, n), n };
}

enum hf_tensor_use
hf_tensor_name(const struct architecture *arch, const struct text *name, struct text *out,
    enum tensor_fixup *fixup, struct arena *a)
{
	const char *end = ends_in(name, ".weight") ? ".weight"
	    : ends_in(name, ".bias")               ? ".bias"
						   : "";
	struct text t = skip_prefix(arch->prefixes, *name), number;

	t.len -= strlen(end);
	for (const struct tensor_name *p = arch->tensor; p->hf != NULL; p++) {
		if (!matches(p->hf, t.ptr, t.len, &number))
			continue;
		if (p->gguf == NULL)
			return HF_TENSOR_IGNORED;
		if (*end == '\0')
			return HF_TENSOR_UNKNOWN;
		*out = expand(p->gguf, &number, end, a);
		*fixup = p->fixup;
		return HF_TENSOR_USED;
	}
	return HF_TENSOR_UNKNOWN;
}

/* Transposes a matrix of elements of `size` bytes, in squares that fit the cache. */
static void
transpose(const unsigned char *from, size_t columns, size_t rows, size_t size, unsigned char *to)
{
	enum { SQUARE = 32 };

	for (size_t r = 0; r < rows; r += SQUARE)
		for (size_t c = 0; c < columns; c += SQUARE)
			for (size_t i = r; i < rows && i < r + SQUARE; i++)
				for (size_t k = c; k < columns && k < c + SQUARE; k++)
					memcpy(to + (k * rows + i) * size,
					    from + (i * columns + k) * size, size);
}

/* Rows in the order q, k, v of each head become all of q, all of k, all of v. */
static void
split_heads(const unsigned char *from, size_t heads, size_t bytes, unsigned char *to)
{
	size_t n = bytes / (3 * heads);

	for (size_t h = 0; h < heads; h++)
		for (size_t part = 0; part < 3; part++)
			memcpy(to + (part * heads + h) * n, from + (3 * h + part) * n, n);
}

static int
blame(const struct safetensors_entry *e, const char *file, const char *what, struct fault *f)
{
	return fault_stop(f, "%s: tensor %.*s: %s", file,
	    (int)(e->name.len < 96 ? e->name.len : 96), e->name.ptr, what);
}

/* Points the tensor to memory of its own. */
static unsigned char *
allocate(struct model_file_tensor *t, size_t *copied, struct arena *a)
{
	unsigned char *data = arena_alloc(a, t->bytes + 1);

	*copied += t->bytes;
	t->data = data;
	return data;
}

/* Decodes the tensor to floats in memory of its own. */
static float *
decode_floats(struct model_file_tensor *t, size_t *copied, struct arena *a, size_t *n)
{
	const void *from = t->data;
	float *to;

	*n = t->bytes / t->type->block_bytes;
	t->bytes = *n * sizeof(float);
	to = (float *)(void *)allocate(t, copied, a);
	t->type->decode(from, *n, to);
	t->type = dtype_named("F32");
	return to;
}

static void
add_one(struct model_file_tensor *t, size_t *copied, struct arena *a)
{
	size_t n;
	float *to = decode_floats(t, copied, a, &n);

	for (size_t i = 0; i < n; i++)
		to[i] += 1;
}

static void
normalize_rows(struct model_file_tensor *t, size_t *copied, struct arena *a)
{
	size_t n, width = t->dimension[0];
	float *to = decode_floats(t, copied, a, &n);

	for (size_t r = 0; r < n; r += width) {
		double square = 0;

		for (size_t i = r; i < r + width; i++)
			square += (double)to[i] * (double)to[i];
		for (size_t i = r; i < r + width; i++)
			to[i] = (float)((double)to[i] / fmax(sqrt(square), 1e-12));
	}
}

/* A view of the data; GGUF lists dimensions in the opposite order. */
static int
set_view(const struct safetensors_entry *e, struct model_file_tensor *out, const char *file,
    struct fault *f)
{
	if (e->type == NULL)
		return fault_stop(f,
		    "%s: tensor %.*s has the type %.*s; F32, F16 and BF16 "
		    "are supported",
		    file, (int)(e->name.len < 96 ? e->name.len : 96), e->name.ptr,
		    (int)e->type_name.len, e->type_name.ptr);
	if (e->dimensions == 0 || e->begin == e->end)
		return blame(e, file, "it is empty, or a single number", f);
	out->type = e->type;
	out->dimensions = e->dimensions;
	for (int i = 0; i < MODEL_FILE_DIMS; i++)
		out->dimension[i] = i < e->dimensions ? e->dimension[e->dimensions - 1 - i] : 1;
	out->data = e->data;
	out->bytes = e->end - e->begin;
	return 0;
}

uint64_t
hf_tensor_copied_bytes(const struct safetensors_entry *e, enum tensor_fixup fixup)
{
	const uint64_t bytes = e->end - e->begin;
	const bool becomes_float = fixup == FIXUP_ADD_ONE || fixup == FIXUP_L2_NORMALISE_ROWS;
	const bool is_view = fixup == FIXUP_NONE || fixup == FIXUP_SKIP_TWO_ROWS
	    || (fixup == FIXUP_TRANSPOSE && e->dimensions != 2);

	if (e->type == NULL || (is_view && (uintptr_t)e->data % e->type->block_bytes == 0))
		return 0;
	return becomes_float ? bytes / e->type->block_bytes * sizeof(float) : bytes;
}

int
hf_tensor_convert(const struct safetensors_entry *e, enum tensor_fixup fixup, size_t heads,
    struct model_file_tensor *out, size_t *copied, const char *file, struct arena *a,
    struct fault *f)
{
	size_t size, rows;

	if (set_view(e, out, file, f) < 0)
		return -2;
	size = e->type->block_bytes;
	rows = out->dimension[out->dimensions - 1];
	if (fixup == FIXUP_TRANSPOSE && out->dimensions == 2) {
		transpose(e->data, out->dimension[0], rows, size, allocate(out, copied, a));
		out->dimension[1] = out->dimension[0];
		out->dimension[0] = rows;
	} else if (fixup == FIXUP_SPLIT_HEADS) {
		if (heads == 0 || rows % (3 * heads) != 0)
			return blame(e, file, "its rows are not a whole number of heads", f);
		split_heads(e->data, heads, out->bytes, allocate(out, copied, a));
	} else if (fixup == FIXUP_ADD_ONE) {
		add_one(out, copied, a);
	} else if (fixup == FIXUP_L2_NORMALISE_ROWS) {
		normalize_rows(out, copied, a);
	} else if (fixup == FIXUP_SKIP_TWO_ROWS) {
		if (rows <= 2 || out->dimensions != 2)
			return blame(e, file, "expected a matrix with more than two rows", f);
		out->dimension[1] = rows - 2;
		out->data = e->data + 2 * out->dimension[0] * size;
		out->bytes -= 2 * out->dimension[0] * size;
	}
	if ((uintptr_t)out->data % size != 0) {
		const void *misaligned = out->data;

		memcpy(allocate(out, copied, a), misaligned, out->bytes);
	}
	if (fixup != FIXUP_NONE && fixup != FIXUP_SKIP_TWO_ROWS)
		mapped_file_drop(e->data, e->end - e->begin);
	return 0;
}
