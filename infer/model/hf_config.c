#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/model/hf_config.h"
#include "lib/core/buf.h"

enum { NAME = 96 };

static struct json_node
at(const struct folder_config *r, const char *name, size_t len)
{
	char pointer[NAME];

	snprintf(pointer, sizeof(pointer), "/%.*s", (int)len, name);
	return json_at(r->config, pointer);
}

struct json_node
folder_config_named(const struct folder_config *r, const char *name)
{
	return at(r, name, strlen(name));
}

bool
folder_config_is_there(const struct json_node *n)
{
	return n->kind != JSON_ABSENT && n->kind != JSON_NULL;
}

bool
folder_config_is_text(const struct json_node *n, const char *s)
{
	return n->kind == JSON_TEXT && n->text.len == strlen(s)
	    && memcmp(n->text.ptr, s, n->text.len) == 0;
}

struct json_node
folder_config_first(const struct folder_config *r, const char *names)
{
	struct json_node n = { .kind = JSON_ABSENT };

	for (const char *s = names; *s != '\0' && !folder_config_is_there(&n); s += *s == ' ') {
		size_t len = strcspn(s, " ");

		n = at(r, s, len);
		s += len;
	}
	return n;
}

bool
folder_config_real(const struct json_node *n, double *out)
{
	*out = n->kind == JSON_INT ? (double)n->integer
	    : n->kind == JSON_REAL ? n->real : 0;
	return (n->kind == JSON_INT || n->kind == JSON_REAL) && isfinite(*out);
}

double
folder_config_real_or(const struct json_node *of, const char *pointer, double other)
{
	struct json_node n = json_at(of, pointer);
	double x;

	return folder_config_real(&n, &x) ? x : other;
}

static void
put_named(struct directory *d, const char *name, enum directory_type type,
    const void *data, size_t len, struct arena *a)
{
	struct directory_key *k;

	if (d->keys == FOLDER_CONFIG_KEYS)
		return;
	k = &d->key[d->keys++];
	k->name = (struct directory_text){ arena_dup(a, name, strlen(name)), strlen(name) };
	k->type = type;
	k->count = 1;
	k->data = (const unsigned char *)arena_dup(a, data, len);
	k->end = k->data + len;
}

void
folder_config_put(const struct folder_config *r, const char *key,
    enum directory_type type, const void *data, size_t len)
{
	char name[NAME];

	snprintf(name, sizeof(name), "%s.%s", r->architecture->name, key);
	put_named(r->d, name, type, data, len, r->arena);
}

void
folder_config_put_text(struct directory *d, const char *key, const char *s,
    size_t len, struct arena *a)
{
	struct buf b = { 0 };

	for (int i = 0; i < 8; i++)
		buf_add_byte(&b, (char)((uint64_t)len >> 8 * i));
	buf_add(&b, s, len);
	put_named(d, key, DIRECTORY_STRING, b.data, b.len, a);
	buf_release(&b);
}

void
folder_config_put_natural(const struct folder_config *r, const char *key, uint64_t n)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(n >> 8 * i);
	folder_config_put(r, key, DIRECTORY_U64, bytes, sizeof(bytes));
}

void
folder_config_put_real(const struct folder_config *r, const char *key, double x)
{
	folder_config_put(r, key, DIRECTORY_F64, &x, sizeof(x));
}

int
folder_config_wrong(const struct folder_config *r, const char *name, const char *what)
{
	return fault_stop(r->fault, "%s: /%.*s: %s", r->path, (int)strcspn(name, " "),
	    name, what);
}
