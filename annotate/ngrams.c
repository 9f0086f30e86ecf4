#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "annotate/ngram_hash.h"

/* Slots of an index that are cheaper to free than to clear for every text after a long one. */
enum { SLOTS_KEPT = 1 << 16 };

bool
ngram_config_is_valid(const struct ngram_config *config)
{
	return config->bits >= NGRAMS_BITS_MIN && config->bits <= 32
	    && config->words <= NGRAMS_WORDS_MAX && config->chars_max <= NGRAMS_CHARS_MAX
	    && config->chars_min <= config->chars_max
	    && (config->chars_min > 0) == (config->chars_max > 0)
	    && (config->words > 0 || config->chars_max > 0);
}

static void
add(struct ngrams *g, uint32_t id)
{
	struct hash_probe p = hash_index_probe(&g->by_id, id);

	if (hash_probe_next(&p)) /* an id is its own hash */
		return;
	hash_index_add(&g->by_id, id, g->len);
	g->at = arena_grow_array(g->at, g->len, &g->capacity, sizeof(*g->at));
	g->at[g->len++] = (struct ngram){ .id = id };
}

static void
add_words(struct ngrams *g, const struct ngram_config *config)
{
	struct ngram_window window = { 0 };

	for (size_t i = 0; i < g->tokens.len; i++) {
		const struct token *t = &g->tokens.at[i];

		ngram_window_push(&window, config, t->sentence,
		    ngram_word_hash(config, token_key(&g->tokens, t), t->key_len));
		for (uint32_t k = 0; k < window.len; k++)
			add(g, ngram_window_id(&window, config, k));
	}
}

static void
add_chars(struct ngrams *g, const struct ngram_config *config)
{
	for (size_t i = 0; i < g->tokens.len; i++) {
		const struct token *t = &g->tokens.at[i];
		uint32_t *id;
		size_t n;

		buf_clear(&g->ids);
		id = (uint32_t *)(void *)buf_reserve(&g->ids,
		    ngram_chars_max(config, t->key_len) * sizeof(*id));
		n = ngram_chars(config, &g->padded, token_key(&g->tokens, t), t->key_len, id);
		for (size_t k = 0; k < n; k++)
			add(g, id[k]);
	}
}

static void
scale(struct ngrams *g, size_t from)
{
	float value = g->len > from ? 1.0F / sqrtf((float)(g->len - from)) : 0.0F;

	for (size_t i = from; i < g->len; i++)
		g->at[i].value = value;
}

void
ngrams_read(struct ngrams *g, const struct ngram_config *config, const char *text, size_t len)
{
	size_t words;

	if (g->by_id.mask >= SLOTS_KEPT)
		hash_index_release(&g->by_id);
	hash_index_clear(&g->by_id);
	g->len = 0;
	tokens_read(&g->tokens, text, len);
	if (config->words > 0)
		add_words(g, config);
	words = g->len;
	scale(g, 0);
	if (config->chars_max > 0)
		add_chars(g, config);
	scale(g, words);
}

void
ngrams_release(struct ngrams *g)
{
	tokens_release(&g->tokens);
	buf_release(&g->padded);
	buf_release(&g->ids);
	free(g->at);
	hash_index_release(&g->by_id);
	*g = (struct ngrams){ 0 };
}
