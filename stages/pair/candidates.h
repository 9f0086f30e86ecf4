/* candidates.h - which two responses to a post make a pair, and which is preferred.
 *
 * For each response a few partners are tried, in an order that depends on the seed
 * and the ids alone: the work is linear in the responses, and no pair depends on
 * the order of the input. */

#ifndef ALIGNX_STAGES_PAIR_CANDIDATES_H
#define ALIGNX_STAGES_PAIR_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/messages.h"
#include "stages/pair/compare.h"

struct pair_rules {
	long min_chars, max_chars; /* of a response, in characters */
	double max_ratio;          /* of the longer to the shorter; 0: no limit */
	double dead_zone;          /* as for direction_of_pair() */
	double min_confidence;     /* of a comparison of answers */
	struct compare *compare;   /* NULL: the keys that compare answers are as the others */
	long per_response;         /* pairs started from each response */
	long tries;                /* partners tried for each response */
	bool is_by_score;          /* preferred = higher score (SHP) */
	bool is_later_only;        /* preferred must be the later one (SHP) */
	double min_score_ratio;    /* of the preferred to the other; 0: no limit */
	long max_seconds_apart;    /* 0: no limit */
	uint64_t seed;
};

/* Called for each pair; first is preferred. */
typedef int pair_found_fn(void *with, const struct interaction *first,
    const struct interaction *second, const struct direction *direction, struct fault *f);

/* On what the direction of a pair rests: enum evidence_kind of each dimension. */
void pair_evidence(const struct pair_rules *r, const struct interaction *first,
    const struct interaction *second, const struct direction *direction,
    int8_t evidence[DIMENSIONS]);

/* Is it a response with intensities, within the bounds of length? */
bool pair_is_eligible(const struct pair_rules *r, const struct interaction *x);

/* In an alignment set a preference is what its people said: a response that they did not rate is
 * in no pair. */
bool pair_may_be_preferred(const struct interaction *x);

/* Pairs the n eligible responses of one post (reordered in place); returns what found()
 * returned if that is negative. */
int pair_candidates(const struct pair_rules *r, const struct interaction **x, size_t n,
    pair_found_fn *found, void *with, struct fault *f);

#endif
