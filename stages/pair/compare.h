/* compare.h - which of two answers to a post is more concise, helpful, truthful and so on.
 *
 * The eight keys that only a comparison can judge are judged on the pair: logistic regression
 * over differences of features of the two texts, with the weights of compare.tsv in the folder of
 * the rules.  P(first has more) = s(bias + w (f(first) - f(second))); bench/compare trains it. */

#ifndef ALIGNX_STAGES_PAIR_COMPARE_H
#define ALIGNX_STAGES_PAIR_COMPARE_H

#include "schema/messages.h"

struct compare;

/* NULL with a located fault; *is_missing: there is no compare.tsv. */
struct compare *compare_read(const char *folder, struct arena *a, bool *is_missing,
    struct fault *f);

/* Begins with the responses to a post; features of the last ones are forgotten. */
void compare_begin(struct compare *c, const struct text *post);

/* Is a dimension one of the eight? */
bool compare_has(const struct compare *c, int dimension);

/* P that the first has more of a dimension of the eight.  Both stay where they are until
 * compare_begin(). */
double compare_probability(struct compare *c, int dimension, const struct interaction *first,
    const struct interaction *second);

void compare_release(struct compare *c); /* NULL is allowed */

#endif
