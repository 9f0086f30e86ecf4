/* u32_list.h - a growing array of numbers; a zeroed struct is empty, free(at) releases it. */

#ifndef ALIGNX_LIB_MATCH_U32_LIST_H
#define ALIGNX_LIB_MATCH_U32_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "lib/core/arena.h"

struct u32_list {
	uint32_t *at;
	size_t len, cap;
};

static inline void
u32_list_push(struct u32_list *list, uint32_t x)
{
	list->at = arena_grow_array(list->at, list->len, &list->cap, sizeof(*list->at));
	list->at[list->len++] = x;
}

#endif
