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
		    "dimension? The answer is A, B or Neither.\n", { "", 0 } };
		return n;
	}
	piece[n++] = (struct prompt_piece){ "Somebody wrote this:\n\n", s->first };
	piece[n++] = (struct prompt_piece){ "\n\nWhat does it show of each dimension? The "
	    "answer is Positive, Negative or Unclear.\n", { "", 0 } };
	return n;
}

void
prompt_put_question(struct buf *b, bool is_pair, int dimension)
{
	const struct dimension *d = &dimension_table[dimension];

	buf_printf(b, is_pair
	    ? "\nDimension: %s. %s\nMore: %s. Less: %s.\nThe response that shows more:"
	    : "\nDimension: %s. %s\nPositive: %s. Negative: %s.\nAnswer:",
	    d->key, d->meaning, d->label[1], d->label[0]);
}

double
prompt_prior_bias(const double l[PROMPT_ANSWERS])
{
	return l[0] - l[1];
}

struct judgement
prompt_judgement(const double l[PROMPT_ANSWERS], double lean)
{
	double p[PROMPT_ANSWERS] = { l[0] - lean / 2, l[1] + lean / 2, l[2] };
	double most = fmax(fmax(p[0], p[1]), p[2]), all = 0;

	for (int k = 0; k < PROMPT_ANSWERS; k++)
		all += p[k] = exp(p[k] - most);
	if (p[0] + p[1] <= 0)	/* as good as impossible */
		return (struct judgement){ 0, 0 };
	return (struct judgement){ (p[0] - p[1]) / (p[0] + p[1]),
		(p[0] + p[1]) / all };
}
