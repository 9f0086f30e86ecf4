/* msgpack_token.h - reads the head of one msgpack object, for those who walk msgpack without
 * building a tree. */

#ifndef ALIGNX_LIB_MSGPACK_MSGPACK_TOKEN_H
#define ALIGNX_LIB_MSGPACK_MSGPACK_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum msgpack_token_kind {
	MSGPACK_TOKEN_SCALAR,
	MSGPACK_TOKEN_TEXT,
	MSGPACK_TOKEN_BYTES, /* bin and ext */
	MSGPACK_TOKEN_LIST,
	MSGPACK_TOKEN_MAP,
	MSGPACK_TOKEN_RESERVED,
};

struct msgpack_token {
	enum msgpack_token_kind kind;
	size_t head_len;   /* bytes of the type and the length */
	uint64_t body_len; /* bytes of a scalar, text, bin or ext after the head */
	uint64_t children; /* objects in a list or map, names included */
};

/* The types 0xc0 to 0xdf: kind, bytes of the length, fixed bytes of the body. */
static const struct msgpack_token_type {
	unsigned char kind, width, fixed;
} msgpack_token_types[0x20] = {
	[0x00] = { MSGPACK_TOKEN_SCALAR, 0, 0 }, /* nil */
	[0x01] = { MSGPACK_TOKEN_RESERVED, 0, 0 },
	[0x02] = { MSGPACK_TOKEN_SCALAR, 0, 0 }, /* false */
	[0x03] = { MSGPACK_TOKEN_SCALAR, 0, 0 }, /* true */
	[0x04] = { MSGPACK_TOKEN_BYTES, 1, 0 },  /* bin */
	[0x05] = { MSGPACK_TOKEN_BYTES, 2, 0 },
	[0x06] = { MSGPACK_TOKEN_BYTES, 4, 0 },
	[0x07] = { MSGPACK_TOKEN_BYTES, 1, 1 }, /* ext */
	[0x08] = { MSGPACK_TOKEN_BYTES, 2, 1 },
	[0x09] = { MSGPACK_TOKEN_BYTES, 4, 1 },
	[0x0a] = { MSGPACK_TOKEN_SCALAR, 0, 4 }, /* float */
	[0x0b] = { MSGPACK_TOKEN_SCALAR, 0, 8 },
	[0x0c] = { MSGPACK_TOKEN_SCALAR, 0, 1 }, /* uint */
	[0x0d] = { MSGPACK_TOKEN_SCALAR, 0, 2 },
	[0x0e] = { MSGPACK_TOKEN_SCALAR, 0, 4 },
	[0x0f] = { MSGPACK_TOKEN_SCALAR, 0, 8 },
	[0x10] = { MSGPACK_TOKEN_SCALAR, 0, 1 }, /* int */
	[0x11] = { MSGPACK_TOKEN_SCALAR, 0, 2 },
	[0x12] = { MSGPACK_TOKEN_SCALAR, 0, 4 },
	[0x13] = { MSGPACK_TOKEN_SCALAR, 0, 8 },
	[0x14] = { MSGPACK_TOKEN_BYTES, 0, 2 }, /* fixext */
	[0x15] = { MSGPACK_TOKEN_BYTES, 0, 3 },
	[0x16] = { MSGPACK_TOKEN_BYTES, 0, 5 },
	[0x17] = { MSGPACK_TOKEN_BYTES, 0, 9 },
	[0x18] = { MSGPACK_TOKEN_BYTES, 0, 17 },
	[0x19] = { MSGPACK_TOKEN_TEXT, 1, 0 },
	[0x1a] = { MSGPACK_TOKEN_TEXT, 2, 0 },
	[0x1b] = { MSGPACK_TOKEN_TEXT, 4, 0 },
	[0x1c] = { MSGPACK_TOKEN_LIST, 2, 0 },
	[0x1d] = { MSGPACK_TOKEN_LIST, 4, 0 },
	[0x1e] = { MSGPACK_TOKEN_MAP, 2, 0 },
	[0x1f] = { MSGPACK_TOKEN_MAP, 4, 0 },
};

static inline uint64_t
msgpack_big_endian(const unsigned char *p, size_t n)
{
	uint64_t x = 0;

	while (n-- > 0)
		x = x << 8 | *p++;
	return x;
}

static inline void
msgpack_token_set(struct msgpack_token *s, enum msgpack_token_kind kind, uint64_t n)
{
	s->kind = kind;
	s->body_len = kind == MSGPACK_TOKEN_TEXT || kind == MSGPACK_TOKEN_BYTES ? n : 0;
	s->children = kind == MSGPACK_TOKEN_LIST ? n : kind == MSGPACK_TOKEN_MAP ? 2 * n : 0;
}

/* Reads the head at p; false if it does not end within len bytes.  Whether the body does, the
 * caller checks. */
static inline bool
msgpack_token_read(const unsigned char *p, size_t len, struct msgpack_token *s)
{
	const struct msgpack_token_type *type;
	unsigned char c;

	if (len == 0)
		return false;
	c = p[0];
	s->head_len = 1;
	if (c < 0x80 || c >= 0xe0) {
		msgpack_token_set(s, MSGPACK_TOKEN_SCALAR, 0);
	} else if (c < 0xa0) {
		msgpack_token_set(s, c < 0x90 ? MSGPACK_TOKEN_MAP : MSGPACK_TOKEN_LIST, c & 0x0f);
	} else if (c < 0xc0) {
		msgpack_token_set(s, MSGPACK_TOKEN_TEXT, c & 0x1f);
	} else {
		type = &msgpack_token_types[c - 0xc0];
		if (len - 1 < type->width)
			return false;
		s->head_len += type->width;
		msgpack_token_set(s, (enum msgpack_token_kind)type->kind,
		    msgpack_big_endian(p + 1, type->width));
		s->body_len += type->fixed;
	}
	return true;
}

#endif
