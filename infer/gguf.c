#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "infer/gguf.h"

enum { KEYS_MAX = 1 << 16, TENSORS_MAX = 1 << 20 };

struct cursor {
	const unsigned char *base, *at, *end;
	const char *name;
	struct fault *fault;
};

static int
blame(const struct cursor *c, const char *what)
{
	return fault_stop(c->fault, "%s: byte %td: %s", c->name, c->at - c->base,
	    what);
}

/* Bytes of a type of fixed width; 0 for texts and arrays. */
static size_t
width_of(enum gguf_type type)
{
	static const unsigned char width[GGUF_TYPES] = { 1, 1, 2, 2, 4, 4, 4, 1, 0,
		0, 8, 8, 8 };

	return width[type];
}

static uint64_t
little_endian(const unsigned char *p, size_t n)
{
	uint64_t x = 0;

	while (n-- > 0)
		x = x << 8 | p[n];
	return x;
}

static int
take(struct cursor *c, size_t n, uint64_t *out)
{
	*out = 0;
	if ((size_t)(c->end - c->at) < n)
		return blame(c, "the file ends here, in the middle of its directory");
	*out = little_endian(c->at, n);
	c->at += n;
	return 0;
}

static int
take_text(struct cursor *c, struct gguf_text *out)
{
	uint64_t len;

	if (take(c, 8, &len) < 0)
		return -2;
	if (len > (uint64_t)(c->end - c->at))
		return blame(c, "a text goes on behind the end of the file");
	*out = (struct gguf_text){ (const char *)c->at, (size_t)len };
	c->at += len;
	return 0;
}

static int
take_type(struct cursor *c, enum gguf_type *type)
{
	uint64_t n;

	if (take(c, 4, &n) < 0)
		return -2;
	if (n >= GGUF_TYPES) {
		c->at -= 4;
		return blame(c, "there is no such type of value");
	}
	*type = (enum gguf_type)n;
	return 0;
}

static int
pass_values(struct cursor *c, enum gguf_type type, uint64_t count)
{
	struct gguf_text t;
	size_t width = width_of(type);

	if (width > 0) {
		if (count > (uint64_t)(c->end - c->at) / width)
			return blame(c, "a list goes on behind the end of the file");
		c->at += count * width;
		return 0;
	}
	if (type == GGUF_ARRAY)
		return blame(c, "lists of lists are not understood");
	for (; count > 0; count--)
		if (take_text(c, &t) < 0)
			return -2;
	return 0;
}

static int
take_key(struct cursor *c, struct gguf_key *k)
{
	k->count = 1;
	if (take_text(c, &k->name) < 0 || take_type(c, &k->type) < 0)
		return -2;
	k->is_array = k->type == GGUF_ARRAY;
	if (k->is_array && (take_type(c, &k->type) < 0 || take(c, 8, &k->count) < 0))
		return -2;
	k->data = c->at;
	if (pass_values(c, k->type, k->count) < 0)
		return -2;
	k->end = c->at;
	return 0;
}

/* Bytes that a tensor of this shape takes. */
static int
measure(const struct cursor *c, struct gguf_tensor *t)
{
	size_t n = 1;

	for (int i = 0; i < t->dimensions; i++)
		if (__builtin_mul_overflow(n, t->dimension[i], &n))
			return blame(c, "the shape of a tensor is too large");
	if (t->dimension[0] % t->type->numbers != 0)
		return blame(c, "a row of a tensor is no whole number of blocks");
	if (__builtin_mul_overflow(n / t->type->numbers, t->type->bytes, &t->bytes))
		return blame(c, "the shape of a tensor is too large");
	return 0;
}

/* A tensor's entry; data holds its offset until the directory is read. */
static int
take_tensor(struct cursor *c, struct gguf_tensor *t, uint64_t *offset)
{
	uint64_t n;

	if (take_text(c, &t->name) < 0 || take(c, 4, &n) < 0)
		return -2;
	if (n == 0 || n > GGUF_DIMENSIONS)
		return blame(c, "a tensor has from one to four dimensions");
	t->dimensions = (int)n;
	for (int i = 0; i < GGUF_DIMENSIONS; i++)
		t->dimension[i] = 1;
	for (int i = 0; i < t->dimensions; i++) {
		if (take(c, 8, &n) < 0)
			return -2;
		if (n == 0 || n > SIZE_MAX / 2)
			return blame(c, "a dimension of a tensor is out of bounds");
		t->dimension[i] = (size_t)n;
	}
	if (take(c, 4, &n) < 0)
		return -2;
	if ((t->type = tensor_type_of_gguf((uint32_t)n)) == NULL)
		return fault_stop(c->fault, "%s: tensor %.*s has the type %" PRIu64
		    ", which is not among those that can be read", c->name,
		    (int)(t->name.len < 64 ? t->name.len : 64), t->name.ptr, n);
	return measure(c, t) < 0 ? -2 : take(c, 8, offset);
}

static int
place(const struct cursor *c, struct gguf_tensor *t, uint64_t offset,
    const unsigned char *data, uint64_t alignment)
{
	size_t room = (size_t)(c->end - data);

	if (offset % alignment != 0)
		return fault_stop(c->fault, "%s: tensor %.*s does not begin at a "
		    "multiple of %" PRIu64, c->name, (int)(t->name.len < 64
		    ? t->name.len : 64), t->name.ptr, alignment);
	if (offset > room || t->bytes > room - offset)
		return fault_stop(c->fault, "%s: tensor %.*s goes on behind the end of "
		    "the file; is it whole?", c->name, (int)(t->name.len < 64
		    ? t->name.len : 64), t->name.ptr);
	t->data = data + offset;
	return 0;
}

static int
read_tensors(struct cursor *c, struct gguf *g, struct arena *a)
{
	uint64_t *offset = arena_get(a, (g->tensors + 1) * sizeof(*offset));
	uint64_t alignment = 32, begin;

	g->tensor = arena_get(a, (g->tensors + 1) * sizeof(*g->tensor));
	for (size_t i = 0; i < g->tensors; i++)
		if (take_tensor(c, &g->tensor[i], &offset[i]) < 0)
			return -2;
	gguf_natural(g, "general.alignment", &alignment);
	if (alignment == 0 || alignment > 1 << 20)
		return blame(c, "general.alignment is out of bounds");
	begin = ((uint64_t)(c->at - c->base) + alignment - 1) / alignment * alignment;
	if (g->tensors > 0 && begin > (uint64_t)(c->end - c->base))
		return blame(c, "the file ends before its tensors");
	for (size_t i = 0; i < g->tensors; i++)
		if (place(c, &g->tensor[i], offset[i], c->base + begin, alignment) < 0)
			return -2;
	return 0;
}

static int
read_directory(struct cursor *c, struct gguf *g, struct arena *a)
{
	uint64_t magic, version, tensors, keys;

	if (take(c, 4, &magic) < 0)
		return -2;
	c->at -= 4;
	if (memcmp(c->at, "GGUF", 4) != 0)
		return blame(c, "this is no GGUF file");
	c->at += 4;
	if (take(c, 4, &version) < 0 || take(c, 8, &tensors) < 0
	    || take(c, 8, &keys) < 0)
		return -2;
	if (version != 2 && version != 3)
		return fault_stop(c->fault, "%s: GGUF version %" PRIu64 ", and 2 and 3 "
		    "can be read", c->name, version);
	/* each takes bytes of the file, so counts are bounded by its length */
	if (keys > KEYS_MAX || keys > (uint64_t)(c->end - c->at) / 12
	    || tensors > TENSORS_MAX || tensors > (uint64_t)(c->end - c->at) / 24)
		return blame(c, "more keys or tensors than the file can hold");
	g->version = (uint32_t)version;
	g->tensors = (size_t)tensors;
	g->key = arena_get(a, ((size_t)keys + 1) * sizeof(*g->key));
	for (; g->keys < keys; g->keys++)
		if (take_key(c, &g->key[g->keys]) < 0)
			return -2;
	return read_tensors(c, g, a);
}

int
gguf_open(struct gguf *g, const char *name, struct arena *a, struct fault *f)
{
	struct cursor c = { .name = name, .fault = f };

	*g = (struct gguf){ 0 };
	if (mapping_open(&g->map, name, f) < 0)
		return -2;
	c.base = c.at = g->map.data;
	c.end = c.base + g->map.len;
	if (read_directory(&c, g, a) == 0)
		return 0;
	gguf_close(g);
	return -2;
}

void
gguf_close(struct gguf *g)
{
	mapping_close(&g->map);
}

static bool
is_text(const struct gguf_text *t, const char *name)
{
	return t->len == strlen(name) && memcmp(t->ptr, name, t->len) == 0;
}

const struct gguf_tensor *
gguf_find(const struct gguf *g, const char *name)
{
	for (size_t i = 0; i < g->tensors; i++)
		if (is_text(&g->tensor[i].name, name))
			return &g->tensor[i];
	return NULL;
}

const struct gguf_key *
gguf_key_of(const struct gguf *g, const char *name)
{
	for (size_t i = 0; i < g->keys; i++)
		if (is_text(&g->key[i].name, name))
			return &g->key[i];
	return NULL;
}

static int64_t
integer_at(const struct gguf_key *k, uint64_t i)
{
	size_t width = width_of(k->type);
	uint64_t x = little_endian(k->data + i * width, width);
	bool is_signed = k->type == GGUF_I8 || k->type == GGUF_I16
	    || k->type == GGUF_I32 || k->type == GGUF_I64;
	uint64_t sign = is_signed ? (uint64_t)1 << (8 * width - 1) : 0;

	return (int64_t)((x ^ sign) - sign);
}

static bool
is_integer(const struct gguf_key *k)
{
	return k->type <= GGUF_I32 || k->type == GGUF_U64 || k->type == GGUF_I64;
}

uint64_t
gguf_natural_at(const struct gguf_key *key, uint64_t i)
{
	return is_integer(key) ? (uint64_t)integer_at(key, i) : 0;
}

double
gguf_real_at(const struct gguf_key *key, uint64_t i)
{
	float f;
	double d;

	if (key->type == GGUF_F32) {
		memcpy(&f, key->data + i * sizeof(f), sizeof(f));
		return (double)f;
	}
	if (key->type == GGUF_F64) {
		memcpy(&d, key->data + i * sizeof(d), sizeof(d));
		return d;
	}
	return is_integer(key) ? (double)integer_at(key, i) : 0;
}

/* A key that is one value. */
static const struct gguf_key *
single(const struct gguf *g, const char *name)
{
	const struct gguf_key *k = gguf_key_of(g, name);

	return k != NULL && !k->is_array ? k : NULL;
}

bool
gguf_natural(const struct gguf *g, const char *name, uint64_t *out)
{
	const struct gguf_key *k = single(g, name);

	if (k == NULL || !is_integer(k) || (k->type != GGUF_U64
	    && integer_at(k, 0) < 0))
		return false;
	*out = gguf_natural_at(k, 0);
	return true;
}

bool
gguf_real(const struct gguf *g, const char *name, double *out)
{
	const struct gguf_key *k = single(g, name);

	if (k == NULL || k->type == GGUF_STRING || k->type == GGUF_BOOL)
		return false;
	*out = gguf_real_at(k, 0);
	return true;
}

bool
gguf_bool(const struct gguf *g, const char *name, bool *out)
{
	const struct gguf_key *k = single(g, name);

	if (k == NULL || k->type != GGUF_BOOL)
		return false;
	*out = k->data[0] != 0;
	return true;
}

bool
gguf_next_string(const struct gguf_key *key, const unsigned char **at,
    struct gguf_text *out)
{
	uint64_t len;

	if (key->type != GGUF_STRING || *at == key->end)
		return false;
	len = little_endian(*at, 8);	/* checked when the file was opened */
	*out = (struct gguf_text){ (const char *)*at + 8, (size_t)len };
	*at += 8 + len;
	return true;
}

bool
gguf_string(const struct gguf *g, const char *name, struct gguf_text *out)
{
	const struct gguf_key *k = single(g, name);
	const unsigned char *at;

	if (k == NULL || k->type != GGUF_STRING)
		return false;
	at = k->data;
	return gguf_next_string(k, &at, out);
}
