/* prefilter_internal.h - what prefilter_build.c makes of patterns and prefilter.c searches
 * texts with. */

#ifndef ALIGNX_LIB_MATCH_PREFILTER_INTERNAL_H
#define ALIGNX_LIB_MATCH_PREFILTER_INTERNAL_H

#include "lib/match/bigram_cache.h"
#include "lib/match/first_words.h"
#include "lib/match/lazy_dfa.h"
#include "lib/match/literal_filter.h"
#include "lib/match/prefilter.h"

enum {
	PREFILTER_RUNS = 256,           /* that are interleaved */
	PREFILTER_CANDIDATES = 1 << 16, /* in a text; if there are more, all places are */
};

struct prefilter_pattern {
	uint32_t nfa_start;
	uint32_t dfa_start; /* LAZY_DFA_UNKNOWN: not made yet */
	uint32_t max_len;   /* characters of a match, at most */
	bool is_anywhere;   /* and the rest is not set */
};

/* The DFA on its way from a place where a pattern may begin. */
struct dfa_run {
	uint32_t pattern, begin, at, stop, state;
};

struct candidate {
	uint32_t pattern, at;
};

struct prefilter {
	bool is_ready; /* all patterns were added */
	struct prefilter_pattern *pattern;
	size_t len, cap;
	struct u32_list anywhere; /* patterns */

	struct nfa nfa; /* of all patterns that begin at a word */
	struct lazy_dfa_scratch scratch;
	struct bitset_pool pool;
	struct first_words first_words;
	struct bigram_cache bigrams;
	struct literal_filter literals;
	struct lazy_dfa dfa;
	struct dfa_run *run;
	size_t runs;
	struct candidate *candidate;
	size_t candidates;
};

#endif
