/* extract_needs.h - which words patterns need.
 *
 * For extract_starts.c.  Each way in which a pattern may match needs a word of each
 * of a few clauses (extract_literals.h), of which the rarest is its key.  Many ways have
 * clauses in common.  The clauses that a word fulfils are a list; the lists of words
 * that were met are remembered, and when there are too many of them needs_forget() is
 * to be called.  A list is known by where it stands, a way by its number. */

#ifndef ALIGNX_STAGES_EXTRACT_NEEDS_H
#define ALIGNX_STAGES_EXTRACT_NEEDS_H

#include <stdint.h>

#include "lib/match/required_literals.h"
#include "lib/match/lazy_dfa.h"
#include "lib/match/interner.h"

enum { NEEDS_BEGINS = 4096 };	/* into which three bytes are hashed */

enum {
	NEEDS_NONE,			/* the list of words that nothing needs */
	NEEDS_ANY,			/* of words of which nothing is known */
	NEEDS_FIRST,			/* the others are here and behind */
};

/* All that must be looked at for a way. */
struct needs_way {
	uint16_t clause[LITERALS_CLAUSES];	/* the rarest first; none: it has no key */
	uint32_t reach[LITERALS_CLAUSES];	/* characters before its word, at most */
	uint32_t len;
	uint32_t start;			/* what it is a way of */
};

struct needs {
	struct arena arena;
	struct needs_way *way;		/* those of a start in a row */
	size_t ways, ways_room;
	struct texts clause;		/* all words of each in a row */
	uint64_t *met;			/* where a clause was fulfilled, in all texts */
	uint64_t text, text_len;	/* where the one in hand begins in them */
	struct states_list *keyed;	/* ways, by their key */
	size_t row;			/* words of 64 ways */
	uint64_t *keyless, *far;	/* those that have none; that have one that reaches far */
	uint64_t *open, *fresh;		/* keyless, or the key was met not long ago; just now */
	size_t span, turn_at;		/* when that was long ago: at this byte, and so on */
	struct texts word;
	uint32_t *first;		/* of each word, 1 + the first posting */
	size_t first_room;
	struct needs_posting *posting;
	size_t postings, postings_room;
	uint64_t lengths[NEEDS_BEGINS];	/* of words, as bits, by how they begin */

	/* of each list, how many clauses and keys there are; the clauses; and the ways with
	 * these keys: which 64, and their bits in two halves */
	uint32_t *member;
	size_t members, members_room, lists;
	uint32_t *list_slot;		/* list by hash */
	bool is_full;
};

/* Adds a way of a start, of which the number is that of the last one, or the next. */
void needs_add_way(struct needs *n, uint32_t start, const struct literals *way);

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

/* A new text, of so many bytes; is_wide: characters may have more than one.  Its words
 * are met from the last to the first. */
void needs_begin_text(struct needs *n, size_t len, bool is_wide);

/* Asks for a list from memory, before it is met. */
static inline void
needs_fetch(const struct needs *n, uint32_t list)
{
	__builtin_prefetch(&n->member[list]);
	__builtin_prefetch(&n->member[list] + 16);
}

/* Keys that were met long before a byte are forgotten. */
void needs_turn(struct needs *n, size_t at);

/* The word at a byte fulfils a list, which is not NEEDS_ANY. */
static inline void
needs_meet(struct needs *n, uint32_t list, size_t at)
{
	const uint32_t *m = n->member + list + 2, *last = m + m[-2];
	const uint64_t where = n->text + at;
	uint64_t *met = n->met, *open = n->open, *fresh = n->fresh;
	uint32_t keys;

	if (at < n->turn_at)
		needs_turn(n, at);
	keys = m[-1];
	for (; m < last; m++)
		met[*m] = where;
	for (; keys > 0; keys--, m += 3) {
		const uint64_t bits = m[1] | (uint64_t)m[2] << 32;

		open[*m] |= bits;
		fresh[*m] |= bits;
	}
}

/* Ways whose key may be met by now, as bits. */
static inline const uint64_t *
needs_open(const struct needs *n)
{
	return n->open;
}

/* Are all clauses of a way fulfilled by words from a byte on, and not too far from it?
 * is_wide: as before. */
static inline bool
needs_are_met(const struct needs *n, const struct needs_way *w, size_t at, bool is_wide)
{
	const uint64_t from = n->text + at, bytes = is_wide ? 4 : 1;

	/* what was met in texts before is further than all */
	for (uint32_t i = 0; i < w->len; i++)
		if (n->met[w->clause[i]] - from > bytes * w->reach[i])
			return false;
	return true;
}

void needs_release(struct needs *n);

#endif
