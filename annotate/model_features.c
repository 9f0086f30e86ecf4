#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "annotate/model_hash.h"

/* Slots of an index that are cheaper to free than to clear for every text after a long one. */
enum { SLOTS_KEPT = 1 << 16 };

bool
ngram_config_is_valid(const struct ngram_config *config)
{
	return config->bits >= NGRAMS_BITS_MIN && config->bits <= 32 && config->words > 0
	    && config->words <= NGRAMS_WORDS_MAX && config->chars_max <= NGRAMS_CHARS_MAX
	    && config->chars_min <= config->chars_max
	    && (config->chars_min > 0) == (config->chars_max > 0);
}

bool
model_reads_signal(const struct signal *s)
{
	return s->evidence != EVIDENCE_COMMUNITY;
}

static bool
is_letter_or_digit(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c >= 0x80;
}

/* Is there a word of three letters or more, all of them capitals of ASCII? */
static bool
has_capitals(const char *s, size_t len)
{
	size_t run = 0;
	bool is_capital = true;

	for (size_t i = 0; i <= len; i++) {
		unsigned char c = i < len ? (unsigned char)s[i] : ' ';

		if (is_letter_or_digit(c)) {
			is_capital = is_capital && c >= 'A' && c <= 'Z';
			run++;
			continue;
		}
		if (run >= 3 && is_capital)
			return true;
		run = 0;
		is_capital = true;
	}
	return false;
}

static size_t
count_lines(const char *s, size_t len)
{
	const char *stop = s + len;
	size_t n = 0;

	while ((s = memchr(s, '\n', (size_t)(stop - s))) != NULL) {
		n++;
		s++;
	}
	return n;
}

uint32_t
model_shape(const struct text *text, size_t words)
{
	const char *s = text->ptr;
	size_t len = text->len;
	int length = 0;

	for (size_t n = words + 1; n > 1 && length < SHAPE_LENGTHS - 1; n >>= 1)
		length++;
	if (len == 0)
		return 1U << length;
	return 1U << length | (uint32_t)(memchr(s, '?', len) != NULL) << SHAPE_QUESTION
	    | (uint32_t)(memchr(s, '!', len) != NULL) << SHAPE_EXCLAMATION
	    | (uint32_t)(memmem(s, len, "http", 4) != NULL || memmem(s, len, "](", 2) != NULL)
	    << SHAPE_LINK
	    | (uint32_t)(count_lines(s, len) > 3) << SHAPE_LINES
	    | (uint32_t)has_capitals(s, len) << SHAPE_CAPITALS;
}

/* Adds to the value of a feature; false if the text has it already. */
static bool
add(struct model_features *g, uint32_t id, float value)
{
	struct hash_probe p = hash_index_probe(&g->by_id, id);

	if (hash_probe_next(&p)) { /* an id is its own hash */
		g->at[p.number].value += value;
		return false;
	}
	hash_index_add(&g->by_id, id, g->len);
	g->at = arena_grow_array(g->at, g->len, &g->capacity, sizeof(*g->at));
	g->at[g->len++] = (struct model_feature){ id, value };
	return true;
}

static void
set_values(struct model_features *g, size_t from, float value)
{
	for (size_t i = from; i < g->len; i++)
		g->at[i].value = value;
}

/* Adds the different words, and notes where each is first. */
static void
add_words(struct model_features *g, const struct ngram_config *config)
{
	buf_clear(&g->words);
	for (size_t i = 0; i < g->tokens.len; i++) {
		const struct token *t = &g->tokens.at[i];
		uint64_t hash = model_word_hash(config, token_key(&g->tokens, t), t->key_len);

		if (add(g, model_id(config, model_mix(hash, 0)), 0))
			buf_add(&g->words, &i, sizeof(i));
	}
	set_values(g, 0, model_word_value(g->len));
}

static void
add_phrases(struct model_features *g, const struct ngram_config *config)
{
	struct ngram_window window = { 0 };
	const size_t from = g->len;

	for (size_t i = 0; i < g->tokens.len; i++) {
		const struct token *t = &g->tokens.at[i];

		ngram_window_push(&window, config, t->sentence,
		    model_word_hash(config, token_key(&g->tokens, t), t->key_len));
		for (uint32_t k = 1; k < window.len; k++)
			add(g, ngram_window_id(&window, config, k), 0);
	}
	set_values(g, from, model_phrase_value(g->len - from));
}

static void
add_chars(struct model_features *g, const struct ngram_config *config)
{
	const size_t *first = (const size_t *)(const void *)g->words.data;
	const size_t words = g->words.len / sizeof(*first);

	for (size_t i = 0; i < words; i++) {
		const struct token *t = &g->tokens.at[first[i]];
		const float value = model_word_value(words) * model_char_factor(t->key_len);
		uint32_t *id;
		size_t n;

		buf_clear(&g->ids);
		id = (uint32_t *)(void *)buf_reserve(&g->ids,
		    ngram_chars_max(config, t->key_len) * sizeof(*id));
		n = ngram_chars(config, &g->padded, token_key(&g->tokens, t), t->key_len, id);
		for (size_t k = 0; k < n; k++)
			add(g, id[k], value);
	}
}

void
model_features_read(struct model_features *g, const struct ngram_config *config,
    const struct text *text, const struct list *signals)
{
	const struct signal *s = signals->item;
	uint32_t shape;

	if (g->by_id.mask >= SLOTS_KEPT)
		hash_index_release(&g->by_id);
	hash_index_clear(&g->by_id);
	g->len = 0;
	tokens_read(&g->tokens, text->ptr, text->len);
	add_words(g, config);
	add_phrases(g, config);
	add_chars(g, config);
	for (size_t i = 0; i < signals->len; i++)
		for (int64_t k = 0; k < 2 && k < s[i].count; k++)
			if (model_reads_signal(&s[i]))
				add(g, model_signal_id(config, &s[i], k > 0), MODEL_SIGNAL_VALUE);
	shape = model_shape(text, g->tokens.len);
	for (int i = 0; i < SHAPE_MARKS; i++)
		if (shape >> i & 1)
			add(g, model_shape_id(config, i), model_shape_value(i));
}

void
model_features_release(struct model_features *g)
{
	tokens_release(&g->tokens);
	buf_release(&g->padded);
	buf_release(&g->ids);
	buf_release(&g->words);
	free(g->at);
	hash_index_release(&g->by_id);
	*g = (struct model_features){ 0 };
}
