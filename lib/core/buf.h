/* buf.h - a growing buffer of bytes.
 *
 * A zeroed struct is an empty buffer.  It keeps its memory when it is cleared, so a filter
 * that reuses one soon stops allocating.  Running out of memory ends the program (exit 2), as
 * with arenas. */

#ifndef ALIGNX_LIB_CORE_BUF_H
#define ALIGNX_LIB_CORE_BUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
	char *data;
	size_t len, cap;
};

char *buf_grow(struct buf *b, size_t more); /* for buf_reserve() */
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_release(struct buf *b);

/* Makes sure that `more` bytes fit after the last, and returns where they go. */
static inline char *
buf_reserve(struct buf *b, size_t more)
{
	return more <= b->cap - b->len ? b->data + b->len : buf_grow(b, more);
}

static inline void
buf_clear(struct buf *b)
{
	b->len = 0;
}

static inline void
buf_add(struct buf *b, const void *data, size_t len)
{
	if (len == 0)
		return;
	memcpy(buf_reserve(b, len), data, len);
	b->len += len;
}

static inline void
buf_add_byte(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	b->len++;
}

static inline void
buf_add_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

#endif
