/* phrase_index_internal.h - the memory layout of a phrase index.
 *
 * A symbol is a word or a prefix.  The first symbol of a phrase is also the number of its trie
 * node; further nodes follow those.  0 is no symbol and no node.  The tables are filled once
 * and read for each token, hence not a hash_index: their hashes are computed from what a token
 * already has, and a Bloom filter answers most look-ups. */

#ifndef ALIGNX_LIB_MATCH_PHRASE_INDEX_INTERNAL_H
#define ALIGNX_LIB_MATCH_PHRASE_INDEX_INTERNAL_H

#include <string.h>
#include <xxhash.h>

#include "lib/match/phrase_index.h"

enum { PHRASE_FILTER_WORDS = 2048 }; /* of 64 bits: 16 KiB */

struct phrase_symbol {
	const char *key; /* in lower case, padded like the keys of tokens */
	uint32_t len;
	bool is_prefix;
};

/* A phrase that ends at a node. */
struct phrase_output {
	uint32_t id;
	uint16_t flags; /* not 0: there is no id */
};

struct phrase_node {
	struct phrase_output first; /* of its outputs; the others are consecutive */
	uint32_t others;
	uint32_t outputs : 31;
	bool is_continuation : 1; /* of a symbol: it is not only the first of phrases */
	uint32_t shorter;         /* of a prefix: the longest other prefix that begins it */
	uint64_t next_filter;     /* phrase_symbol_bit() of each child's symbol */
};

/* The prefixes with the same first three bytes, in phrase_index.prefix, the longest first. */
struct phrase_bucket {
	uint32_t trigram, first, len;
};

/* Open addressing, at most half full; sizes are powers of two. */
struct phrase_index {
	struct phrase_symbol *symbol;
	struct phrase_node *node;
	struct phrase_output *output;
	uint16_t counted; /* flags */
	struct {
		uint32_t hash, symbol;
	} * word;
	struct phrase_bucket *bucket; /* of prefixes, by trigram */
	uint32_t *prefix;             /* symbols */
	struct {
		uint64_t key;
		uint32_t node;
	} * edge;
	size_t words_mask, buckets_mask, edges_mask;
	uint64_t filter[PHRASE_FILTER_WORDS]; /* of words, one bit each */
};

/* Eight bytes of a key, zeros after its end. */
static inline uint64_t
phrase_load(const char *key, size_t len)
{
	uint64_t x;

	memcpy(&x, key, sizeof(x));
	return len >= sizeof(x) ? x : x & (((uint64_t)1 << (8 * len)) - 1);
}

static inline uint64_t
phrase_hash(const char *key, size_t len)
{
	uint64_t x;

	if (len > 16)
		return XXH3_64bits(key, len);
	x = phrase_load(key, len) * 0x9e3779b97f4a7c15;
	if (len > 8)
		x ^= phrase_load(key + 8, len - 8) * 0xc2b2ae3d27d4eb4f;
	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9;
	return x ^ x >> 32;
}

static inline size_t
phrase_filter_at(uint64_t hash)
{
	return hash >> 6 & (PHRASE_FILTER_WORDS - 1);
}

static inline uint32_t
phrase_trigram(const char *key)
{
	return (uint32_t)phrase_load(key, 3);
}

static inline size_t
phrase_trigram_at(const struct phrase_index *w, uint32_t trigram)
{
	return (trigram * 0x9e3779b1u) >> 12 & w->buckets_mask;
}

static inline const struct phrase_output *
phrase_node_output(const struct phrase_index *w, const struct phrase_node *node, uint32_t i)
{
	return i == 0 ? &node->first : &w->output[node->others + i - 1];
}

static inline uint64_t
phrase_edge_key(uint32_t node, uint32_t symbol)
{
	return (uint64_t)node << 32 | symbol;
}

static inline uint64_t
phrase_edge_hash(uint64_t key)
{
	return (key * 0x9e3779b97f4a7c15) >> 24;
}

/* The bit of a symbol in a Bloom filter of 64 bits. */
static inline uint64_t
phrase_symbol_bit(uint32_t symbol)
{
	return (uint64_t)1 << (symbol * 0x9e3779b1u >> 26);
}

#endif
