/* extract_starts_state.h - what stages/extract_starts_add.c makes of patterns and
 * stages/extract_starts.c looks for in texts. */

#ifndef ALIGNX_STAGES_EXTRACT_STARTS_STATE_H
#define ALIGNX_STAGES_EXTRACT_STARTS_STATE_H

#include "stages/extract_begins.h"
#include "stages/extract_elsewhere.h"
#include "stages/extract_needs.h"
#include "stages/extract_starts.h"
#include "stages/extract_states.h"

enum {
	READINGS = 512,			/* ways that are read at once */
	NO_WORD = 256,			/* how no word begins */
	FOUND = 1 << 16,		/* places in a text, before all are tried */
};

/* A way for a pattern to match, and how far it was looked for in a text. */
struct way {
	uint32_t pattern;
	uint32_t start;			/* of the NFA */
	uint32_t root;			/* state; UNKNOWN: not made yet */
	uint32_t next;			/* place to look at, if turn is that of the text */
	uint32_t longest;		/* characters of a match, at most */
	uint64_t turn;
	struct begins first, second;	/* words that it may begin with */
};

/* Where a word begins: the last such place before this with the same begin_of(), plus
 * 1, or 0; and how the next word begins. */
struct place {
	uint32_t at, before;
	uint16_t begin, next;		/* next: NO_WORD if there is none */
};

/* A way that is read from a place on. */
struct reading {
	uint32_t way, at, i, stop, state;
};

/* A place where a pattern may begin. */
struct found {
	uint32_t pattern, at;
};

struct starts {
	uint32_t patterns;
	bool is_begun;

	/* ways of patterns that begin at words: first by the words that they need */
	struct needs needs;
	struct way *way;
	size_t ways, ways_room;
	uint64_t turn;			/* the text in hand */

	struct states_list free;	/* those that need none that is rare */

	/* then by the words that they begin with, by how these begin */
	struct place *place;
	size_t places, places_room;
	uint32_t last[256];		/* 1 + place; 0: none */
	struct begins seen;		/* those that are not 0 */

	/* and then read from a place on, many at once */
	struct reading *reading;
	size_t readings;
	struct nfa nfa;
	struct states states;
	struct found *found;
	size_t founds;

	struct elsewhere elsewhere;	/* all other patterns */
};

#endif
