/* extract_ways.h - the ways in which a pattern may match, one by one.
 *
 * For extract_starts.c.  Long patterns are mostly lists of phrases, of which each
 * asks for words of its own.  The list with the most phrases is taken apart; the
 * tree of the pattern is changed so that it stands for one of them alone. */

#ifndef ALIGNX_STAGES_EXTRACT_WAYS_H
#define ALIGNX_STAGES_EXTRACT_WAYS_H

#include "lib/match/regex_ast.h"

enum { WAYS_MAX = 256 };

struct ways {
	size_t len;
	struct syntax *list;		/* in the tree; NULL: there is one way */
	struct syntax *way[WAYS_MAX];
};

/* is_one: it is not worth while to take it apart. */
struct ways ways_of(struct syntax *pattern, bool is_one);

/* Does the pattern begin with one of its ways? */
bool ways_come_first(const struct ways *w, const struct syntax *pattern);

/* Makes the tree that of one way, and of all again. */
void ways_pick(struct ways *w, size_t i);
void ways_pick_all(struct ways *w);

#endif
