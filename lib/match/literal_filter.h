/* literal_filter.h - which patterns have their required literals near a place in a text.
 *
 * An inverted index from words to clauses (required_literals.h).  A text is read from its
 * last word to its first, so that at each word the nearest later occurrence of every clause
 * is known.  A pattern is armed while its key clause, the rarest, was seen not long ago; of
 * an armed pattern all clauses are checked against their reach.
 *
 * The clauses that a word satisfies are a list, known by its place in `member`.  Lists are
 * kept once; when there are too many, literal_filter_reset() is to be called. */

#ifndef ALIGNX_LIB_MATCH_LITERAL_FILTER_H
#define ALIGNX_LIB_MATCH_LITERAL_FILTER_H

#include <stdint.h>

#include "lib/match/interner.h"
#include "lib/match/required_literals.h"
#include "lib/match/u32_list.h"

enum { LITERAL_FILTER_PREFIXES = 4096 }; /* hashes of three bytes */

enum {
	LITERAL_LIST_EMPTY,
	LITERAL_LIST_UNKNOWN, /* of words looked up while it was full */
	LITERAL_LIST_FIRST,   /* the lists proper */
};

/* What a pattern requires. */
struct literal_needs {
	uint16_t clause[LITERAL_CLAUSES_MAX]; /* the key first */
	uint32_t reach[LITERAL_CLAUSES_MAX];  /* characters from the match's begin to the word */
	uint32_t len;                         /* 0: nothing; it is always armed */
};

struct literal_filter {
	struct arena arena;
	struct literal_needs *needs; /* of each pattern */
	size_t patterns, patterns_cap;

	/* the index: the clauses of each word are a chain of postings */
	struct interner word, clause; /* a clause is the words it has, each ended by a NUL */
	uint32_t *first;              /* of each word: 1 + posting; 0 ends */
	size_t first_cap;
	struct literal_posting *posting;
	size_t postings, postings_cap;
	uint64_t lengths[LITERAL_FILTER_PREFIXES]; /* bit n: a word of n bytes begins so */
	struct u32_list *keyed;                    /* patterns by their key clause */

	/* a text; bitsets of patterns have `words` words */
	size_t words;
	uint64_t *unkeyed, *far;  /* patterns without a key; whose key reaches beyond a span */
	uint64_t *armed, *recent; /* unkeyed, or the key was seen; since the last span began */
	size_t span, span_end;    /* a new span begins before this byte */
	uint64_t *seen_at;        /* of each clause: the last place, counted over all texts */
	uint64_t base, len;       /* of this text in that count; its bytes */

	/* lists: how many clauses and bitset words; the clauses; their patterns as a sparse
	 * bitset, three numbers a word: its place, and its bits in two halves */
	uint32_t *member;
	size_t members, members_cap, lists;
	struct hash_index index; /* of lists by their clauses */
	bool is_full;
};

/* The next pattern. */
void literal_filter_add(struct literal_filter *n, const struct required_literals *of);

/* When all patterns were added. */
void literal_filter_init(struct literal_filter *n);

static inline bool
literal_filter_is_full(const struct literal_filter *n)
{
	return n->is_full;
}

/* Forgets all lists. */
void literal_filter_reset(struct literal_filter *n);

/* The list of a token in lower case; it covers all words that apostrophes and other bytes
 * separate in it. */
uint32_t literal_filter_look_up(struct literal_filter *n, const char *token, size_t len);

/* is_wide: a character may have more than one byte. */
void literal_filter_begin_text(struct literal_filter *n, size_t len, bool is_wide);

static inline void
literal_filter_prefetch(const struct literal_filter *n, uint32_t list)
{
	__builtin_prefetch(&n->member[list]);
	__builtin_prefetch(&n->member[list] + 16);
}

/* Begins a new span at a byte: keys that were not seen in the last one no longer arm their
 * patterns, unless they reach far. */
void literal_filter_age(struct literal_filter *n, size_t at);

/* The word at a byte has this list, which is not LITERAL_LIST_UNKNOWN. */
static inline void
literal_filter_see(struct literal_filter *n, uint32_t list, size_t at)
{
	const uint32_t *m = n->member + list + 2, *last = m + m[-2];
	const uint64_t where = n->base + at;
	uint64_t *seen_at = n->seen_at, *armed = n->armed, *recent = n->recent;
	uint32_t words;

	if (at < n->span_end)
		literal_filter_age(n, at);
	words = m[-1];
	for (; m < last; m++)
		seen_at[*m] = where;
	for (; words > 0; words--, m += 3) {
		const uint64_t bits = m[1] | (uint64_t)m[2] << 32;

		armed[*m] |= bits;
		recent[*m] |= bits;
	}
}

/* A bitset of the patterns that may pass. */
static inline const uint64_t *
literal_filter_armed(const struct literal_filter *n)
{
	return n->armed;
}

/* Was every clause of a pattern seen within its reach from a byte?  is_wide: as before. */
static inline bool
literal_filter_passes(const struct literal_filter *n, uint32_t pattern, size_t at, bool is_wide)
{
	const struct literal_needs *w = &n->needs[pattern];
	const uint64_t from = n->base + at, bytes = is_wide ? 4 : 1;

	/* what was seen in earlier texts only is before `from`: the difference wraps around */
	for (uint32_t i = 0; i < w->len; i++)
		if (n->seen_at[w->clause[i]] - from > bytes * w->reach[i])
			return false;
	return true;
}

/* Was every clause of a pattern seen in this text? */
static inline bool
literal_filter_passes_anywhere(const struct literal_filter *n, uint32_t pattern)
{
	const struct literal_needs *w = &n->needs[pattern];

	for (uint32_t i = 0; i < w->len; i++)
		if (n->seen_at[w->clause[i]] < n->base)
			return false;
	return true;
}

void literal_filter_release(struct literal_filter *n);

#endif
