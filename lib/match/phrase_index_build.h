/* extract_lexicon.h - how the words of all rules lie in memory.
 *
 * For extract_words.c, which reads it, and extract_lexicon.c, which builds it.
 * A symbol is a word or a stem; symbol i is also node i, the beginning of the
 * phrases that begin with it.  0 is no symbol, no node, no out.  Hash tables
 * are open, at most half full, and their sizes powers of two. */

#ifndef ALIGNX_STAGES_EXTRACT_LEXICON_H
#define ALIGNX_STAGES_EXTRACT_LEXICON_H

#include <string.h>
#include <xxhash.h>

#include "lib/match/phrase_index.h"

enum { LEXICON_FILTER = 2048 };		/* words of 64 bits: 16 KiB */

struct symbol {
	const char *key;		/* folded; padded as those of tokens */
	uint32_t len;
	bool is_stem;
};

/* Who speaks: a rule, or a set. */
struct out {
	uint32_t rule;
	unsigned mark;			/* not 0: a set, and no rule */
};

struct node {
	struct out first;		/* who speaks here; the others in a row */
	uint32_t others;
	uint32_t outs : 31;
	bool is_later : 1;		/* of a symbol: it goes on some phrase */
	uint32_t shorter;		/* of a stem: the next one that begins it */
	uint64_t goes_on;		/* lexicon_mark() of each child; 0: none */
};

struct words {
	struct symbol *symbol;
	struct node *node;
	struct out *out;
	struct { uint32_t hash, symbol; } *slot;	/* words by their hash */
	struct stems { uint32_t three, first, len; } *stems;	/* by three bytes */
	uint32_t *stem;			/* symbols; those alike in three bytes
					   together, the longer first */
	struct { uint64_t key; uint32_t node; } *edge;
	size_t slots_mask, stems_mask, edges_mask;
	uint64_t filter[LEXICON_FILTER];	/* most tokens are no words of a rule */
};

/* Eight bytes of a key that has them behind it, without those past len. */
static inline uint64_t
lexicon_load(const char *key, size_t len)
{
	uint64_t x;

	memcpy(&x, key, sizeof(x));
	return len >= sizeof(x) ? x : x & (((uint64_t)1 << (8 * len)) - 1);
}

static inline uint64_t
lexicon_hash(const char *key, size_t len)
{
	uint64_t x;

	if (len > 16)
		return XXH3_64bits(key, len);
	x = lexicon_load(key, len) * 0x9e3779b97f4a7c15;
	if (len > 8)
		x ^= lexicon_load(key + 8, len - 8) * 0xc2b2ae3d27d4eb4f;
	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9;
	return x ^ x >> 32;
}

static inline size_t
lexicon_filter_at(uint64_t hash)
{
	return hash >> 6 & (LEXICON_FILTER - 1);
}

static inline uint32_t
lexicon_three(const char *key)
{
	return (uint32_t)lexicon_load(key, 3);
}

static inline size_t
lexicon_three_at(const struct words *w, uint32_t three)
{
	return (three * 0x9e3779b1u) >> 12 & w->stems_mask;
}

/* Who speaks at a node, by number. */
static inline const struct out *
lexicon_out(const struct words *w, const struct node *node, uint32_t i)
{
	return i == 0 ? &node->first : &w->out[node->others + i - 1];
}

static inline uint64_t
lexicon_edge(uint32_t node, uint32_t symbol)
{
	return (uint64_t)node << 32 | symbol;
}

static inline uint64_t
lexicon_edge_hash(uint64_t key)
{
	return (key * 0x9e3779b97f4a7c15) >> 24;
}

/* A bit of a symbol: most phrases end at once. */
static inline uint64_t
lexicon_mark(uint32_t symbol)
{
	return (uint64_t)1 << (symbol * 0x9e3779b1u >> 26);
}

#endif
