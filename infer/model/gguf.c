#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "infer/model/gguf.h"

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

static int
take(struct cursor *c, size_t n, uint64_t *out)
{
	*out = 0;
	if ((size_t)(c->end - c->at) < n)
		return blame(c, "the file ends here, in the middle of its directory");
	*out = directory_little_endian(c->at, n);
	c->at += n;
	return 0;
}

static int
take_text(struct cursor *c, struct directory_text *out)
{
	uint64_t len;

	if (take(c, 8, &len) < 0)
		return -2;
	if (len > (uint64_t)(c->end - c->at))
		return blame(c, "a text goes on behind the end of the file");
	*out = (struct directory_text){ (const char *)c->at, (size_t)len };
	c->at += len;
	return 0;
}

static int
take_type(struct cursor *c, enum directory_type *type)
{
	uint64_t n;

	if (take(c, 4, &n) < 0)
		return -2;
	if (n >= DIRECTORY_TYPES) {
		c->at -= 4;
		return blame(c, "there is no such type of value");
	}
	*type = (enum directory_type)n;
	return 0;
}

static int
pass_values(struct cursor *c, enum directory_type type, uint64_t count)
{
	struct directory_text t;
	size_t width = directory_type_width(type);

	if (width > 0) {
		if (count > (uint64_t)(c->end - c->at) / width)
			return blame(c, "a list goes on behind the end of the file");
		c->at += count * width;
		return 0;
	}
	if (type == DIRECTORY_ARRAY)
		return blame(c, "lists of lists are not understood");
	for (; count > 0; count--)
		if (take_text(c, &t) < 0)
			return -2;
	return 0;
}

static int
take_key(struct cursor *c, struct directory_key *k)
{
	k->count = 1;
	if (take_text(c, &k->name) < 0 || take_type(c, &k->type) < 0)
		return -2;
	k->is_array = k->type == DIRECTORY_ARRAY;
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
measure(const struct cursor *c, struct directory_tensor *t)
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
take_tensor(struct cursor *c, struct directory_tensor *t, uint64_t *offset)
{
	uint64_t n;

	if (take_text(c, &t->name) < 0 || take(c, 4, &n) < 0)
		return -2;
	if (n == 0 || n > DIRECTORY_DIMENSIONS)
		return blame(c, "a tensor has from one to four dimensions");
	t->dimensions = (int)n;
	for (int i = 0; i < DIRECTORY_DIMENSIONS; i++)
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
place(const struct cursor *c, struct directory_tensor *t, uint64_t offset,
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
read_tensors(struct cursor *c, struct directory *d, struct arena *a)
{
	uint64_t *offset = arena_get(a, (d->tensors + 1) * sizeof(*offset));
	uint64_t alignment = 32, begin;

	d->tensor = arena_get(a, (d->tensors + 1) * sizeof(*d->tensor));
	for (size_t i = 0; i < d->tensors; i++)
		if (take_tensor(c, &d->tensor[i], &offset[i]) < 0)
			return -2;
	directory_natural(d, "general.alignment", &alignment);
	if (alignment == 0 || alignment % 8 != 0 || alignment > 1 << 20)
		return blame(c, "general.alignment is no multiple of 8, or out of bounds");
	begin = ((uint64_t)(c->at - c->base) + alignment - 1) / alignment * alignment;
	if (d->tensors > 0 && begin > (uint64_t)(c->end - c->base))
		return blame(c, "the file ends before its tensors");
	for (size_t i = 0; i < d->tensors; i++)
		if (place(c, &d->tensor[i], offset[i], c->base + begin, alignment) < 0)
			return -2;
	return 0;
}

static int
read_directory(struct cursor *c, struct directory *d, struct arena *a)
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
	d->tensors = (size_t)tensors;
	d->key = arena_get(a, ((size_t)keys + 1) * sizeof(*d->key));
	for (; d->keys < keys; d->keys++)
		if (take_key(c, &d->key[d->keys]) < 0)
			return -2;
	return read_tensors(c, d, a);
}

int
gguf_open(struct directory *d, const char *name, struct arena *a,
    struct fault *f)
{
	struct cursor c = { .name = name, .fault = f };

	d->map = arena_get(a, sizeof(*d->map));
	if (mapping_open(d->map, name, f) < 0)
		return -2;
	d->maps = 1;
	c.base = c.at = d->map->data;
	c.end = c.base + d->map->len;
	return read_directory(&c, d, a);
}

