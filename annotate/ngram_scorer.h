/* ngram_scorer.h - the linear scores of texts under a model, fast.
 *
 * They are those that the n-grams of map_ngrams.h come to, to the last bit of a sum
 * of whole numbers.  Most of a text's n-grams are runs of characters within words, and
 * most words have been seen before: what the runs of a word come to is remembered, and
 * what words of a text have in common is taken away again.  Of words and n-grams so
 * many are remembered (some 40 MB), and then all are forgotten. */

#ifndef ALIGNX_ANNOTATE_NGRAM_SCORER_H
#define ALIGNX_ANNOTATE_NGRAM_SCORER_H

#include "annotate/linear_model.h"

enum { NGRAM_SCORER_WORDS = 1 << 16, SCORES_NGRAMS = 1 << 18,
	SCORES_LISTED = 16 << 20 };	/* bytes */

struct ngram_scorer;

/* The model must stay. */
struct ngram_scorer *ngram_scorer_new(const struct linear_model *m);
void ngram_scorer_free(struct ngram_scorer *s);	/* NULL is allowed */

/* text is valid UTF-8; score is in units of a weight. */
void ngram_scorer_score(struct ngram_scorer *s, const char *text, size_t len,
    double score[LINEAR_OUTPUTS]);

#endif
