#include "config.h"

#include <stdlib.h>

#include "lib/core/arena.h"
#include "lib/match/match_list.h"

void
match_list_add(struct match_list *list, const struct match *match)
{
	list->at = arena_grow_array(list->at, list->len, &list->cap, sizeof(*list->at));
	list->at[list->len++] = *match;
}

void
match_list_release(struct match_list *list)
{
	free(list->at);
	*list = (struct match_list){ 0 };
}
