/* extract_starts_state.h - what lib/match/prefilter_build.c makes of patterns and
 * lib/match/prefilter.c looks for in texts. */

#ifndef ALIGNX_STAGES_EXTRACT_STARTS_STATE_H
#define ALIGNX_STAGES_EXTRACT_STARTS_STATE_H

#include "lib/match/elsewhere.h"
#include "lib/match/literal_filter.h"
#include "lib/match/first_words.h"
#include "lib/match/bigram_cache.h"
#include "lib/match/prefilter.h"
#include "lib/match/lazy_dfa.h"
#include "lib/match/steps.h"

enum {
	READINGS = 256,			/* starts that are read at once */
	FOUND = 1 << 16,		/* places in a text, before all are tried */
};

/* A pattern that begins at a word, or one of the ways in which it may. */
struct start {
	uint32_t pattern;
	uint32_t state;			/* of the NFA */
	uint32_t root;			/* state; STATES_UNKNOWN: not made yet */
	uint32_t longest;		/* characters of a match, at most */
};

/* A start that is read from a place on. */
struct reading {
	const struct token *token;	/* the first that does not begin before i */
	uint32_t start, at, i, stop, state;
	uint32_t number;		/* of the token, which is read next; 0: a byte is */
};

/* A place where a pattern may begin. */
struct found {
	uint32_t pattern, at;
};

struct starts {
	uint32_t patterns;
	bool is_begun;

	/* patterns that begin at words: by the words that they begin with, then by
	 * those that they need, and then read from a place on, many at once */
	struct start *start;
	size_t starts, start_room;
	uint32_t *first_way;		/* of each, and of one behind the last */
	struct nfa nfa;
	struct openings openings;
	struct needs needs;
	struct rows rows;		/* of starts */
	struct pairs pairs;
	struct reading *reading;
	size_t readings;
	struct states states;
	struct states_marks marks;	/* of all automata of this nfa */
	struct steps steps;
	uint32_t words;			/* how many were looked up: their numbers */
	struct found *found;
	size_t founds;

	struct elsewhere elsewhere;	/* all other patterns */
};

#endif
