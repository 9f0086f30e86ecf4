/* extract_needs.h - which words patterns need.
 *
 * For extract_starts.c.  Each way in which a pattern may match needs a word of each
 * of a few clauses (extract_literals.h), of which one is its key: the rarest, as far
 * as texts have shown.  Many ways have clauses in common.  The clauses that a word
 * fulfils are a list; the lists of words that were met are remembered, and when there
 * are too many of them needs_refresh() forgets them all. */

#ifndef ALIGNX_STAGES_EXTRACT_NEEDS_H
#define ALIGNX_STAGES_EXTRACT_NEEDS_H

#include <stdint.h>

#include "stages/extract_begins.h"
#include "stages/extract_literals.h"

enum { NEEDS_FAR = UINT16_MAX };

enum {
	NEEDS_NONE,			/* the list of words that nothing needs */
	NEEDS_ANY,			/* of words of which nothing is known */
	NEEDS_FIRST,			/* the others begin here */
};

struct needs_clause {
	uint32_t first_way, stop_way;	/* those that have it as their key */
	uint32_t met;			/* how often it was, of late */
};

/* All that must be looked at for most ways is in one line of the processor's cache. */
struct needs_way {
	struct begins first;		/* words that it may begin with */
	uint32_t clause[LITERALS_CLAUSES];	/* the key first */
	uint16_t reach[LITERALS_CLAUSES];	/* characters before its word, at most;
						   NEEDS_FAR: or more */
	uint32_t id;			/* the caller's */
	uint32_t len;
};

struct needs_list {
	uint32_t at, len;
};

struct needs {
	struct arena arena;
	struct needs_way *way;		/* sorted by key */
	size_t ways, ways_room;
	struct needs_clause *clause;
	struct text *clause_words;	/* all of a clause in a row */
	size_t clauses, clauses_room, clause_words_room;
	uint64_t *turn;			/* the caller's, for each clause */
	struct needs_word *word;
	size_t words, words_room;
	struct needs_posting *posting;
	size_t postings, postings_room;
	uint32_t *slot;			/* 1 + word by hash */
	size_t mask;
	uint64_t inside[64];		/* how words begin that others may end with */

	struct needs_list *list;
	size_t lists;
	uint32_t *member;		/* clauses, of all lists */
	size_t members, members_room;
	uint32_t *list_slot;		/* list by hash */
	bool is_full;
	uint32_t texts;			/* since keys were chosen */
};

/* There must be a clause. */
void needs_add(struct needs *n, uint32_t id, const struct begins *first,
    const struct literals *way);

/* To be called before each text, as the memory is bounded; true if all lists that
 * were told before are no more. */
bool needs_refresh(struct needs *n);

/* The list of a word in small letters, which may have apostrophes and other bytes
 * in it.  Only what comes before those is looked at. */
uint32_t needs_of(struct needs *n, const char *word, size_t len);

void needs_release(struct needs *n);

#endif
