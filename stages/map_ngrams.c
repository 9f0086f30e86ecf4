#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/arena.h"
#include "stages/map_ngrams.h"

enum { SLOTS_LEAST = 1024 };

bool
ngrams_form_is_sound(const struct ngrams_form *form)
{
	return form->bits >= NGRAMS_BITS_LEAST && form->bits <= 32
	    && form->words <= NGRAMS_WORDS_MAX
	    && form->chars_high <= NGRAMS_CHARS_MAX
	    && form->chars_low <= form->chars_high
	    && (form->chars_low > 0) == (form->chars_high > 0)
	    && (form->words > 0 || form->chars_high > 0);
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
add(struct ngrams *g, const struct ngrams_form *form, uint64_t hash)
{
	uint32_t id = (uint32_t)(hash >> (64 - form->bits));
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

/* Joins two hashes, or a hash and what else makes a difference. */
static uint64_t
join(uint64_t a, uint64_t b)
{
	uint64_t x = (a ^ (b + 0x9e3779b97f4a7c15u)) * 0xff51afd7ed558ccdu;

	return (x ^ (x >> 32)) * 0xc4ceb9fe1a85ec53u;
}

/* Hashes the words of a sentence in runs. */
static void
add_words(struct ngrams *g, const struct ngrams_form *form)
{
	uint64_t run[NGRAMS_WORDS_MAX] = { 0 };
	uint32_t sentence = 0, n = 0;

	for (size_t i = 0; i < g->tokens.len; i++) {
		const struct token *t = &g->tokens.at[i];
		uint64_t word = XXH3_64bits_withSeed(token_key(&g->tokens, t),
		    t->key_len, form->seed);

		if (i == 0 || t->sentence != sentence)
			n = 0;
		sentence = t->sentence;
		if (n < form->words)
			n++;
		for (uint32_t k = n - 1; k > 0; k--)
			run[k] = join(run[k - 1], word);
		run[0] = word;
		for (uint32_t k = 0; k < n; k++)
			add(g, form, join(run[k], k));
	}
}

static void
add_chars(struct ngrams *g, const struct ngrams_form *form)
{
	for (size_t i = 0; i < g->tokens.len; i++) {
		const struct token *t = &g->tokens.at[i];

		buf_clear(&g->padded);
		buf_add_byte(&g->padded, ' ');
		buf_add(&g->padded, token_key(&g->tokens, t), t->key_len);
		buf_add_byte(&g->padded, ' ');
		buf_reserve(&g->padded, NGRAMS_CHARS_MAX);
		for (size_t at = 0; at < g->padded.len; at++)
			for (size_t n = form->chars_low; n <= form->chars_high
			    && n <= g->padded.len - at; n++) {
				uint64_t run = 0;

				memcpy(&run, g->padded.data + at, n);
				add(g, form, join(join(run, n), form->seed));
			}
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
ngrams_read(struct ngrams *g, const struct ngrams_form *form, const char *text,
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
	if (form->chars_high > 0)
		add_chars(g, form);
	scale(g, words);
}

void
ngrams_release(struct ngrams *g)
{
	tokens_release(&g->tokens);
	buf_release(&g->padded);
	free(g->at);
	free(g->slot);
	*g = (struct ngrams){ 0 };
}
