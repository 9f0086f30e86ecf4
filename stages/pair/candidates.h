/* pair_candidates.h - which two responses to a post make a pair, and which of
 * them is preferred.
 *
 * For each response a few partners are tried in an order that depends on the
 * seed and the ids alone; so work grows with the responses, not with their
 * square, and no pair depends on the order of the input. */

#ifndef ALIGNX_STAGES_PAIR_CANDIDATES_H
#define ALIGNX_STAGES_PAIR_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/messages.h"

struct pair_rules {
	long min_chars, max_chars;	/* of a response, in characters */
	double max_ratio;		/* of the longer to the shorter; 0: no cap */
	double dead_zone;		/* see judge.h */
	long per_response;		/* pairs a response may begin */
	long tries;			/* partners looked at for each */
	bool is_by_score;		/* preferred = higher score (SHP) */
	bool is_later_only;		/* preferred must be the later one (SHP) */
	double min_score_ratio;		/* of the preferred to the other; 0: none */
	long max_seconds_apart;	/* 0: any */
	uint64_t seed;
};

/* Called with each pair found: first is preferred. */
typedef int pair_found_fn(void *with, const struct interaction *first,
    const struct interaction *second, const struct direction *direction,
    struct fault *f);

bool pair_is_eligible(const struct pair_rules *r, const struct interaction *x);

/* Tries the n eligible responses of one post (reordered in place). */
int pair_candidates(const struct pair_rules *r, const struct interaction **x,
    size_t n, pair_found_fn *found, void *with, struct fault *f);

#endif
