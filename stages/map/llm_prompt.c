#include "config.h"

#include <math.h>

#include "schema/dimension.h"
#include "stages/map/llm_prompt.h"

const char *const prompt_answer[2][PROMPT_ANSWERS] = {
	{ "Positive", "Negative", "Unclear" },
	{ "A", "B", "Neither" },
};

size_t
prompt_prefix(const struct llm_subject *s, struct prompt_piece *piece)
{
	size_t n = 0;

	if (s->is_pair) {
		piece[n++] = (struct prompt_piece){ "This was posted:\n\n", s->post };
		piece[n++] = (struct prompt_piece){ "\n\nResponse A:\n\n", s->first };
		piece[n++] = (struct prompt_piece){ "\n\nResponse B:\n\n", s->second };
		piece[n++] = (struct prompt_piece){ "\n\nWhich response shows more of each "
						    "dimension? The answer is A, B or Neither.\n",
			{ "", 0 } };
		return n;
	}
	piece[n++] = (struct prompt_piece){ "Somebody wrote this:\n\n", s->first };
	piece[n++] = (struct prompt_piece){ "\n\nWhat does it show of each dimension? The "
					    "answer is Positive, Negative or Unclear.\n",
		{ "", 0 } };
	return n;
}

void
prompt_put_question(struct buf *b, bool is_pair, int dimension)
{
	const struct dimension *d = &dimension_table[dimension];

	buf_printf(b,
	    is_pair ? "\nDimension: %s. %s\nMore: %s. Less: %s.\nThe response that shows more:"
		    : "\nDimension: %s. %s\nPositive: %s. Negative: %s.\nAnswer:",
	    d->key, d->meaning, d->label[1], d->label[0]);
}

double
prompt_prior_bias(const double l[PROMPT_ANSWERS])
{
	return l[0] - l[1];
}

struct judgement
prompt_judgement(const double l[PROMPT_ANSWERS], double prior_bias)
{
	double p[PROMPT_ANSWERS] = { l[0] - prior_bias / 2, l[1] + prior_bias / 2, l[2] };
	double max = fmax(fmax(p[0], p[1]), p[2]), sum = 0;

	for (int k = 0; k < PROMPT_ANSWERS; k++)
		sum += p[k] = exp(p[k] - max);
	if (p[0] + p[1] <= 0) /* underflow */
		return (struct judgement){ 0, 0 };
	return (struct judgement){ (p[0] - p[1]) / (p[0] + p[1]), (p[0] + p[1]) / sum };
}
