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
 * The engine (llm_local.h) and the endpoint (map_endpoint.h) share these. */

#ifndef ALIGNX_STAGES_MAP_LLM_PROMPT_H
#define ALIGNX_STAGES_MAP_LLM_PROMPT_H

#include "stages/map/llm_annotate.h"

/* Rises when the same texts are asked about in other words, or answers read in
 * another way. */
#define PROMPT_VERSION "2"

enum { PROMPT_ANSWERS = 3, PROMPT_PIECES = 4 };

/* The answers, in the order above.  They begin with different letters, so that the
 * beginning of one, which may be all that a token holds, is of no other. */
extern const char *const prompt_answer[2][PROMPT_ANSWERS];	/* [1]: of a pair */

/* Words of ours, and what somebody wrote behind them. */
struct prompt_piece {
	const char *words;
	struct text text;		/* empty: none */
};

/* What stands before the question; `piece` has room for PROMPT_PIECES.  How many
 * there are; all are views. */
size_t prompt_prefix(const struct llm_subject *s,
    struct prompt_piece *piece);

/* Appends the question about a dimension, up to where its answer begins. */
void prompt_put_question(struct buf *b, bool is_pair, int dimension);

/* b, of the answers where there is no text. */
double prompt_prior_bias(const double l[PROMPT_ANSWERS]);

struct judgement prompt_judgement(const double l[PROMPT_ANSWERS], double lean);

#endif
