/* llm_prompt.h - the prompts for a language model, and what its answers mean.
 *
 * The prompt is the text (or a post and two responses) and then a question about one
 * dimension.  The model gives the log-probabilities l1, l0 and ln of three answers: pole 1,
 * pole 0, neither.  With b, the value of l1 - l0 for an empty text (models prefer one word to
 * another whatever they read: Zhao and others 2021, arXiv 2102.09690):
 *
 *	p1, p0, pn = softmax(l1 - b/2, l0 + b/2, ln)
 *	value = (p1 - p0) / (p1 + p0)		confidence = p1 + p0
 *
 * llm_local.c and llm_openai.c share these. */

#ifndef ALIGNX_STAGES_MAP_LLM_PROMPT_H
#define ALIGNX_STAGES_MAP_LLM_PROMPT_H

#include "stages/map/llm_annotate.h"

/* Increase it when prompts change, or the meaning of answers. */
#define PROMPT_VERSION "2"

enum { PROMPT_ANSWERS = 3, PROMPT_PIECES = 4 };

/* The answers, in the order above.  Their first letters differ, so that a token that is only
 * the beginning of an answer is the beginning of one answer only. */
extern const char *const prompt_answer[2][PROMPT_ANSWERS]; /* [1]: for a pair */

/* Fixed words, and a text of the input after them. */
struct prompt_piece {
	const char *words;
	struct text text; /* empty: none */
};

/* The prompt up to the question, as views; `piece` has capacity for PROMPT_PIECES.  Returns
 * the number of pieces. */
size_t prompt_prefix(const struct llm_subject *s, struct prompt_piece *piece);

/* Appends the question about a dimension, up to where its answer begins. */
void prompt_put_question(struct buf *b, bool is_pair, int dimension);

/* b, from the answers for an empty text. */
double prompt_prior_bias(const double l[PROMPT_ANSWERS]);

struct judgement prompt_judgement(const double l[PROMPT_ANSWERS], double prior_bias);

#endif
