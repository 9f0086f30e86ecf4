/* msgpack_check.c - msgpack_extent() of msgpack.h and msgpack_check(): walks foreign msgpack. */

#include "config.h"

#include <inttypes.h>

#include "lib/core/utf8.h"
#include "lib/msgpack/msgpack.h"
#include "lib/msgpack/msgpack_check.h"
#include "lib/msgpack/msgpack_token.h"

enum { SMALL = 32 }; /* at most as many bytes has what skip_small() skips at once */

struct msgpack_walk {
	const unsigned char *p;
	size_t len, at;
	bool is_text_checked;
	struct fault *fault;
	uint64_t left; /* objects left in the current list or map */
	size_t depth;
	uint64_t enclosing[MSGPACK_DEPTH]; /* and in those that enclose it */
};

static int
check_text(struct msgpack_walk *e, const char *s, size_t len)
{
	size_t bad;

	if (utf8_is_valid(s, len))
		return 1;
	bad = utf8_first_invalid(s, len);
	return fault_at(e->fault, (int64_t)(e->at + bad), "bad-utf8", "invalid UTF-8 byte 0x%02x",
	    (unsigned char)s[bad]);
}

static int
enter(struct msgpack_walk *e, size_t place, uint64_t inside)
{
	if (e->depth == MSGPACK_DEPTH)
		return fault_at(e->fault, (int64_t)place, "too-deep", "nesting deeper than %d",
		    MSGPACK_DEPTH);
	e->enclosing[e->depth++] = e->left;
	e->left = inside;
	return inside <= e->len - e->at; /* an object has at least one byte */
}

/* Skips a head and its body: 1, 0 if they are cut off, -1 with a fault. */
static inline int
step(struct msgpack_walk *e)
{
	size_t place = e->at;
	struct msgpack_token s;

	if (!msgpack_token_read(e->p + place, e->len - place, &s))
		return 0;
	e->at += s.head_len;
	e->left--;
	if (s.body_len > e->len - e->at)
		return 0;
	if (s.kind == MSGPACK_TOKEN_TEXT && e->is_text_checked
	    && check_text(e, (const char *)e->p + e->at, (size_t)s.body_len) < 0)
		return -1;
	e->at += (size_t)s.body_len;
	if (s.kind == MSGPACK_TOKEN_RESERVED)
		return fault_at(e->fault, (int64_t)place, "bad-msgpack",
		    "byte 0x%02x begins no msgpack object", e->p[place]);
	if (s.kind == MSGPACK_TOKEN_LIST || s.kind == MSGPACK_TOKEN_MAP)
		return enter(e, place, s.children);
	return 1;
}

/* Skips what most maps consist of, as long as it surely ends within the bytes. */
static inline void
skip_small(struct msgpack_walk *e)
{
	const unsigned char *p = e->p + e->at, *stop;
	uint64_t left = e->left;

	if (e->is_text_checked || e->len < SMALL)
		return;
	stop = e->p + e->len - SMALL;
	for (; left > 0 && p < stop; left--) {
		unsigned c = *p;

		if (c < 0x80 || c >= 0xe0)
			p++;
		else if ((c & 0xe0) == 0xa0) /* a short text */
			p += 1 + (c & 0x1f);
		else if (c == 0xcb) /* a number with a fraction */
			p += 9;
		else
			break;
	}
	e->left = left;
	e->at = (size_t)(p - e->p);
}

static int64_t
walk(struct msgpack_walk *e)
{
	e->left = 1;
	for (;;) {
		int r = step(e);

		if (r <= 0)
			return r;
		skip_small(e);
		while (e->left == 0) {
			if (e->depth == 0)
				return (int64_t)e->at;
			e->left = e->enclosing[--e->depth];
		}
	}
}

int64_t
msgpack_extent(const void *p, size_t len, struct fault *f)
{
	struct msgpack_walk e = { .p = p, .len = len, .fault = f };

	return walk(&e);
}

int
msgpack_check(const void *p, size_t len, struct fault *f)
{
	struct msgpack_walk e = { .p = p, .len = len, .fault = f, .is_text_checked = true };
	int64_t n = walk(&e);

	if (n == 0)
		return fault_at(f, (int64_t)len, "bad-msgpack",
		    "the object continues after the end of its bytes");
	if (n > 0 && (size_t)n < len)
		return fault_at(f, n, "bad-msgpack", "%zu bytes after the end of the object",
		    len - (size_t)n);
	return n < 0 ? -1 : 0;
}
