#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"

char *
buf_grow(struct buf *b, size_t more)
{
	size_t cap = b->cap > 0 ? b->cap : 256;

	if (more > SIZE_MAX / 2 - b->len)
		arena_out_of_memory();
	while (cap < b->len + more)
		cap *= 2;
	if ((b->data = realloc(b->data, cap)) == NULL)
		arena_out_of_memory();
	b->cap = cap;
	return b->data + b->len;
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	buf_reserve(b, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
buf_release(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}
