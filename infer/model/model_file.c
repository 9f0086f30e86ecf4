#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "infer/model/model_file.h"
#include "infer/model/hf_folder.h"
#include "infer/model/gguf.h"

/* Bytes of a type of fixed width; 0 for texts and arrays. */
size_t
directory_type_width(enum directory_type type)
{
	static const unsigned char width[DIRECTORY_TYPES] = { 1, 1, 2, 2, 4, 4, 4, 1, 0,
		0, 8, 8, 8 };

	return width[type];
}

uint64_t
directory_little_endian(const unsigned char *p, size_t n)
{
	uint64_t x = 0;

	while (n-- > 0)
		x = x << 8 | p[n];
	return x;
}

int
directory_open(struct directory *d, const char *name, struct arena *a,
    struct fault *f)
{
	struct stat st;
	int rc;

	*d = (struct directory){ 0 };
	if (stat(name, &st) < 0)
		return fault_sys(f, "%s", name);
	d->is_folder = S_ISDIR(st.st_mode);
	rc = d->is_folder ? folder_open(d, name, a, f) : gguf_open(d, name, a, f);
	if (rc < 0)
		directory_close(d);
	return rc;
}

void
directory_close(struct directory *d)
{
	for (size_t i = 0; i < d->maps; i++)
		mapping_close(&d->map[i]);
	d->maps = 0;
}

size_t
directory_bytes(const struct directory *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->maps; i++)
		n += d->map[i].len;
	return n;
}

static bool
is_text(const struct directory_text *t, const char *name)
{
	return t->len == strlen(name) && memcmp(t->ptr, name, t->len) == 0;
}

const struct directory_tensor *
directory_find(const struct directory *d, const char *name)
{
	for (size_t i = 0; i < d->tensors; i++)
		if (is_text(&d->tensor[i].name, name))
			return &d->tensor[i];
	return NULL;
}

const struct directory_key *
directory_key_of(const struct directory *d, const char *name)
{
	for (size_t i = 0; i < d->keys; i++)
		if (is_text(&d->key[i].name, name))
			return &d->key[i];
	return NULL;
}

static int64_t
integer_at(const struct directory_key *k, uint64_t i)
{
	size_t width = directory_type_width(k->type);
	uint64_t x = directory_little_endian(k->data + i * width, width);
	bool is_signed = k->type == DIRECTORY_I8 || k->type == DIRECTORY_I16
	    || k->type == DIRECTORY_I32 || k->type == DIRECTORY_I64;
	uint64_t sign = is_signed ? (uint64_t)1 << (8 * width - 1) : 0;

	return (int64_t)((x ^ sign) - sign);
}

static bool
is_integer(const struct directory_key *k)
{
	return k->type <= DIRECTORY_I32 || k->type == DIRECTORY_U64 || k->type == DIRECTORY_I64;
}

uint64_t
directory_natural_at(const struct directory_key *key, uint64_t i)
{
	return is_integer(key) ? (uint64_t)integer_at(key, i) : 0;
}

double
directory_real_at(const struct directory_key *key, uint64_t i)
{
	float f;
	double d;

	if (key->type == DIRECTORY_F32) {
		memcpy(&f, key->data + i * sizeof(f), sizeof(f));
		return (double)f;
	}
	if (key->type == DIRECTORY_F64) {
		memcpy(&d, key->data + i * sizeof(d), sizeof(d));
		return d;
	}
	return is_integer(key) ? (double)integer_at(key, i) : 0;
}

/* A key that is one value. */
static const struct directory_key *
single(const struct directory *d, const char *name)
{
	const struct directory_key *k = directory_key_of(d, name);

	return k != NULL && !k->is_array ? k : NULL;
}

bool
directory_natural(const struct directory *d, const char *name, uint64_t *out)
{
	const struct directory_key *k = single(d, name);

	if (k == NULL || !is_integer(k) || (k->type != DIRECTORY_U64
	    && integer_at(k, 0) < 0))
		return false;
	*out = directory_natural_at(k, 0);
	return true;
}

bool
directory_real(const struct directory *d, const char *name, double *out)
{
	const struct directory_key *k = single(d, name);

	if (k == NULL || k->type == DIRECTORY_STRING || k->type == DIRECTORY_BOOL)
		return false;
	*out = directory_real_at(k, 0);
	return true;
}

bool
directory_bool(const struct directory *d, const char *name, bool *out)
{
	const struct directory_key *k = single(d, name);

	if (k == NULL || k->type != DIRECTORY_BOOL)
		return false;
	*out = k->data[0] != 0;
	return true;
}

bool
directory_next_string(const struct directory_key *key, const unsigned char **at,
    struct directory_text *out)
{
	uint64_t len;

	if (key->type != DIRECTORY_STRING || *at == key->end)
		return false;
	len = directory_little_endian(*at, 8);	/* checked when the file was opened */
	*out = (struct directory_text){ (const char *)*at + 8, (size_t)len };
	*at += 8 + len;
	return true;
}

bool
directory_string(const struct directory *d, const char *name, struct directory_text *out)
{
	const struct directory_key *k = single(d, name);
	const unsigned char *at;

	if (k == NULL || k->type != DIRECTORY_STRING)
		return false;
	at = k->data;
	return directory_next_string(k, &at, out);
}
