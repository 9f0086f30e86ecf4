/* word_info.h - what is known of a word, whichever text it is in.
 *
 * Computed once and kept by word_cache.h; each part belongs to one module.  Together with
 * sixteen bytes of a word it fills a cache line. */

#ifndef ALIGNX_LIB_MATCH_WORD_INFO_H
#define ALIGNX_LIB_MATCH_WORD_INFO_H

#include <stdbool.h>
#include <stdint.h>

/* phrase_index.h */
struct word_phrases {
	uint64_t next_filter;  /* Bloom bits of the symbols that may follow it in phrases */
	uint64_t own_filter;   /* and of its own symbols, where it may follow others */
	uint32_t word, prefix; /* its symbols; 0: none */
	uint16_t flags;        /* of phrases that are this word alone */
	uint8_t counted;       /* how many of these are counted */
	bool has_id;           /* one of these has an id */
};

/* prefilter.h */
struct word_prefilter {
	uint32_t literals;      /* list of clauses: literal_filter.h */
	uint16_t first, second; /* bitsets of patterns: first_words.h */
	bool has_inner;         /* patterns may begin inside it, after an apostrophe */
};

struct word_info {
	struct word_phrases phrases;
	struct word_prefilter prefilter;
	uint32_t cache_set; /* word_cache.h: where to look for it */
};

#endif
