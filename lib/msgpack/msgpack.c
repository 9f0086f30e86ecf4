#include "config.h"

#include "lib/core/arena.h"
#include "lib/core/json_pointer.h"
#include "lib/msgpack/msgpack.h"
#include "lib/msgpack/msgpack_check.h"
#include "lib/msgpack/msgpack_token.h"

int
msgpack_parse(const void *p, size_t len, msgpack_zone *zone, msgpack_object *out, struct fault *f)
{
	size_t off = 0;
	int r = msgpack_check(p, len, f);

	if (r < 0)
		return r;
	switch (msgpack_unpack(p, len, &off, zone, out)) {
	case MSGPACK_UNPACK_SUCCESS:
		return 0;
	case MSGPACK_UNPACK_NOMEM_ERROR:
		arena_out_of_memory();
	default:
		return fault_at(f, (int64_t)off, "bad-msgpack", "not msgpack");
	}
}

struct msgpack_cursor {
	const unsigned char *p, *end;
};

static bool
take(struct msgpack_cursor *c, struct msgpack_token *s)
{
	if (!msgpack_token_read(c->p, (size_t)(c->end - c->p), s)
	    || s->kind == MSGPACK_TOKEN_RESERVED
	    || s->body_len > (size_t)(c->end - c->p) - s->head_len)
		return false;
	c->p += s->head_len;
	return true;
}

static bool
skip(struct msgpack_cursor *c)
{
	struct msgpack_token s;

	for (uint64_t left = 1; left > 0; left += s.children - 1) {
		if (!take(c, &s))
			return false;
		c->p += s.body_len;
	}
	return true;
}

/* Skips the name of a map's member; s describes it. */
static bool
take_name(struct msgpack_cursor *c, struct msgpack_token *s, const char **name)
{
	struct msgpack_cursor at = *c;

	if (!take(&at, s))
		return false;
	*name = (const char *)at.p;
	return skip(c);
}

/* The index of this name; n if it is not one of them. */
static size_t
index_of(const char *const name[], const size_t name_len[], size_t n, const char *found, size_t len)
{
	size_t i = 0;

	while (i < n && (name_len[i] != len || memcmp(name[i], found, len) != 0))
		i++;
	return i;
}

void
msgpack_find_all(const void *map, size_t len, const char *const name[], size_t n,
    struct msgpack_value value[])
{
	struct msgpack_cursor c = { map, (const unsigned char *)map + len };
	size_t missing = n, name_len[MSGPACK_FIND_MAX];
	struct msgpack_token s;

	for (size_t i = 0; i < n; i++) {
		name_len[i] = strlen(name[i]);
		value[i] = (struct msgpack_value){ NULL, 0 };
	}
	if (!take(&c, &s) || s.kind != MSGPACK_TOKEN_MAP)
		return;
	for (uint64_t left = s.children / 2; left > 0 && missing > 0; left--) {
		const unsigned char *at;
		const char *found;
		size_t i;

		if (!take_name(&c, &s, &found))
			return;
		i = s.kind == MSGPACK_TOKEN_TEXT
		    ? index_of(name, name_len, n, found, (size_t)s.body_len)
		    : n;
		at = c.p;
		if (!skip(&c))
			return;
		if (i < n && value[i].data == NULL) {
			value[i] = (struct msgpack_value){ at, (size_t)(c.p - at) };
			missing--;
		}
	}
}

bool
msgpack_find(const void *map, size_t len, const char *name, const void **value, size_t *value_len)
{
	struct msgpack_value v;

	msgpack_find_all(map, len, &name, 1, &v);
	*value = v.data;
	*value_len = v.len;
	return v.data != NULL;
}

bool
msgpack_value_text(const struct msgpack_value *v, const char **text, size_t *text_len)
{
	struct msgpack_token s;

	if (v->data == NULL || !msgpack_token_read(v->data, v->len, &s)
	    || s.kind != MSGPACK_TOKEN_TEXT)
		return false;
	*text = (const char *)v->data + s.head_len;
	*text_len = (size_t)s.body_len;
	return true;
}

bool
msgpack_find_text(const void *map, size_t len, const char *name, const char **text,
    size_t *text_len)
{
	struct msgpack_value v;

	msgpack_find_all(map, len, &name, 1, &v);
	return msgpack_value_text(&v, text, text_len);
}

/* An integer of any width; false for other scalars and above INT64_MAX. */
static bool
read_int(const unsigned char *p, int64_t *x)
{
	const unsigned char c = p[0];
	const size_t width = (size_t)1 << (c & 3);
	uint64_t n;

	if (c < 0x80 || c >= 0xe0) {
		*x = (int8_t)c;
		return true;
	}
	if (c < 0xcc || c > 0xd3)
		return false;
	n = msgpack_big_endian(p + 1, width);
	if (c >= 0xd0) /* sign extension */
		n = (n ^ (uint64_t)1 << (8 * width - 1)) - ((uint64_t)1 << (8 * width - 1));
	*x = (int64_t)n;
	return c >= 0xd0 || n <= INT64_MAX;
}

bool
msgpack_value_int(const struct msgpack_value *v, int64_t *value)
{
	return v->data != NULL && read_int(v->data, value);
}

/* Goes to the member that a step names; false if it does not exist. */
static bool
descend(struct msgpack_cursor *c, const struct json_pointer_step *step)
{
	struct msgpack_token s, name;
	uint64_t n;

	if (!take(c, &s) || (s.kind != MSGPACK_TOKEN_MAP && s.kind != MSGPACK_TOKEN_LIST))
		return false;
	n = s.kind == MSGPACK_TOKEN_MAP ? s.children / 2 : s.children;
	for (uint64_t i = 0; i < n; i++) {
		const char *found;

		if (s.kind == MSGPACK_TOKEN_LIST && (int64_t)i == json_pointer_index(step))
			return true;
		if (s.kind == MSGPACK_TOKEN_MAP && !take_name(c, &name, &found))
			return false;
		if (s.kind == MSGPACK_TOKEN_MAP && name.kind == MSGPACK_TOKEN_TEXT
		    && json_pointer_matches(step, found, (size_t)name.body_len))
			return true;
		if (!skip(c))
			return false;
	}
	return false;
}

int64_t
msgpack_locate(const void *p, size_t len, const char *pointer)
{
	struct msgpack_cursor c = { p, (const unsigned char *)p + len };
	struct json_pointer_step step;

	while (json_pointer_next(&pointer, &step)) {
		if (!descend(&c, &step))
			return -1;
	}
	if (*pointer != '\0' || c.p == c.end)
		return -1;
	return c.p - (const unsigned char *)p;
}
