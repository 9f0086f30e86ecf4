/* map_scores.h - the linear scores of texts under a model, fast.
 *
 * They are those that the n-grams of map_ngrams.h come to, to the last bit of a sum
 * of whole numbers.  Most of a text's n-grams are runs of characters within words, and
 * most words have been seen before: what the runs of a word come to is remembered, and
 * what words of a text have in common is taken away again.  Of words and n-grams so
 * many are remembered (some 40 MB), and then all are forgotten. */

#ifndef ALIGNX_STAGES_MAP_SCORES_H
#define ALIGNX_STAGES_MAP_SCORES_H

#include "annotate/linear_model.h"

enum { SCORES_WORDS = 1 << 16, SCORES_NGRAMS = 1 << 18,
	SCORES_LISTED = 16 << 20 };	/* bytes */

struct map_scores;

/* The model must stay. */
struct map_scores *map_scores_new(const struct map_model *m);
void map_scores_free(struct map_scores *s);	/* NULL is allowed */

/* text is valid UTF-8; score is in units of a weight. */
void map_scores_read(struct map_scores *s, const char *text, size_t len,
    double score[MODEL_SLOTS]);

#endif
