/* linear_scorer.h - the log-odds of texts under a linear model.
 *
 * What a word and its character n-grams add to each output depends on the word alone, so it is
 * computed once and cached, as integers: the result is the same whatever was scored before.  The
 * cache takes up to 40 MB, and is emptied when full. */

#ifndef ALIGNX_ANNOTATE_LINEAR_SCORER_H
#define ALIGNX_ANNOTATE_LINEAR_SCORER_H

#include "annotate/linear_model.h"

struct linear_scorer;

/* The model must outlive the scorer. */
struct linear_scorer *linear_scorer_new(const struct linear_model *m);
void linear_scorer_free(struct linear_scorer *s); /* NULL is allowed */

/* Sets the score of each output, without its bias.  text is valid UTF-8; signals are those that
 * rules found in it. */
void linear_scorer_score(struct linear_scorer *s, const struct text *text,
    const struct list *signals, double score[LINEAR_OUTPUTS]);

/* What a signal adds to an output. */
double linear_scorer_signal(const struct linear_scorer *s, const struct signal *signal,
    size_t output);

/* Sets the evidence of each judgement of the last text: the kind of the signal of its pole that adds
 * most to it, else its wording. */
void linear_scorer_evidence(const struct linear_scorer *s, const struct list *signals,
    struct intensities *x);

/* A word and what it adds to an output. */
struct linear_word {
	struct text text;
	double score;
};

/* The words of the last text that add most to an output, at most n; those that add nothing are
 * left out.  Valid until the next text. */
size_t linear_scorer_words(const struct linear_scorer *s, size_t output, struct linear_word *top,
    size_t n);

#endif
