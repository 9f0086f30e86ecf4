/* pear_rank.h - what several detections say together. */

#ifndef ALIGNX_INFER_PEAR_RANK_H
#define ALIGNX_INFER_PEAR_RANK_H

#include "infer/pear/head_effects.h"

struct pear_ranked {
	size_t layer, head;
	double effect;			/* mean over runs of the relative change of the metric */
	double error;			/* standard error of that mean; NAN of one run */
	double change;			/* mean over runs of the change itself */
};

/* layers x heads, the strongest suppressor first; equals by layer and head. */
void pear_rank(const struct pear_effects *run, size_t runs, size_t layers,
    size_t heads, struct pear_ranked *out);

/* Spearman's correlation of two lists of n effects; equals share their mean
 * rank.  0 where a list is all equal. */
double pear_rank_correlation(const double *a, const double *b, size_t n);

#endif
