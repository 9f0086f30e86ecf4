/* ngram_scorer.h - the linear scores of texts under a model.
 *
 * A text scores the sum of the weights of its n-grams (ngrams.h), each counted once, with
 * n-grams of words and of characters each scaled to length 1.  Most of the work is hashing
 * the character n-grams of words, and most words have been seen before, so the scorer caches
 * the n-grams of each word.  The cache takes up to 60 MB, and is emptied when full. */

#ifndef ALIGNX_ANNOTATE_NGRAM_SCORER_H
#define ALIGNX_ANNOTATE_NGRAM_SCORER_H

#include "annotate/linear_model.h"

enum { NGRAM_SCORER_WORDS = 1 << 16, NGRAM_SCORER_NGRAMS = 1 << 21 }; /* in the cache */

struct ngram_scorer;

/* The model must outlive the scorer. */
struct ngram_scorer *ngram_scorer_new(const struct linear_model *m);
void ngram_scorer_free(struct ngram_scorer *s); /* NULL is allowed */

/* text is valid UTF-8; scores are in units of a weight. */
void ngram_scorer_score(struct ngram_scorer *s, const char *text, size_t len,
    double score[LINEAR_OUTPUTS]);

#endif
