/* head_ranking.h - ranks heads by their effects in several runs. */

#ifndef ALIGNX_INFER_PEAR_HEAD_RANKING_H
#define ALIGNX_INFER_PEAR_HEAD_RANKING_H

#include "infer/pear/head_effects.h"

struct ranked_head {
	size_t layer, head;
	double relative_effect; /* mean over runs of (pi' - pi) / pi */
	double error;           /* standard error of that mean; NAN after a single run */
	double effect;          /* mean over runs of pi' - pi */
};

/* out: layers x heads, largest relative effect first; ties by layer and head. */
void head_ranking_make(const struct head_effects *run, size_t runs, size_t layers, size_t heads,
    struct ranked_head *out);

/* Spearman's rank correlation of two lists of n effects; ties share their mean rank. 0 if all
 * effects of a list are equal. */
double head_ranking_spearman(const double *a, const double *b, size_t n);

#endif
