#include "config.h"

#include <string.h>
#include <xxhash.h>

#include "infer/model/model_file.h"

size_t
model_file_type_size(enum model_file_type type)
{
	static const unsigned char size[MODEL_FILE_TYPES] = { 1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8,
		8 };

	return size[type];
}

uint64_t
model_file_little_endian(const unsigned char *p, size_t n)
{
	uint64_t x = 0;

	while (n-- > 0)
		x = x << 8 | p[n];
	return x;
}

size_t
model_file_bytes(const struct model_file *mf)
{
	size_t n = 0;

	for (size_t i = 0; i < mf->maps; i++)
		n += mf->map[i].len;
	return n;
}

static const struct model_file_tensor *
find_tensor(const struct model_file *mf, struct text name, uint64_t hash)
{
	struct hash_probe p = hash_index_probe(&mf->tensor_by_name, hash);

	while (hash_probe_next(&p))
		if (text_equals(&mf->tensor[p.number].name, &name))
			return &mf->tensor[p.number];
	return NULL;
}

static const struct model_file_key *
find_key(const struct model_file *mf, struct text name, uint64_t hash)
{
	struct hash_probe p = hash_index_probe(&mf->key_by_name, hash);

	while (hash_probe_next(&p))
		if (text_equals(&mf->key[p.number].name, &name))
			return &mf->key[p.number];
	return NULL;
}

const struct model_file_tensor *
model_file_find_tensor(const struct model_file *mf, const char *name)
{
	const struct text t = { name, strlen(name) };

	return find_tensor(mf, t, XXH3_64bits(t.ptr, t.len));
}

const struct model_file_key *
model_file_find_key(const struct model_file *mf, const char *name)
{
	const struct text t = { name, strlen(name) };

	return find_key(mf, t, XXH3_64bits(t.ptr, t.len));
}

void
model_file_index_key(struct model_file *mf)
{
	const struct text name = mf->key[mf->keys - 1].name;
	const uint64_t hash = XXH3_64bits(name.ptr, name.len);

	if (find_key(mf, name, hash) == NULL)
		hash_index_add(&mf->key_by_name, hash, mf->keys - 1);
}

int
model_file_index_tensors(struct model_file *mf, const char *file, struct fault *f)
{
	for (size_t i = 0; i < mf->tensors; i++) {
		const struct text name = mf->tensor[i].name;
		const uint64_t hash = XXH3_64bits(name.ptr, name.len);

		if (find_tensor(mf, name, hash) != NULL)
			return fault_stop(f, "%s: two tensors are named %.*s", file,
			    (int)(name.len < 96 ? name.len : 96), name.ptr);
		hash_index_add(&mf->tensor_by_name, hash, i);
	}
	return 0;
}

static int64_t
integer_at(const struct model_file_key *k, uint64_t i)
{
	size_t width = model_file_type_size(k->type);
	uint64_t x = model_file_little_endian(k->data + i * width, width);
	bool is_signed = k->type == MODEL_FILE_I8 || k->type == MODEL_FILE_I16
	    || k->type == MODEL_FILE_I32 || k->type == MODEL_FILE_I64;
	uint64_t sign = is_signed ? (uint64_t)1 << (8 * width - 1) : 0;

	return (int64_t)((x ^ sign) - sign);
}

static bool
is_integer(const struct model_file_key *k)
{
	return k->type <= MODEL_FILE_I32 || k->type == MODEL_FILE_U64 || k->type == MODEL_FILE_I64;
}

uint64_t
model_file_uint_at(const struct model_file_key *key, uint64_t i)
{
	return is_integer(key) ? (uint64_t)integer_at(key, i) : 0;
}

double
model_file_double_at(const struct model_file_key *key, uint64_t i)
{
	float f;
	double d;

	if (key->type == MODEL_FILE_F32) {
		memcpy(&f, key->data + i * sizeof(f), sizeof(f));
		return (double)f;
	}
	if (key->type == MODEL_FILE_F64) {
		memcpy(&d, key->data + i * sizeof(d), sizeof(d));
		return d;
	}
	return is_integer(key) ? (double)integer_at(key, i) : 0;
}

/* A key whose value is no array. */
static const struct model_file_key *
find_scalar(const struct model_file *mf, const char *name)
{
	const struct model_file_key *k = model_file_find_key(mf, name);

	return k != NULL && !k->is_array ? k : NULL;
}

bool
model_file_uint(const struct model_file *mf, const char *name, uint64_t *out)
{
	const struct model_file_key *k = find_scalar(mf, name);

	if (k == NULL || !is_integer(k) || (k->type != MODEL_FILE_U64 && integer_at(k, 0) < 0))
		return false;
	*out = model_file_uint_at(k, 0);
	return true;
}

bool
model_file_double(const struct model_file *mf, const char *name, double *out)
{
	const struct model_file_key *k = find_scalar(mf, name);

	if (k == NULL || k->type == MODEL_FILE_STRING || k->type == MODEL_FILE_BOOL)
		return false;
	*out = model_file_double_at(k, 0);
	return true;
}

bool
model_file_bool(const struct model_file *mf, const char *name, bool *out)
{
	const struct model_file_key *k = find_scalar(mf, name);

	if (k == NULL || k->type != MODEL_FILE_BOOL)
		return false;
	*out = k->data[0] != 0;
	return true;
}

bool
model_file_next_string(const struct model_file_key *key, const unsigned char **at, struct text *out)
{
	uint64_t len;

	if (key->type != MODEL_FILE_STRING || *at == key->end)
		return false;
	len = model_file_little_endian(*at, 8); /* checked when the file was opened */
	*out = (struct text){ (const char *)*at + 8, (size_t)len };
	*at += 8 + len;
	return true;
}

bool
model_file_string(const struct model_file *mf, const char *name, struct text *out)
{
	const struct model_file_key *k = find_scalar(mf, name);
	const unsigned char *at;

	if (k == NULL || k->type != MODEL_FILE_STRING)
		return false;
	at = k->data;
	return model_file_next_string(k, &at, out);
}
