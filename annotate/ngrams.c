#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "annotate/ngram_hash.h"

enum { SLOTS_LEAST = 1024 };

bool
ngram_config_is_valid(const struct ngram_config *form)
{
	return form->bits >= NGRAMS_BITS_MIN && form->bits <= 32
	    && form->words <= NGRAMS_WORDS_MAX
	    && form->chars_max <= NGRAMS_CHARS_MAX
	    && form->chars_min <= form->chars_max
	    && (form->chars_min > 0) == (form->chars_max > 0)
	    && (form->words > 0 || form->chars_max > 0);
}

static void
double_slots(struct ngrams *g)
{
	size_t n = g->slots == 0 ? SLOTS_LEAST : 2 * g->slots, at;

	free(g->slot);
	g->slot = calloc(n, sizeof(*g->slot));
	g->at = realloc(g->at, n / 2 * sizeof(*g->at));
	if (g->slot == NULL || g->at == NULL)
		arena_exhausted();
	g->slots = n;
	g->room = n / 2;
	for (size_t i = 0; i < g->len; i++) {
		at = g->at[i].id & (n - 1);
		while (g->slot[at] != 0)
			at = (at + 1) & (n - 1);
		g->slot[at] = (uint32_t)i + 1;
	}
}

static void
add(struct ngrams *g, uint32_t id)
{
	size_t at;

	if (g->len == g->room)
		double_slots(g);
	at = id & (g->slots - 1);
	for (; g->slot[at] != 0; at = (at + 1) & (g->slots - 1))
		if (g->at[g->slot[at] - 1].id == id)
			return;
	g->at[g->len++] = (struct ngram){ .id = id };
	g->slot[at] = (uint32_t)g->len;
}

static void
add_words(struct ngrams *g, const struct ngram_config *form)
{
	struct ngram_window runs = { 0 };

	for (size_t i = 0; i < g->tokens.len; i++) {
		const struct token *t = &g->tokens.at[i];

		ngram_window_push(&runs, form, t->sentence, ngram_word_hash(form,
		    token_key(&g->tokens, t), t->key_len));
		for (uint32_t k = 0; k < runs.len; k++)
			add(g, ngram_window_id(&runs, form, k));
	}
}

static void
add_chars(struct ngrams *g, const struct ngram_config *form)
{
	for (size_t i = 0; i < g->tokens.len; i++) {
		const struct token *t = &g->tokens.at[i];
		uint32_t *id;
		size_t n;

		buf_clear(&g->ids);
		id = (uint32_t *)(void *)buf_reserve(&g->ids,
		    ngram_chars_max(form, t->key_len) * sizeof(*id));
		n = ngram_chars(form, &g->padded, token_key(&g->tokens, t), t->key_len, id);
		for (size_t k = 0; k < n; k++)
			add(g, id[k]);
	}
}

static void
scale(struct ngrams *g, size_t from)
{
	float value = g->len > from
	    ? 1.0F / sqrtf((float)(g->len - from)) : 0.0F;

	for (size_t i = from; i < g->len; i++)
		g->at[i].value = value;
}

void
ngrams_read(struct ngrams *g, const struct ngram_config *form, const char *text,
    size_t len)
{
	size_t words;

	for (size_t i = 0; i < g->len; i++) {	/* leaves no long text's trace */
		size_t at = g->at[i].id & (g->slots - 1);

		while (g->slot[at] != 0) {
			g->slot[at] = 0;
			at = (at + 1) & (g->slots - 1);
		}
	}
	g->len = 0;
	tokens_read(&g->tokens, text, len);
	if (form->words > 0)
		add_words(g, form);
	words = g->len;
	scale(g, 0);
	if (form->chars_max > 0)
		add_chars(g, form);
	scale(g, words);
}

void
ngrams_release(struct ngrams *g)
{
	tokens_release(&g->tokens);
	buf_release(&g->padded);
	buf_release(&g->ids);
	free(g->at);
	free(g->slot);
	*g = (struct ngrams){ 0 };
}
