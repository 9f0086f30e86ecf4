/* Packed objects read: as trees by msgpack-c, field by field without one. */

#include "config.h"

#include "lib/arena.h"
#include "lib/pack.h"
#include "lib/pack_extent.h"
#include "lib/pack_step.h"
#include "lib/pointer.h"

int
pack_tree(const void *p, size_t len, msgpack_zone *zone,
    msgpack_object *out, struct fault *f)
{
	size_t off = 0;
	int r = pack_check(p, len, f);

	if (r < 0)
		return r;
	switch (msgpack_unpack(p, len, &off, zone, out)) {
	case MSGPACK_UNPACK_SUCCESS:
		return 0;
	case MSGPACK_UNPACK_NOMEM_ERROR:
		arena_exhausted();
	default:
		return fault_at(f, (int64_t)off, "bad-msgpack", "not msgpack");
	}
}

struct cursor {
	const unsigned char *p, *end;
};

static bool
take(struct cursor *c, struct pack_step *s)
{
	if (!pack_step(c->p, (size_t)(c->end - c->p), s)
	    || s->shape == PACK_RESERVED
	    || s->body > (size_t)(c->end - c->p) - s->head)
		return false;
	c->p += s->head;
	return true;
}

static bool
skip(struct cursor *c)
{
	struct pack_step s;

	for (uint64_t left = 1; left > 0; left += s.inside - 1) {
		if (!take(c, &s))
			return false;
		c->p += s.body;
	}
	return true;
}

/* Steps over a map's name; body and shape of the name are left in s. */
static bool
take_name(struct cursor *c, struct pack_step *s, const char **name)
{
	struct cursor at = *c;

	if (!take(&at, s))
		return false;
	*name = (const char *)at.p;
	return skip(c);
}

bool
pack_find(const void *map, size_t len, const char *name,
    const void **value, size_t *value_len)
{
	struct cursor c = { map, (const unsigned char *)map + len };
	size_t name_len = strlen(name);
	struct pack_step s;

	if (!take(&c, &s) || s.shape != PACK_MAP)
		return false;
	for (uint64_t left = s.inside / 2; left > 0; left--) {
		const char *found;
		bool is_it;

		if (!take_name(&c, &s, &found))
			return false;
		is_it = s.shape == PACK_TEXT && s.body == name_len
		    && memcmp(found, name, name_len) == 0;
		*value = c.p;
		if (!skip(&c))
			return false;
		*value_len = (size_t)(c.p - (const unsigned char *)*value);
		if (is_it)
			return true;
	}
	return false;
}

bool
pack_find_text(const void *map, size_t len, const char *name,
    const char **text, size_t *text_len)
{
	const void *value;
	size_t value_len;
	struct pack_step s;

	if (!pack_find(map, len, name, &value, &value_len)
	    || !pack_step(value, value_len, &s) || s.shape != PACK_TEXT)
		return false;
	*text = (const char *)value + s.head;
	*text_len = (size_t)s.body;
	return true;
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
	n = pack_big_endian(p + 1, width);
	if (c >= 0xd0)		/* signed: spread the top bit */
		n = (n ^ (uint64_t)1 << (8 * width - 1))
		    - ((uint64_t)1 << (8 * width - 1));
	*x = (int64_t)n;
	return c >= 0xd0 || n <= INT64_MAX;
}

bool
pack_find_int(const void *map, size_t len, const char *name, int64_t *value)
{
	const void *p;
	size_t n;

	return pack_find(map, len, name, &p, &n) && read_int(p, value);
}

/* Goes to the member that a step names; false if there is none. */
static bool
descend(struct cursor *c, const struct pointer_step *step)
{
	struct pack_step s, name;
	uint64_t n;

	if (!take(c, &s) || (s.shape != PACK_MAP && s.shape != PACK_LIST))
		return false;
	n = s.shape == PACK_MAP ? s.inside / 2 : s.inside;
	for (uint64_t i = 0; i < n; i++) {
		const char *found;

		if (s.shape == PACK_LIST && (int64_t)i == pointer_index(step))
			return true;
		if (s.shape == PACK_MAP && !take_name(c, &name, &found))
			return false;
		if (s.shape == PACK_MAP && name.shape == PACK_TEXT
		    && pointer_is_name(step, found, (size_t)name.body))
			return true;
		if (!skip(c))
			return false;
	}
	return false;
}

int64_t
pack_locate(const void *p, size_t len, const char *pointer)
{
	struct cursor c = { p, (const unsigned char *)p + len };
	struct pointer_step step;

	while (pointer_next(&pointer, &step)) {
		if (!descend(&c, &step))
			return -1;
	}
	if (*pointer != '\0' || c.p == c.end)
		return -1;
	return c.p - (const unsigned char *)p;
}
