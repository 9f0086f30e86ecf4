#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/core/hash_index.h"
#include "lib/core/target_clones.h"
#include "annotate/ngram_hash.h"
#include "annotate/ngram_scorer.h"

enum { WORDS, CHARS }; /* kinds of n-grams */
enum { SEEN_MIN = 1024 };

/* An n-gram and its weights in the model; len is 0 if it has none there. */
struct cached_ngram {
	uint32_t id;
	uint32_t first : 24, len : 8;
};

/* A word and its n-grams of characters; some may be listed twice. */
struct word_entry {
	uint64_t hash;
	uint32_t first, len; /* of its n-grams */
	uint32_t last_text;  /* number of the last text with this word */
};

/* The n-grams of one kind in the current text. */
struct ngram_total {
	size_t len;
	int32_t sum[LINEAR_OUTPUTS]; /* of their weights */
};

struct ngram_scorer {
	const struct linear_model *model;
	size_t outputs;
	struct hash_index feature; /* of the model, by id */
	struct tokens tokens;
	struct buf padded, ids;

	/* the cache: words, their n-grams, and for each word the sum of the weights of these */
	struct hash_index word_index;
	struct buf words, ngrams, sums;

	/* the current text: the number of each word in the cache, and a set of n-grams; a slot
	 * of the set is taken if its upper half is the number of the text */
	uint32_t text;
	struct buf word;
	uint64_t *seen;
	size_t seen_capacity, seen_mask;
	struct ngram_total total[2];
};

struct ngram_scorer *
ngram_scorer_new(const struct linear_model *m)
{
	struct ngram_scorer *s = arena_calloc(1, sizeof(*s));

	s->model = m;
	s->outputs = 2 * m->dimensions;
	buf_reserve(&s->ngrams, 1); /* not NULL, even if they stay empty */
	buf_reserve(&s->sums, 1);
	for (size_t i = 0; i < m->features; i++)
		hash_index_add(&s->feature, m->id[i], i);
	return s;
}

void
ngram_scorer_free(struct ngram_scorer *s)
{
	if (s == NULL)
		return;
	hash_index_release(&s->feature);
	tokens_release(&s->tokens);
	buf_release(&s->padded);
	buf_release(&s->ids);
	hash_index_release(&s->word_index);
	buf_release(&s->words);
	buf_release(&s->ngrams);
	buf_release(&s->sums);
	buf_release(&s->word);
	free(s->seen);
	free(s);
}

static struct word_entry *
words(const struct ngram_scorer *s)
{
	return (struct word_entry *)(void *)s->words.data;
}

static const struct cached_ngram *
ngrams_of(const struct ngram_scorer *s, const struct word_entry *w)
{
	return (const struct cached_ngram *)(const void *)s->ngrams.data + w->first;
}

static int32_t *
sum_of(const struct ngram_scorer *s, size_t word)
{
	return (int32_t *)(void *)s->sums.data + word * s->outputs;
}

static struct cached_ngram
find_ngram(const struct ngram_scorer *s, uint32_t id)
{
	struct hash_probe p = hash_index_probe(&s->feature, id); /* an id is its own hash */
	const uint32_t *first = s->model->first;

	if (!hash_probe_next(&p))
		return (struct cached_ngram){ .id = id };
	return (struct cached_ngram){ id, first[p.number] & 0xffffff,
		(first[p.number + 1] - first[p.number]) & 0xff };
}

static void
add_weights(const struct ngram_scorer *s, struct cached_ngram ngram, int sign, int32_t *sum)
{
	const struct linear_weight *w = s->model->weight + ngram.first;

	for (uint32_t i = 0; i < ngram.len; i++)
		sum[w[i].output] += sign * w[i].weight;
}

TARGET_CLONES static void
add_sum(int32_t *restrict to, const int32_t *restrict from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] += from[i];
}

static void
cache_word(struct ngram_scorer *s, uint64_t hash, const char *key, size_t len)
{
	const struct ngram_config *config = &s->model->config;
	const size_t number = s->words.len / sizeof(struct word_entry);
	const size_t sum_size = s->outputs * sizeof(int32_t);
	struct word_entry w = { .hash = hash,
		.first = (uint32_t)(s->ngrams.len / sizeof(struct cached_ngram)) };
	uint32_t *id;

	memset(buf_reserve(&s->sums, sum_size), 0, sum_size);
	s->sums.len += sum_size;
	buf_clear(&s->ids);
	id = (uint32_t *)(void *)buf_reserve(&s->ids, ngram_chars_max(config, len) * sizeof(*id));
	if (config->chars_max > 0)
		w.len = (uint32_t)ngram_chars(config, &s->padded, key, len, id);
	for (uint32_t i = 0; i < w.len; i++) {
		struct cached_ngram ngram = find_ngram(s, id[i]);

		buf_add(&s->ngrams, &ngram, sizeof(ngram));
		add_weights(s, ngram, 1, sum_of(s, number));
	}
	buf_add(&s->words, &w, sizeof(w));
	hash_index_add(&s->word_index, hash, number);
}

/* The number of a word in the cache. */
static uint32_t
find_word(struct ngram_scorer *s, const struct token *t)
{
	const char *key = token_key(&s->tokens, t);
	uint64_t hash = ngram_word_hash(&s->model->config, key, t->key_len);
	struct hash_probe p = hash_index_probe(&s->word_index, hash);

	while (hash_probe_next(&p))
		if (words(s)[p.number].hash == hash)
			return p.number;
	cache_word(s, hash, key, t->key_len);
	return (uint32_t)(s->words.len / sizeof(struct word_entry)) - 1;
}

static void
empty_cache(struct ngram_scorer *s)
{
	hash_index_clear(&s->word_index);
	buf_clear(&s->words);
	buf_clear(&s->ngrams);
	buf_clear(&s->sums);
}

/* Empties the set, with capacity for n.  A small text uses a small part of a large set. */
static void
begin_seen(struct ngram_scorer *s, size_t n)
{
	size_t slots = SEEN_MIN;

	while (slots < 2 * n)
		slots *= 2;
	if (slots > s->seen_capacity || s->text == UINT32_MAX) {
		free(s->seen);
		s->seen = arena_calloc(slots, sizeof(*s->seen));
		s->seen_capacity = slots;
		s->text = 0;
		for (size_t i = 0; i < s->words.len / sizeof(struct word_entry); i++)
			words(s)[i].last_text = 0;
	}
	s->seen_mask = slots - 1;
	s->text++;
}

static void
begin_text(struct ngram_scorer *s)
{
	size_t ngrams = s->tokens.len * s->model->config.words;

	buf_clear(&s->word);
	for (size_t i = 0; i < s->tokens.len; i++) {
		uint32_t word = find_word(s, &s->tokens.at[i]);

		buf_add(&s->word, &word, sizeof(word));
		ngrams += words(s)[word].len;
	}
	begin_seen(s, ngrams);
	memset(s->total, 0, sizeof(s->total));
}

/* Adds an n-gram to the set; false if it is there already. */
static bool
is_new(struct ngram_scorer *s, uint32_t id)
{
	const uint64_t entry = (uint64_t)s->text << 32 | id;
	size_t at = id & s->seen_mask;

	for (; s->seen[at] >> 32 == s->text; at = (at + 1) & s->seen_mask)
		if (s->seen[at] == entry)
			return false;
	s->seen[at] = entry;
	return true;
}

static void
add_word_ngrams(struct ngram_scorer *s)
{
	const struct ngram_config *config = &s->model->config;
	const uint32_t *word = (const uint32_t *)(const void *)s->word.data;
	struct ngram_total *t = &s->total[WORDS];
	struct ngram_window window = { 0 };

	for (size_t i = 0; config->words > 0 && i < s->tokens.len; i++) {
		ngram_window_push(&window, config, s->tokens.at[i].sentence,
		    words(s)[word[i]].hash);
		for (uint32_t k = 0; k < window.len; k++) {
			uint32_t id = ngram_window_id(&window, config, k);

			if (!is_new(s, id))
				continue;
			t->len++;
			add_weights(s, find_ngram(s, id), 1, t->sum);
		}
	}
}

/* Adds the sum of each word, and takes away what is not new in the text. */
static void
add_char_ngrams(struct ngram_scorer *s)
{
	const uint32_t *word = (const uint32_t *)(const void *)s->word.data;
	struct ngram_total *t = &s->total[CHARS];

	for (size_t i = 0; i < s->tokens.len; i++) {
		struct word_entry *w = &words(s)[word[i]];
		const struct cached_ngram *ngram = ngrams_of(s, w);

		if (w->last_text == s->text)
			continue;
		w->last_text = s->text;
		add_sum(t->sum, sum_of(s, word[i]), s->outputs);
		for (uint32_t k = 0; k < w->len; k++)
			if (is_new(s, ngram[k].id))
				t->len++;
			else
				add_weights(s, ngram[k], -1, t->sum);
	}
}

static double
scale(size_t ngrams)
{
	return ngrams > 0 ? (double)(1.0F / sqrtf((float)ngrams)) : 0;
}

void
ngram_scorer_score(struct ngram_scorer *s, const char *text, size_t len,
    double score[LINEAR_OUTPUTS])
{
	double of_words, of_chars;

	if (s->words.len > NGRAM_SCORER_WORDS * sizeof(struct word_entry)
	    || s->ngrams.len > NGRAM_SCORER_NGRAMS * sizeof(struct cached_ngram))
		empty_cache(s);
	tokens_read(&s->tokens, text, len);
	begin_text(s);
	add_word_ngrams(s);
	add_char_ngrams(s);
	of_words = scale(s->total[WORDS].len);
	of_chars = scale(s->total[CHARS].len);
	for (size_t i = 0; i < s->outputs; i++)
		score[i] = of_words * s->total[WORDS].sum[i] + of_chars * s->total[CHARS].sum[i];
}
