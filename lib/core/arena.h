/* arena.h - memory that is given back all at once.
 *
 * A program owns two arenas: one for its whole life and one for the record
 * in hand, emptied before the next record is read.  Nothing is freed one
 * object at a time.  Running out of memory ends the program (exit 2), so no
 * caller tests for NULL. */

#ifndef ALIGNX_LIB_ARENA_H
#define ALIGNX_LIB_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_block *top;
	size_t held;		/* bytes asked of malloc, for tests and --stats */
};

void *arena_get(struct arena *a, size_t size);	/* zeroed, aligned for any type */
char *arena_dup(struct arena *a, const char *s, size_t len);
void arena_empty(struct arena *a);		/* keeps one block for reuse */
void arena_release(struct arena *a);
void *arena_array(size_t n, size_t size);	/* outside any arena: zeroed, for free() */
void *arena_doubled(void *array, size_t *room, size_t size);	/* for arena_grown() */
void *arena_table(size_t bytes);		/* not zeroed, in large pages where it is large */
void *arena_lines(size_t bytes);		/* not zeroed, from a cache line on */
_Noreturn void arena_exhausted(void);		/* says so and exits 2 */

/* An array outside any arena, with room for one more than len; doubles when it is full. */
static inline void *
arena_grown(void *array, size_t len, size_t *room, size_t size)
{
	return len < *room ? array : arena_doubled(array, room, size);
}

#endif
