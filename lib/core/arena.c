#include "config.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "lib/core/arena.h"

enum { BLOCK = 64 * 1024, LINE = 64, HUGE_PAGE = 2 << 20 }; /* LINE: of the cache */

struct arena_block {
	struct arena_block *below;
	size_t size, used;
	alignas(LINE) unsigned char data[];
};

void
arena_out_of_memory(void)
{
	fputs("out of memory\n", stderr);
	exit(2);
}

static void *
aligned(size_t bytes, size_t unit)
{
	void *p = bytes > SIZE_MAX - unit ? NULL
					  : aligned_alloc(unit, (bytes + unit - 1) / unit * unit);

	if (p == NULL)
		arena_out_of_memory();
	return p;
}

/* Random access to a large table misses the TLB; huge pages make that rare. */
void *
arena_malloc_huge(size_t bytes)
{
	size_t unit = bytes < 2 * HUGE_PAGE ? LINE : HUGE_PAGE;
	void *p = aligned(bytes, unit);

	if (unit == HUGE_PAGE)
		madvise(p, bytes, MADV_HUGEPAGE); /* only a hint: it may fail */
	return p;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b = a->top;
	const size_t mask = alignof(max_align_t) - 1;
	void *p;

	if (size > SIZE_MAX - mask - sizeof(*b) - HUGE_PAGE)
		arena_out_of_memory();
	size = (size + mask) & ~mask;
	if (b == NULL || b->size - b->used < size) {
		size_t capacity = size > BLOCK ? size : BLOCK;

		b = arena_malloc_huge(sizeof(*b) + capacity);
		b->below = a->top;
		b->size = capacity;
		b->used = 0;
		a->top = b;
		a->held += capacity;
	}
	p = b->data + b->used;
	b->used += size;
	return memset(p, 0, size);
}

char *
arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *p = arena_alloc(a, len + 1);

	memcpy(p, s, len);
	return p;
}

void *
arena_malloc_aligned(size_t bytes)
{
	return aligned(bytes + (bytes == 0), LINE);
}

void *
arena_double(void *array, size_t *cap, size_t size)
{
	*cap = *cap > 0 ? 2 * *cap : 256;
	if ((array = reallocarray(array, *cap, size)) == NULL)
		arena_out_of_memory();
	return array;
}

void *
arena_calloc(size_t n, size_t size)
{
	void *p = calloc(n > 0 ? n : 1, size);

	if (p == NULL)
		arena_out_of_memory();
	return p;
}

void
arena_reset(struct arena *a)
{
	struct arena_block *b = a->top;

	if (b == NULL)
		return;
	while (b->below != NULL) {
		struct arena_block *below = b->below;

		a->held -= b->size;
		free(b);
		b = below;
	}
	b->used = 0;
	a->top = b;
}

void
arena_release(struct arena *a)
{
	arena_reset(a);
	free(a->top);
	*a = (struct arena){ 0 };
}
