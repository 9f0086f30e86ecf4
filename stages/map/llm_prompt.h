/* map_question.h - the questions that a language model is asked, and what its
 * answers come to.
 *
 * A text, or a post and two responses, stands first; behind it one question for each
 * dimension.  Whoever is asked tells the log-probabilities l1, l0 and ln of three
 * answers: pole 1, pole 0, neither.  With b, what l1 - l0 is where there is no text
 * (models favour one word over the other whatever they read: Zhao and others 2021,
 * arXiv 2102.09690):
 *
 *	p1, p0, pn = softmax(l1 - b/2, l0 + b/2, ln)
 *	value = (p1 - p0) / (p1 + p0)		confidence = p1 + p0
 *
 * The engine (map_engine.h) and the endpoint (map_endpoint.h) share these. */

#ifndef ALIGNX_STAGES_MAP_QUESTION_H
#define ALIGNX_STAGES_MAP_QUESTION_H

#include "stages/map/llm_annotate.h"

/* Rises when the same texts are asked about in other words, or answers read in
 * another way. */
#define QUESTION_VERSION "2"

enum { QUESTION_ANSWERS = 3, QUESTION_PIECES = 4 };

/* The answers, in the order above.  They begin with different letters, so that the
 * beginning of one, which may be all that a token holds, is of no other. */
extern const char *const question_answer[2][QUESTION_ANSWERS];	/* [1]: of a pair */

/* Words of ours, and what somebody wrote behind them. */
struct question_piece {
	const char *words;
	struct text text;		/* empty: none */
};

/* What stands before the question; `piece` has room for QUESTION_PIECES.  How many
 * there are; all are views. */
size_t question_prefix(const struct annotate_subject *s,
    struct question_piece *piece);

/* Appends the question about a dimension, up to where its answer begins. */
void question_put(struct buf *b, bool is_pair, int dimension);

/* b, of the answers where there is no text. */
double question_lean(const double l[QUESTION_ANSWERS]);

struct annotate_mark question_mark(const double l[QUESTION_ANSWERS], double lean);

#endif
