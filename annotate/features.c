#include "config.h"

#include <math.h>

#include "annotate/features.h"
#include "annotate/lexicon.h"

enum { DAY = 86400, HOUR = 3600 };

/* Blocks of lines with an empty line between them. */
static size_t
count_paragraphs(const char *s, size_t len)
{
	const char *stop = s + len, *p = s;
	size_t n = 0;

	while (p < stop) {
		const char *gap = memchr(p, '\n', (size_t)(stop - p));

		while (gap != NULL && gap + 1 < stop && gap[1] != '\n')
			gap = memchr(gap + 1, '\n', (size_t)(stop - gap) - 1);
		if (gap == NULL || gap + 1 == stop)
			gap = stop;
		n += gap > p;
		for (p = gap; p < stop && *p == '\n';)
			p++;
	}
	return n;
}

/* URLs with a scheme, and Markdown links, whose scheme alignx-ingest cuts off. */
static size_t
count_links(const struct tokens *t)
{
	const char *p, *stop = t->folded.data + t->text_len;
	size_t n = 0;

	/* the text is padded, so the compares may read beyond its end */
	for (p = t->folded.data;
	     t->signs & SIGN_COLON && (p = memchr(p, ':', (size_t)(stop - p))) != NULL; p++)
		n += memcmp(p, "://", 3) == 0;
	for (p = t->folded.data;
	     t->signs & SIGN_BRACKET && (p = memchr(p, ']', (size_t)(stop - p))) != NULL; p++)
		n += memcmp(p, "](", 2) == 0 && memcmp(p, "](http://", 9) != 0
		    && memcmp(p, "](https://", 10) != 0;
	return n;
}

/* Tokens of each kind; hedges are counted as phrases. */
struct token_counts {
	size_t first_person, second_person, contractions;
};

static struct token_counts
count_tokens(const struct tokens *t)
{
	struct token_counts n = { 0 };

	for (size_t i = 0; i < t->len; i++) {
		const unsigned flags = t->at[i].word.phrases.flags;

		n.first_person += (flags & LEXICON_FIRST_PERSON) != 0;
		n.second_person += (flags & LEXICON_SECOND_PERSON) != 0;
		n.contractions += (flags & LEXICON_CONTRACTION) != 0;
	}
	return n;
}

static void
measure_text(double *at, const struct tokens *t, size_t hedges)
{
	const struct token_counts n = count_tokens(t);
	double words = (double)t->len;

	at[FEATURE_WORDS] = words;
	at[FEATURE_SENTENCES] = (double)t->sentences;
	at[FEATURE_QUESTIONS] = (double)t->questions;
	at[FEATURE_EXCLAMATIONS] = (double)t->exclamations;
	at[FEATURE_PARAGRAPHS] = (double)count_paragraphs(t->text, t->text_len);
	at[FEATURE_LINKS] = (double)count_links(t);
	if (t->len > 0) {
		at[FEATURE_WORDS_PER_SENTENCE] = words / (double)t->sentences;
		at[FEATURE_LETTERS_PER_WORD] = (double)tokens_letters(t) / words;
		at[FEATURE_HEDGES] = 100 * (double)hedges / words;
		at[FEATURE_FIRST_PERSON] = 100 * (double)n.first_person / words;
		at[FEATURE_SECOND_PERSON] = 100 * (double)n.second_person / words;
		at[FEATURE_CONTRACTIONS] = 100 * (double)n.contractions / words;
	}
	if (t->long_words > 0)
		at[FEATURE_CAPITALS] = (double)t->capitals / (double)t->long_words;
}

static void
measure_place(double *at, const struct interaction *x)
{
	const struct descriptor *d = &interaction_descriptor;
	bool has_parent = MESSAGE_HAS(d, x, parent);
	int64_t seconds = x->created % DAY;

	if (MESSAGE_HAS(d, x, score))
		at[FEATURE_SCORE] = (double)x->score;
	if (MESSAGE_HAS(d, x, depth))
		at[FEATURE_DEPTH] = (double)x->depth;
	if (MESSAGE_HAS(d, x, created))
		at[FEATURE_HOUR] = (double)((seconds < 0 ? seconds + DAY : seconds) / HOUR);
	if (MESSAGE_HAS(d, x, edited))
		at[FEATURE_EDITED] = x->edited;
	if (MESSAGE_HAS(d, x, depth))
		at[FEATURE_REPLIES_TO_POST] = x->depth == 0;
	else if (has_parent)
		at[FEATURE_REPLIES_TO_POST] = text_equals(&x->parent, &x->post);
}

struct features
features_of(const struct interaction *x, const struct tokens *tokens, size_t hedges)
{
	struct features f;

	for (int i = 0; i < FEATURES; i++)
		f.at[i] = NAN;
	measure_text(f.at, tokens, hedges);
	measure_place(f.at, x);
	return f;
}
