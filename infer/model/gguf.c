#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "infer/model/gguf.h"

enum { KEYS_MAX = 1 << 16, TENSORS_MAX = 1 << 20 };

struct gguf_reader {
	const unsigned char *base, *at, *end;
	const char *name;
	struct fault *fault;
};

static int
blame(const struct gguf_reader *c, const char *what)
{
	return fault_stop(c->fault, "%s: byte %td: %s", c->name, c->at - c->base, what);
}

static int
read_uint(struct gguf_reader *c, size_t n, uint64_t *out)
{
	*out = 0;
	if ((size_t)(c->end - c->at) < n)
		return blame(c, "the file ends in the middle of its metadata; is it complete?");
	*out = model_file_little_endian(c->at, n);
	c->at += n;
	return 0;
}

static int
read_string(struct gguf_reader *c, struct text *out)
{
	uint64_t len;

	if (read_uint(c, 8, &len) < 0)
		return -2;
	if (len > (uint64_t)(c->end - c->at))
		return blame(c, "a string runs past the end of the file");
	*out = (struct text){ (const char *)c->at, (size_t)len };
	c->at += len;
	return 0;
}

static int
read_type(struct gguf_reader *c, enum model_file_type *type)
{
	uint64_t n;

	if (read_uint(c, 4, &n) < 0)
		return -2;
	if (n >= MODEL_FILE_TYPES) {
		c->at -= 4;
		return blame(c, "there is no such type of metadata value");
	}
	*type = (enum model_file_type)n;
	return 0;
}

static int
skip_values(struct gguf_reader *c, enum model_file_type type, uint64_t count)
{
	struct text t;
	size_t width = model_file_type_size(type);

	if (width > 0) {
		if (count > (uint64_t)(c->end - c->at) / width)
			return blame(c, "an array runs past the end of the file");
		c->at += count * width;
		return 0;
	}
	if (type == MODEL_FILE_ARRAY)
		return blame(c, "nested arrays are not supported");
	for (; count > 0; count--)
		if (read_string(c, &t) < 0)
			return -2;
	return 0;
}

static int
read_key(struct gguf_reader *c, struct model_file_key *k)
{
	k->count = 1;
	if (read_string(c, &k->name) < 0 || read_type(c, &k->type) < 0)
		return -2;
	k->is_array = k->type == MODEL_FILE_ARRAY;
	if (k->is_array && (read_type(c, &k->type) < 0 || read_uint(c, 8, &k->count) < 0))
		return -2;
	k->data = c->at;
	if (skip_values(c, k->type, k->count) < 0)
		return -2;
	k->end = c->at;
	return 0;
}

/* Sets the bytes of a tensor by its shape and type. */
static int
measure(const struct gguf_reader *c, struct model_file_tensor *t)
{
	size_t n = 1;

	for (int i = 0; i < t->dimensions; i++)
		if (__builtin_mul_overflow(n, t->dimension[i], &n))
			return blame(c, "the shape of a tensor is too large");
	if (t->dimension[0] % t->type->block_elems != 0)
		return blame(c, "a row of a tensor is not a whole number of blocks");
	if (__builtin_mul_overflow(n / t->type->block_elems, t->type->block_bytes, &t->bytes))
		return blame(c, "the shape of a tensor is too large");
	return 0;
}

/* The offset is relative to the tensor data, which begins after all infos. */
static int
read_tensor_info(struct gguf_reader *c, struct model_file_tensor *t, uint64_t *offset)
{
	uint64_t n;

	if (read_string(c, &t->name) < 0 || read_uint(c, 4, &n) < 0)
		return -2;
	if (n == 0 || n > MODEL_FILE_DIMS)
		return blame(c, "a tensor must have 1 to 4 dimensions");
	t->dimensions = (int)n;
	for (int i = 0; i < MODEL_FILE_DIMS; i++)
		t->dimension[i] = 1;
	for (int i = 0; i < t->dimensions; i++) {
		if (read_uint(c, 8, &n) < 0)
			return -2;
		if (n == 0 || n > SIZE_MAX / 2)
			return blame(c, "a dimension of a tensor is out of bounds");
		t->dimension[i] = (size_t)n;
	}
	if (read_uint(c, 4, &n) < 0)
		return -2;
	if ((t->type = dtype_of_gguf((uint32_t)n)) == NULL)
		return fault_stop(c->fault,
		    "%s: tensor %.*s has type %" PRIu64 ", which is not supported", c->name,
		    (int)(t->name.len < 64 ? t->name.len : 64), t->name.ptr, n);
	return measure(c, t) < 0 ? -2 : read_uint(c, 8, offset);
}

static int
locate(const struct gguf_reader *c, struct model_file_tensor *t, uint64_t offset,
    const unsigned char *data, uint64_t alignment)
{
	size_t left = (size_t)(c->end - data);

	if (offset % alignment != 0)
		return fault_stop(c->fault, "%s: tensor %.*s is not aligned to %" PRIu64 " bytes",
		    c->name, (int)(t->name.len < 64 ? t->name.len : 64), t->name.ptr, alignment);
	if (offset > left || t->bytes > left - offset)
		return fault_stop(c->fault,
		    "%s: tensor %.*s runs past the end of the "
		    "file; is the file complete?",
		    c->name, (int)(t->name.len < 64 ? t->name.len : 64), t->name.ptr);
	t->data = data + offset;
	return 0;
}

static int
read_tensors(struct gguf_reader *c, struct model_file *mf, struct arena *a)
{
	uint64_t *offset = arena_alloc(a, (mf->tensors + 1) * sizeof(*offset));
	uint64_t alignment = 32, begin;

	mf->tensor = arena_alloc(a, (mf->tensors + 1) * sizeof(*mf->tensor));
	for (size_t i = 0; i < mf->tensors; i++)
		if (read_tensor_info(c, &mf->tensor[i], &offset[i]) < 0)
			return -2;
	model_file_uint(mf, "general.alignment", &alignment);
	if (alignment == 0 || alignment % 8 != 0 || alignment > 1 << 20)
		return blame(c, "general.alignment must be a multiple of 8, at most 1048576");
	begin = ((uint64_t)(c->at - c->base) + alignment - 1) / alignment * alignment;
	if (mf->tensors > 0 && begin > (uint64_t)(c->end - c->base))
		return blame(c, "the file ends before its tensors");
	for (size_t i = 0; i < mf->tensors; i++)
		if (locate(c, &mf->tensor[i], offset[i], c->base + begin, alignment) < 0)
			return -2;
	return model_file_index_tensors(mf, c->name, c->fault);
}

static int
read_header(struct gguf_reader *c, struct model_file *mf, struct arena *a)
{
	uint64_t magic, version, tensors, keys;

	if (read_uint(c, 4, &magic) < 0)
		return -2;
	c->at -= 4;
	if (memcmp(c->at, "GGUF", 4) != 0)
		return blame(c, "this is not a GGUF file");
	c->at += 4;
	if (read_uint(c, 4, &version) < 0 || read_uint(c, 8, &tensors) < 0
	    || read_uint(c, 8, &keys) < 0)
		return -2;
	if (version != 2 && version != 3)
		return fault_stop(c->fault,
		    "%s: GGUF version %" PRIu64 " is not "
		    "supported; 2 and 3 are",
		    c->name, version);
	/* counts are bounded by the length of the file: each key takes 12 bytes or more */
	if (keys > KEYS_MAX || keys > (uint64_t)(c->end - c->at) / 12 || tensors > TENSORS_MAX
	    || tensors > (uint64_t)(c->end - c->at) / 24)
		return blame(c, "more keys or tensors than the file can hold");
	mf->tensors = (size_t)tensors;
	mf->key = arena_alloc(a, ((size_t)keys + 1) * sizeof(*mf->key));
	while (mf->keys < keys) {
		if (read_key(c, &mf->key[mf->keys]) < 0)
			return -2;
		mf->keys++;
		model_file_index_key(mf);
	}
	return read_tensors(c, mf, a);
}

int
gguf_open(struct model_file *mf, const char *name, struct arena *a, struct fault *f)
{
	struct gguf_reader c = { .name = name, .fault = f };

	mf->map = arena_alloc(a, sizeof(*mf->map));
	if (mapped_file_open(mf->map, name, f) < 0)
		return -2;
	mf->maps = 1;
	c.base = c.at = mf->map->data;
	c.end = c.base + mf->map->len;
	return read_header(&c, mf, a);
}
