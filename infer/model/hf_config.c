#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/model/hf_config.h"
#include "lib/core/buf.h"

enum { NAME = 96 };

static struct json_node
at_len(const struct hf_config *c, const char *name, size_t len)
{
	char pointer[NAME];

	snprintf(pointer, sizeof(pointer), "/%.*s", (int)len, name);
	return json_at(c->config, pointer);
}

struct json_node
hf_config_at(const struct hf_config *c, const char *name)
{
	return at_len(c, name, strlen(name));
}

bool
hf_config_is_set(const struct json_node *n)
{
	return n->kind != JSON_ABSENT && n->kind != JSON_NULL;
}

struct json_node
hf_config_first(const struct hf_config *c, const char *names)
{
	struct json_node n = { .kind = JSON_ABSENT };

	for (const char *s = names; *s != '\0' && !hf_config_is_set(&n); s += *s == ' ') {
		size_t len = strcspn(s, " ");

		n = at_len(c, s, len);
		s += len;
	}
	return n;
}

bool
hf_config_double(const struct json_node *n, double *out)
{
	*out = n->kind == JSON_INT ? (double)n->integer : n->kind == JSON_REAL ? n->real : 0;
	return (n->kind == JSON_INT || n->kind == JSON_REAL) && isfinite(*out);
}

double
hf_config_double_or(const struct json_node *of, const char *pointer, double otherwise)
{
	struct json_node n = json_at(of, pointer);
	double x;

	return hf_config_double(&n, &x) ? x : otherwise;
}

static void
put_key(struct model_file *mf, const char *name, enum model_file_type type, const void *data,
    size_t len, struct arena *a)
{
	struct model_file_key *k;

	if (mf->keys == HF_CONFIG_KEYS_MAX)
		return;
	k = &mf->key[mf->keys++];
	k->name = (struct text){ arena_strndup(a, name, strlen(name)), strlen(name) };
	k->type = type;
	k->count = 1;
	k->data = (const unsigned char *)arena_strndup(a, data, len);
	k->end = k->data + len;
	model_file_index_key(mf);
}

void
hf_config_put(const struct hf_config *c, const char *key, enum model_file_type type,
    const void *data, size_t len)
{
	char name[NAME];

	snprintf(name, sizeof(name), "%s.%s", c->architecture->name, key);
	put_key(c->mf, name, type, data, len, c->arena);
}

void
hf_config_put_string(struct model_file *mf, const char *key, const char *s, size_t len,
    struct arena *a)
{
	struct buf b = { 0 };

	for (int i = 0; i < 8; i++)
		buf_add_byte(&b, (char)((uint64_t)len >> 8 * i));
	buf_add(&b, s, len);
	put_key(mf, key, MODEL_FILE_STRING, b.data, b.len, a);
	buf_release(&b);
}

void
hf_config_put_list(const struct hf_config *c, const char *key, enum model_file_type type,
    const unsigned char *byte, size_t n)
{
	const size_t keys = c->mf->keys;

	hf_config_put(c, key, type, byte, n);
	if (c->mf->keys == keys)
		return;
	c->mf->key[keys].is_array = true;
	c->mf->key[keys].count = n;
}

void
hf_config_put_uint(const struct hf_config *c, const char *key, uint64_t n)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(n >> 8 * i);
	hf_config_put(c, key, MODEL_FILE_U64, bytes, sizeof(bytes));
}

void
hf_config_put_double(const struct hf_config *c, const char *key, double x)
{
	hf_config_put(c, key, MODEL_FILE_F64, &x, sizeof(x));
}

int
hf_config_fail(const struct hf_config *c, const char *name, const char *what)
{
	return fault_stop(c->fault, "%s: /%.*s: %s", c->path, (int)strcspn(name, " "), name, what);
}
