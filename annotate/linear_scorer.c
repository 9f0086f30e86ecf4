#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/core/hash_index.h"
#include "lib/core/target_clones.h"
#include "annotate/linear_scorer.h"
#include "annotate/model_hash.h"

enum { CACHE_BYTES = 40 << 20, ONE = 256 /* in a sum of a word */ };

struct linear_scorer {
	const struct linear_model *model;
	struct hash_index feature; /* of the model, by id */
	struct tokens tokens;
	struct buf padded, ids;

	/* the cache: the hash of each word, the last text that has it, and its sums */
	struct hash_index word_index;
	struct buf hashes, last_text, sums;

	/* the current text */
	uint32_t text;
	struct buf words;          /* number of the word of each token */
	struct hash_index phrases; /* those that it has */
	size_t different_words;
};

struct linear_scorer *
linear_scorer_new(const struct linear_model *m)
{
	struct linear_scorer *s = arena_calloc(1, sizeof(*s));

	s->model = m;
	for (size_t i = 0; i < m->features; i++)
		hash_index_add(&s->feature, m->id[i], i); /* an id is its own hash */
	return s;
}

void
linear_scorer_free(struct linear_scorer *s)
{
	if (s == NULL)
		return;
	buf_release(&s->padded);
	buf_release(&s->ids);
	buf_release(&s->hashes);
	buf_release(&s->last_text);
	buf_release(&s->sums);
	buf_release(&s->words);
	hash_index_release(&s->feature);
	hash_index_release(&s->word_index);
	hash_index_release(&s->phrases);
	tokens_release(&s->tokens);
	free(s);
}

/* Sums of a model that is not of this world may overflow: they are then wrong, no more. */
static inline int32_t
wrapping_add(int32_t a, int32_t b)
{
	return (int32_t)((uint32_t)a + (uint32_t)b);
}

/* Adds the weights of a feature, times a factor. */
static void
add_feature(const struct linear_scorer *s, uint32_t id, int32_t factor, int32_t *sum)
{
	const struct linear_model *m = s->model;
	struct hash_probe p = hash_index_probe(&s->feature, id);

	if (hash_probe_next(&p))
		for (uint32_t i = m->first[p.number]; i < m->first[p.number + 1]; i++)
			sum[m->weight[i].output] = wrapping_add(sum[m->weight[i].output],
			    factor * m->weight[i].weight);
}

TARGET_CLONES static void
add_sums(int32_t *restrict to, const int32_t *restrict from, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = wrapping_add(to[i], from[i]);
}

static int32_t *
sums_of(const struct linear_scorer *s, uint32_t word)
{
	return (int32_t *)(void *)s->sums.data + word * s->model->outputs;
}

static uint32_t
cache_word(struct linear_scorer *s, uint64_t hash, const char *key, size_t len)
{
	const struct ngram_config *config = &s->model->config;
	const uint32_t number = (uint32_t)(s->hashes.len / sizeof(hash)), never = 0;
	const size_t size = s->model->outputs * sizeof(int32_t);
	const int32_t factor = (int32_t)lrintf((float)ONE * model_char_factor(len));
	uint32_t *id;
	size_t n;

	buf_add(&s->hashes, &hash, sizeof(hash));
	buf_add(&s->last_text, &never, sizeof(never));
	memset(buf_reserve(&s->sums, size), 0, size);
	s->sums.len += size;
	hash_index_add(&s->word_index, hash, number);
	add_feature(s, model_id(config, model_mix(hash, 0)), ONE, sums_of(s, number));
	buf_clear(&s->ids);
	id = (uint32_t *)(void *)buf_reserve(&s->ids, ngram_chars_max(config, len) * sizeof(*id));
	n = ngram_chars(config, &s->padded, key, len, id);
	for (size_t i = 0; i < n; i++)
		add_feature(s, id[i], factor, sums_of(s, number));
	return number;
}

/* The number of a word in the cache. */
static uint32_t
find_word(struct linear_scorer *s, const struct token *t)
{
	const char *key = token_key(&s->tokens, t);
	uint64_t hash = model_word_hash(&s->model->config, key, t->key_len);
	struct hash_probe p = hash_index_probe(&s->word_index, hash);

	while (hash_probe_next(&p))
		if (((const uint64_t *)(const void *)s->hashes.data)[p.number] == hash)
			return p.number;
	return cache_word(s, hash, key, t->key_len);
}

static void
begin_text(struct linear_scorer *s, const struct text *text)
{
	if (s->sums.len > CACHE_BYTES || s->text == UINT32_MAX) {
		hash_index_clear(&s->word_index);
		buf_clear(&s->hashes);
		buf_clear(&s->last_text);
		buf_clear(&s->sums);
		s->text = 0;
	}
	s->text++;
	s->different_words = 0;
	buf_clear(&s->words);
	hash_index_clear(&s->phrases);
	tokens_read(&s->tokens, text->ptr, text->len);
}

/* Sums the words; one that the text has already is listed as UINT32_MAX. */
static void
sum_words(struct linear_scorer *s, int32_t *sum)
{
	for (size_t i = 0; i < s->tokens.len; i++) {
		uint32_t word = find_word(s, &s->tokens.at[i]), none = UINT32_MAX;
		uint32_t *last = (uint32_t *)(void *)s->last_text.data + word;
		bool is_new = *last != s->text;

		*last = s->text;
		buf_add(&s->words, is_new ? &word : &none, sizeof(word));
		s->different_words += is_new;
		if (is_new)
			add_sums(sum, sums_of(s, word), s->model->outputs);
	}
}

/* Sums the n-grams of several words; returns how many different ones there are. */
static size_t
sum_phrases(struct linear_scorer *s, int32_t *sum)
{
	const struct ngram_config *config = &s->model->config;
	struct ngram_window window = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < s->tokens.len; i++) {
		const struct token *t = &s->tokens.at[i];

		ngram_window_push(&window, config, t->sentence,
		    model_word_hash(config, token_key(&s->tokens, t), t->key_len));
		for (uint32_t k = 1; k < window.len; k++) {
			uint32_t id = ngram_window_id(&window, config, k);
			struct hash_probe p = hash_index_probe(&s->phrases, id);

			if (hash_probe_next(&p))
				continue;
			hash_index_add(&s->phrases, id, n++);
			add_feature(s, id, 1, sum);
		}
	}
	return n;
}

/* Adds the weights of a feature times its value, without the scale of the output. */
static void
add_single(const struct linear_scorer *s, uint32_t id, double value, double *score)
{
	int32_t sum[LINEAR_OUTPUTS] = { 0 };

	add_feature(s, id, 1, sum);
	for (size_t i = 0; i < s->model->outputs; i++)
		score[i] += value * sum[i];
}

void
linear_scorer_score(struct linear_scorer *s, const struct text *text, const struct list *signals,
    double score[LINEAR_OUTPUTS])
{
	const struct ngram_config *config = &s->model->config;
	const struct signal *signal = signals->item;
	int32_t words[LINEAR_OUTPUTS] = { 0 }, phrases[LINEAR_OUTPUTS] = { 0 };
	double of_word, of_phrase;
	uint32_t shape;

	begin_text(s, text);
	sum_words(s, words);
	of_phrase = (double)model_phrase_value(sum_phrases(s, phrases));
	of_word = (double)model_word_value(s->different_words) / ONE;
	for (size_t i = 0; i < s->model->outputs; i++)
		score[i] = of_word * words[i] + of_phrase * phrases[i];
	for (size_t i = 0; i < signals->len; i++)
		for (int64_t k = 0; k < 2 && k < signal[i].count; k++)
			if (model_reads_signal(&signal[i]))
				add_single(s, model_signal_id(config, &signal[i], k > 0),
				    (double)MODEL_SIGNAL_VALUE, score);
	shape = model_shape(text, s->tokens.len);
	for (int i = 0; i < SHAPE_MARKS; i++)
		if (shape >> i & 1)
			add_single(s, model_shape_id(config, i), (double)model_shape_value(i),
			    score);
	for (size_t i = 0; i < s->model->outputs; i++)
		score[i] *= (double)s->model->output[i].scale;
}

double
linear_scorer_signal(const struct linear_scorer *s, const struct signal *signal, size_t output)
{
	int32_t sum[LINEAR_OUTPUTS] = { 0 };

	for (int64_t k = 0; k < 2 && k < signal->count; k++)
		if (model_reads_signal(signal))
			add_feature(s, model_signal_id(&s->model->config, signal, k > 0), 1, sum);
	return sum[output] * (double)MODEL_SIGNAL_VALUE * (double)s->model->output[output].scale;
}

size_t
linear_scorer_words(const struct linear_scorer *s, size_t output, struct linear_word *top, size_t n)
{
	const uint32_t *word = (const uint32_t *)(const void *)s->words.data;
	const double unit = (double)model_word_value(s->different_words) / ONE
	    * (double)s->model->output[output].scale;
	size_t len = 0, at;

	for (size_t i = 0; i < s->tokens.len; i++) {
		const struct token *t = &s->tokens.at[i];
		double score = word[i] == UINT32_MAX ? 0 : unit * sums_of(s, word[i])[output];

		for (at = len; at > 0 && top[at - 1].score < score; at--)
			if (at < n)
				top[at] = top[at - 1];
		if (score <= 0 || at >= n)
			continue;
		top[at] = (struct linear_word){ { s->tokens.text + t->at, t->end - t->at }, score };
		len += len < n;
	}
	return len;
}

void
linear_scorer_evidence(const struct linear_scorer *s, const struct list *signals,
    struct intensities *x)
{
	double most[DIMENSIONS] = { 0 };
	const struct signal *signal = signals->item;

	for (int i = 0; i < DIMENSIONS; i++)
		x->evidence[i] = x->value[i] != 0 ? EVIDENCE_WORDING : EVIDENCE_NONE;
	for (size_t i = 0; i < signals->len; i++) {
		const int d = (int)signal[i].dimension, pole = (int)signal[i].pole;
		const int output = linear_model_find(s->model, d, pole);
		double adds;

		if (output < 0 || x->value[d] == 0 || (x->value[d] > 0) != (pole == 1))
			continue;
		adds = linear_scorer_signal(s, &signal[i], (size_t)output);
		if (adds > most[d] && signal[i].evidence != EVIDENCE_NONE) {
			most[d] = adds;
			x->evidence[d] = (int8_t)signal[i].evidence;
		}
	}
	MESSAGE_SET(&intensities_descriptor, x, evidence);
}
