/* match_list.h - what phrases and patterns found in a text. */

#ifndef ALIGNX_LIB_MATCH_MATCH_LIST_H
#define ALIGNX_LIB_MATCH_MATCH_LIST_H

#include <stddef.h>
#include <stdint.h>

struct match {
	uint32_t id;          /* the caller's, of a phrase or pattern */
	uint32_t begin, end;  /* bytes of tokens.text */
	uint32_t first, stop; /* tokens; equal if it has none */
};

/* A zeroed struct is empty; the memory is reused from text to text. */
struct match_list {
	struct match *at;
	size_t len, cap;
};

void match_list_add(struct match_list *list, const struct match *match);
void match_list_release(struct match_list *list);

#endif
