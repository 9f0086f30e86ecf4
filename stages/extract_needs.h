/* extract_needs.h - which words patterns need.
 *
 * For extract_starts.c.  Each way in which a pattern may match needs a word of each
 * of a few clauses (extract_literals.h).  Many ways have clauses in common.  The
 * clauses that a word fulfils are a list; the lists of words that were met are
 * remembered, and when there are too many of them needs_forget() is to be called. */

#ifndef ALIGNX_STAGES_EXTRACT_NEEDS_H
#define ALIGNX_STAGES_EXTRACT_NEEDS_H

#include <stdint.h>

#include "stages/extract_literals.h"
#include "stages/extract_states.h"

enum { NEEDS_BEGINS = 4096 };	/* into which three bytes are hashed */

enum {
	NEEDS_NONE,			/* the list of words that nothing needs */
	NEEDS_ANY,			/* of words of which nothing is known */
	NEEDS_FIRST,			/* the others begin here */
};

/* All that must be looked at for a way is in one line of the processor's cache. */
struct needs_way {
	uint32_t clause[LITERALS_CLAUSES];
	uint32_t reach[LITERALS_CLAUSES];	/* characters before its word, at most */
	uint32_t len;
};

/* The ways of what is looked for, and a clause that each of them asks for. */
struct needs_of {
	uint32_t first_way, stop_way;
	uint32_t key, reach;		/* KEYLESS: there is none */
};

/* Clauses, and behind them the numbers of those whose key is among these. */
struct needs_list {
	uint32_t at, clauses, keys;
};

struct needs {
	struct arena arena;
	struct needs_way *way;		/* those of a pattern in a row */
	size_t ways, ways_room;
	struct needs_of *of;
	size_t ofs, ofs_room;
	struct text *clause_words;	/* all of a clause in a row */
	size_t clauses, clauses_room;
	uint64_t *met;			/* where a clause was fulfilled, in all texts */
	uint64_t text, text_len;	/* where the one in hand begins in them */
	uint64_t *open;			/* keyless, or the key was met */
	struct states_list *keyed;	/* numbers, by their key */
	size_t row;			/* words of 64 numbers */
	uint64_t *keyless;		/* those that have none */
	struct needs_word *word;
	size_t words, words_room;
	struct needs_posting *posting;
	size_t postings, postings_room;
	uint32_t *slot;			/* 1 + word by hash */
	size_t mask;
	uint64_t lengths[NEEDS_BEGINS];	/* of words, as bits, by how they begin */

	struct needs_list *list;
	size_t lists;
	uint32_t *member;		/* of all lists */
	size_t members, members_room;
	uint32_t *list_slot;		/* list by hash */
	bool is_full;
};

/* Adds what is looked for, by its numbers; then its ways.  all: what each of them
 * asks for. */
void needs_add(struct needs *n, const struct literals *all);
void needs_add_way(struct needs *n, const struct literals *way);

/* When all were added. */
void needs_begin(struct needs *n);

static inline bool
needs_are_full(const struct needs *n)
{
	return n->is_full;
}

/* All lists that were told before are no more. */
void needs_forget(struct needs *n);

/* The list of a word in small letters; if there are apostrophes and other bytes in
 * it, of all that they part. */
uint32_t needs_look_up(struct needs *n, const char *word, size_t len);

/* A new text, of so many bytes.  Its words are met from the last to the first. */
void needs_begin_text(struct needs *n, size_t len);

/* The word at a byte fulfils a list, which is not NEEDS_ANY. */
void needs_meet(struct needs *n, uint32_t list, size_t at);

/* Asks for a list from memory, before it is met; and then for what is in it. */
static inline void
needs_fetch(const struct needs *n, uint32_t list)
{
	__builtin_prefetch(&n->list[list]);
}

static inline void
needs_fetch_members(const struct needs *n, uint32_t list)
{
	__builtin_prefetch(&n->member[n->list[list].at]);
}

/* What may be met by now, as bits. */
static inline const uint64_t *
needs_open(const struct needs *n)
{
	return n->open;
}

/* Are all clauses of some way fulfilled by words from a byte on, and not too far from
 * it?  is_wide: characters may have more than a byte. */
bool needs_are_met(const struct needs *n, uint32_t number, size_t at, bool is_wide);

void needs_release(struct needs *n);

#endif
