/* arena.h - memory that is freed all at once.
 *
 * A program owns two arenas: one for its whole life and one for the current record, emptied
 * before the next record is read.  Objects are not freed one by one.  Running out of memory
 * ends the program (exit 2), so no caller tests for NULL. */

#ifndef ALIGNX_LIB_CORE_ARENA_H
#define ALIGNX_LIB_CORE_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_block *top;
	size_t held; /* bytes of its blocks, for tests and --stats */
};

void *arena_alloc(struct arena *a, size_t size);                 /* zeroed, aligned for any type */
char *arena_strndup(struct arena *a, const char *s, size_t len); /* with a NUL added */
void arena_reset(struct arena *a);                               /* frees all but one block */
void arena_release(struct arena *a);

/* Memory outside any arena, for free(). */
void *arena_calloc(size_t n, size_t size); /* zeroed */
void *arena_malloc_huge(size_t bytes);     /* not zeroed; in huge pages if it is large */
void *arena_malloc_aligned(size_t bytes);  /* not zeroed; aligned to a cache line */
_Noreturn void arena_out_of_memory(void);  /* says so, and exits with 2 */

void *arena_double(void *array, size_t *cap, size_t size); /* for arena_grow_array() */

/* An array outside any arena, with a capacity of at least len + 1: doubled when it is full. */
static inline void *
arena_grow_array(void *array, size_t len, size_t *cap, size_t size)
{
	return len < *cap ? array : arena_double(array, cap, size);
}

#endif
