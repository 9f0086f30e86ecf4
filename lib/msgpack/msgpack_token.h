/* pack_step.h - the head of one msgpack object, for the walks of lib/pack*.c. */

#ifndef ALIGNX_LIB_PACK_STEP_H
#define ALIGNX_LIB_PACK_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pack_shape { PACK_SCALAR, PACK_TEXT, PACK_BYTES, PACK_LIST, PACK_MAP,
	PACK_RESERVED };

struct pack_step {
	enum pack_shape shape;
	size_t head;		/* bytes before the body: the type and the length */
	uint64_t body;		/* bytes of a scalar, text, bin or ext behind the head */
	uint64_t inside;	/* objects in a list or map, names included */
};

/* The types 0xc0 to 0xdf: shape, bytes of the length, fixed bytes of the body. */
static const struct pack_type {
	unsigned char shape, width, fixed;
} pack_types[0x20] = {
	{ PACK_SCALAR, 0, 0 }, { PACK_RESERVED, 0, 0 },		/* nil */
	{ PACK_SCALAR, 0, 0 }, { PACK_SCALAR, 0, 0 },		/* false, true */
	{ PACK_BYTES, 1, 0 }, { PACK_BYTES, 2, 0 }, { PACK_BYTES, 4, 0 },
	{ PACK_BYTES, 1, 1 }, { PACK_BYTES, 2, 1 }, { PACK_BYTES, 4, 1 },	/* ext */
	{ PACK_SCALAR, 0, 4 }, { PACK_SCALAR, 0, 8 },		/* float */
	{ PACK_SCALAR, 0, 1 }, { PACK_SCALAR, 0, 2 },		/* uint */
	{ PACK_SCALAR, 0, 4 }, { PACK_SCALAR, 0, 8 },
	{ PACK_SCALAR, 0, 1 }, { PACK_SCALAR, 0, 2 },		/* int */
	{ PACK_SCALAR, 0, 4 }, { PACK_SCALAR, 0, 8 },
	{ PACK_BYTES, 0, 2 }, { PACK_BYTES, 0, 3 }, { PACK_BYTES, 0, 5 },
	{ PACK_BYTES, 0, 9 }, { PACK_BYTES, 0, 17 },		/* fixext */
	{ PACK_TEXT, 1, 0 }, { PACK_TEXT, 2, 0 }, { PACK_TEXT, 4, 0 },
	{ PACK_LIST, 2, 0 }, { PACK_LIST, 4, 0 },
	{ PACK_MAP, 2, 0 }, { PACK_MAP, 4, 0 },
};

static inline uint64_t
pack_big_endian(const unsigned char *p, size_t n)
{
	uint64_t x = 0;

	while (n-- > 0)
		x = x << 8 | *p++;
	return x;
}

static inline void
pack_step_set(struct pack_step *s, enum pack_shape shape, uint64_t n)
{
	s->shape = shape;
	s->body = shape == PACK_TEXT || shape == PACK_BYTES ? n : 0;
	s->inside = shape == PACK_LIST ? n : shape == PACK_MAP ? 2 * n : 0;
}

/* Reads the head at p; false if it does not end within len bytes.  The body
 * may, and is for the caller to check. */
static inline bool
pack_step(const unsigned char *p, size_t len, struct pack_step *s)
{
	const struct pack_type *type;
	unsigned char c;

	if (len == 0)
		return false;
	c = p[0];
	s->head = 1;
	if (c < 0x80 || c >= 0xe0) {
		pack_step_set(s, PACK_SCALAR, 0);
	} else if (c < 0xa0) {
		pack_step_set(s, c < 0x90 ? PACK_MAP : PACK_LIST, c & 0x0f);
	} else if (c < 0xc0) {
		pack_step_set(s, PACK_TEXT, c & 0x1f);
	} else {
		type = &pack_types[c - 0xc0];
		if (len - 1 < type->width)
			return false;
		s->head += type->width;
		pack_step_set(s, (enum pack_shape)type->shape,
		    pack_big_endian(p + 1, type->width));
		s->body += type->fixed;
	}
	return true;
}

#endif
