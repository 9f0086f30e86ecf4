#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/core/target_clones.h"
#include "annotate/ngram_hash.h"
#include "annotate/ngram_scorer.h"

enum { WORDS, CHARS };			/* kinds of n-grams */

enum { FILTER_BITS = 1 << 16, MODEL_FILTER_SHARE = 8,
	FEW = 8,			/* weights that are added one by one */
	BLOCK = 64, SUMS = (LINEAR_OUTPUTS + BLOCK - 1) / BLOCK * BLOCK,
	ROWS = 256, SHORT = 256,	/* rows, and n-grams of a word, whose sum has 16 bits */
	AHEAD = 2 };			/* words */

/* Those of an n-gram: postings of the model, or, if there are more than FEW, a row. */
struct weights {
	uint32_t at, len;
};

/* An n-gram of characters by its place among all that are remembered, and by name. */
struct known {
	uint32_t at, id;
};

/* A word by the hash of its letters: where its n-grams are listed; if they are no more
 * than SHORT, each once, and what they come to is in sums. */
struct word {
	uint64_t hash;
	uint32_t first, len;
	uint32_t text;			/* the last one that had it */
	struct weights alone;		/* as a run of one word */
};

/* Of weights: rows go to parts of 16 bits first, those to be taken away to their own. */
struct sum {
	int32_t all[SUMS];
	int16_t part[2][SUMS];
	int rows[2];
};

enum { ADD, TAKE };

/* Finds hashes again: each slot holds an index + 1, in which its owner looks. */
struct index {
	uint32_t *slot;
	size_t slots;
};

struct ngram_scorer {
	const struct linear_model *model;
	size_t width;			/* of the scores of all dimensions, in whole blocks */
	uint64_t *in_model;		/* a bit for the last bits of each id there */
	size_t in_model_bits;
	struct weights *weights;	/* of each n-gram of the model */
	int8_t *row;			/* weights for all scores, one after the other */

	struct tokens tokens;
	struct buf padded, ids;
	uint32_t text;			/* number of the text in hand */

	/* what is remembered: words, their n-grams and the sums of their weights, of 16 bits
	 * each; and of each n-gram its name, its weights and the last text that had it */
	struct buf words, listed, sums;
	struct buf id, weights_of, text_of;
	struct index by_hash, by_id;

	struct buf hash, word;		/* of each token of this text */
	struct buf found;		/* longer runs of this text, or n-grams for the second time */
	uint64_t *run;			/* runs of words of this text: its number and an id */
	size_t run_slots, run_room;
	uint64_t filter[FILTER_BITS / 64];	/* a bit for the last bits of each id there */

	size_t len[2];			/* n-grams of this text, by kind */
	struct sum sum[2];		/* of their weights */
};

static struct word *
words(const struct ngram_scorer *s)
{
	return (struct word *)(void *)s->words.data;
}

static uint32_t *
ids(const struct ngram_scorer *s)
{
	return (uint32_t *)(void *)s->id.data;
}

static uint32_t *
text_of(const struct ngram_scorer *s)
{
	return (uint32_t *)(void *)s->text_of.data;
}

static size_t
words_len(const struct ngram_scorer *s)
{
	return s->words.len / sizeof(struct word);
}

static size_t
known_len(const struct ngram_scorer *s)
{
	return s->id.len / sizeof(uint32_t);
}

static const struct known *
listed(const struct ngram_scorer *s, const struct word *w)
{
	return (const struct known *)(const void *)s->listed.data + w->first;
}

/* Room for so many, and one more, so that the last may be written before it is known
 * whether it stays. */
static void *
room_for(struct buf *b, size_t n, size_t size)
{
	buf_clear(b);
	return buf_reserve(b, (n + 1) * size);
}

static void
set_bit(uint64_t *bits, size_t at)
{
	bits[at / 64] |= (uint64_t)1 << at % 64;
}

static bool
has_bit(const uint64_t *bits, size_t at)
{
	return bits[at / 64] >> at % 64 & 1;
}

/* Most runs of words are not in a model: a bit tells. */
static void
filter_model(struct ngram_scorer *s)
{
	const struct linear_model *m = s->model;

	s->in_model_bits = 1024;
	while (s->in_model_bits < MODEL_FILTER_SHARE * m->features)
		s->in_model_bits *= 2;
	s->in_model = arena_array(s->in_model_bits / 64, sizeof(*s->in_model));
	for (size_t i = 0; i < m->features; i++)
		set_bit(s->in_model, m->id[i] & (s->in_model_bits - 1));
}

static void
make_rows(struct ngram_scorer *s)
{
	const struct linear_model *m = s->model;
	uint32_t rows = 0;

	s->weights = arena_array(m->features, sizeof(*s->weights));
	for (size_t i = 0; i < m->features; i++) {
		uint32_t len = m->first[i + 1] - m->first[i];

		s->weights[i] = (struct weights){ len > FEW ? rows++ : m->first[i], len };
	}
	s->row = arena_array(rows, s->width);
	for (size_t i = 0; i < m->features; i++) {
		int8_t *row = s->row + s->weights[i].at * s->width;

		for (uint32_t p = m->first[i]; s->weights[i].len > FEW && p < m->first[i + 1]; p++)
			row[m->posting[p].slot] = m->posting[p].weight;
	}
}

struct ngram_scorer *
ngram_scorer_new(const struct linear_model *m)
{
	struct ngram_scorer *s = arena_array(1, sizeof(*s));

	s->model = m;
	s->width = (2 * m->dimensions + BLOCK - 1) / BLOCK * BLOCK;
	filter_model(s);
	make_rows(s);
	return s;
}

void
ngram_scorer_free(struct ngram_scorer *s)
{
	if (s == NULL)
		return;
	tokens_release(&s->tokens);
	buf_release(&s->padded);
	buf_release(&s->ids);
	buf_release(&s->words);
	buf_release(&s->listed);
	buf_release(&s->sums);
	buf_release(&s->id);
	buf_release(&s->text_of);
	buf_release(&s->weights_of);
	buf_release(&s->hash);
	buf_release(&s->word);
	buf_release(&s->found);
	free(s->in_model);
	free(s->weights);
	free(s->row);
	free(s->by_hash.slot);
	free(s->by_id.slot);
	free(s->run);
	free(s);
}

static bool
may_be_in_model(const struct ngram_scorer *s, uint32_t id)
{
	return has_bit(s->in_model, id & (s->in_model_bits - 1));
}

static struct weights
find_weights(const struct ngram_scorer *s, uint32_t id)
{
	const struct linear_model *m = s->model;
	size_t at = id & (m->slots - 1);

	if (may_be_in_model(s, id))
		for (; m->slot[at] != 0; at = (at + 1) & (m->slots - 1))
			if (m->id[m->slot[at] - 1] == id)
				return s->weights[m->slot[at] - 1];
	return (struct weights){ 0, 0 };
}

VECTOR static void
add_row(int16_t *restrict part, const int8_t *restrict row, size_t width)
{
	for (size_t from = 0; from < width; from += BLOCK)
		for (size_t k = from; k < from + BLOCK; k++)
			part[k] = (int16_t)(part[k] + row[k]);
}

VECTOR static void
add_parts(int32_t *restrict sum, const int16_t *restrict part, size_t width)
{
	for (size_t from = 0; from < width; from += BLOCK)
		for (size_t k = from; k < from + BLOCK; k++)
			sum[k] += part[k];
}

static void
begin_sum(const struct ngram_scorer *s, struct sum *x)
{
	memset(x->all, 0, s->width * sizeof(*x->all));
	for (int what = ADD; what <= TAKE; what++)
		memset(x->part[what], 0, s->width * sizeof(*x->part[what]));
	x->rows[ADD] = x->rows[TAKE] = 0;
}

/* What is in a part goes to the whole. */
static void
settle(const struct ngram_scorer *s, struct sum *x, int what)
{
	for (size_t k = 0; k < s->width; k++)
		x->all[k] += what == ADD ? x->part[what][k] : -x->part[what][k];
	memset(x->part[what], 0, s->width * sizeof(*x->part[what]));
	x->rows[what] = 0;
}

static void
end_sum(const struct ngram_scorer *s, struct sum *x)
{
	for (int what = ADD; what <= TAKE; what++)
		if (x->rows[what] > 0)
			settle(s, x, what);
}

/* Adds the weights of an n-gram, or takes them away. */
static void
add_weights(const struct ngram_scorer *s, struct sum *x, struct weights w, int what)
{
	const struct linear_weight *p = s->model->posting + w.at;

	if (w.len > FEW) {
		if (x->rows[what] == ROWS)
			settle(s, x, what);
		add_row(x->part[what], s->row + w.at * s->width, s->width);
		x->rows[what]++;
		return;
	}
	for (uint32_t i = 0; i < w.len; i++)
		x->all[p[i].slot] += what == ADD ? p[i].weight : -p[i].weight;
}

/* Makes room for one more; true: the slots are empty now, and all that stood in them
 * must be put in again. */
static bool
grow_index(struct index *x, size_t len)
{
	if (2 * (len + 1) <= x->slots)
		return false;
	free(x->slot);
	x->slots = x->slots == 0 ? 1024 : 2 * x->slots;
	x->slot = arena_array(x->slots, sizeof(*x->slot));
	return true;
}

static void
empty_index(struct index *x)
{
	if (x->slots > 0)
		memset(x->slot, 0, x->slots * sizeof(*x->slot));
}

static uint32_t *
slot_of_id(const struct ngram_scorer *s, uint32_t id)
{
	size_t mask = s->by_id.slots - 1, at = id & mask;

	while (s->by_id.slot[at] != 0 && ids(s)[s->by_id.slot[at] - 1] != id)
		at = (at + 1) & mask;
	return &s->by_id.slot[at];
}

static uint32_t
know(struct ngram_scorer *s, uint32_t id)
{
	const uint32_t no_text = 0;
	struct weights w;
	uint32_t *slot;

	if (grow_index(&s->by_id, known_len(s)))
		for (size_t i = 0; i < known_len(s); i++)
			*slot_of_id(s, ids(s)[i]) = (uint32_t)i + 1;
	slot = slot_of_id(s, id);
	if (*slot == 0) {
		w = find_weights(s, id);
		buf_add(&s->id, &id, sizeof(id));
		buf_add(&s->weights_of, &w, sizeof(w));
		buf_add(&s->text_of, &no_text, sizeof(no_text));
		*slot = (uint32_t)known_len(s);
	}
	return *slot - 1;
}

static uint32_t *
slot_of_hash(const struct ngram_scorer *s, uint64_t hash)
{
	size_t mask = s->by_hash.slots - 1, at = hash & mask;

	while (s->by_hash.slot[at] != 0 && words(s)[s->by_hash.slot[at] - 1].hash != hash)
		at = (at + 1) & mask;
	return &s->by_hash.slot[at];
}

/* Lists the n-grams of a word. */
static void
list_chars(struct ngram_scorer *s, struct word *w, const char *key, size_t len)
{
	const struct ngram_config *form = &s->model->form;
	uint32_t *id = room_for(&s->ids, ngram_chars_max(form, len), sizeof(*id));
	size_t n = ngram_chars(form, &s->padded, key, len, id);

	for (size_t i = 0; i < n; i++) {
		struct known new = { know(s, id[i]), id[i] };
		uint32_t k = n > SHORT ? w->len : 0;

		while (k < w->len && listed(s, w)[k].at != new.at)
			k++;
		if (k < w->len)
			continue;
		buf_add(&s->listed, &new, sizeof(new));
		w->len++;
	}
}

static const struct weights *
weights_of(const struct ngram_scorer *s)
{
	return (const struct weights *)(const void *)s->weights_of.data;
}

/* What the n-grams of a word come to. */
static void
sum_up(struct ngram_scorer *s, const struct word *w)
{
	int16_t *part = (int16_t *)(void *)buf_reserve(&s->sums, s->width * sizeof(*part));
	struct sum sum;

	begin_sum(s, &sum);
	for (uint32_t i = 0; w->len <= SHORT && i < w->len; i++)
		add_weights(s, &sum, weights_of(s)[listed(s, w)[i].at], ADD);
	end_sum(s, &sum);
	for (size_t k = 0; k < s->width; k++)
		part[k] = (int16_t)sum.all[k];
	s->sums.len += s->width * sizeof(*part);
}

static void
learn(struct ngram_scorer *s, uint64_t hash, const char *key, size_t len)
{
	const struct ngram_config *form = &s->model->form;
	struct word w = { .hash = hash,
		.first = (uint32_t)(s->listed.len / sizeof(struct known)) };
	struct ngram_window alone = { 0 };

	if (form->chars_max > 0)
		list_chars(s, &w, key, len);
	if (form->words > 0) {
		ngram_window_push(&alone, form, 0, hash);
		w.alone = find_weights(s, ngram_window_id(&alone, form, 0));
	}
	sum_up(s, &w);
	buf_add(&s->words, &w, sizeof(w));
}

static uint32_t
word_of(struct ngram_scorer *s, uint64_t hash, const char *key, size_t len)
{
	uint32_t *slot;

	if (grow_index(&s->by_hash, words_len(s)))
		for (size_t i = 0; i < words_len(s); i++)
			*slot_of_hash(s, words(s)[i].hash) = (uint32_t)i + 1;
	slot = slot_of_hash(s, hash);
	if (*slot == 0) {
		learn(s, hash, key, len);
		*slot = (uint32_t)words_len(s);
	}
	return *slot - 1;
}

static void
forget(struct ngram_scorer *s)
{
	buf_clear(&s->words);
	buf_clear(&s->listed);
	buf_clear(&s->sums);
	buf_clear(&s->id);
	buf_clear(&s->text_of);
	buf_clear(&s->weights_of);
	empty_index(&s->by_hash);
	empty_index(&s->by_id);
	memset(s->run, 0, s->run_room * sizeof(*s->run));
	s->text = 0;
}

/* Memory is far away: what is looked at here and there is asked for some time before,
 * first the slots of all words, then these, then what tells of weights. */
static void
find_words(struct ngram_scorer *s)
{
	const struct ngram_config *form = &s->model->form;
	size_t n = s->tokens.len, mask = s->by_hash.slots - 1;
	uint64_t *hash = room_for(&s->hash, n, sizeof(*hash));
	uint32_t *word = room_for(&s->word, n, sizeof(*word));

	for (size_t i = 0; i < n; i++) {
		const struct token *t = &s->tokens.at[i];

		hash[i] = ngram_word_hash(form, token_key(&s->tokens, t), t->key_len);
		if (s->by_hash.slots > 0)
			__builtin_prefetch(&s->by_hash.slot[hash[i] & mask]);
	}
	for (size_t i = 0; i < n && s->by_hash.slots > 0; i++) {
		uint32_t slot = s->by_hash.slot[hash[i] & mask];

		__builtin_prefetch(&words(s)[slot > 0 ? slot - 1 : 0]);
	}
	for (size_t i = 0; i < n; i++) {
		const struct token *t = &s->tokens.at[i];

		word[i] = word_of(s, hash[i], token_key(&s->tokens, t), t->key_len);
	}
}

/* Slots for so many runs, most of them empty; no more than it takes, so that a long
 * text does not spread those behind it over much memory. */
static void
begin_runs(struct ngram_scorer *s, size_t runs)
{
	s->run_slots = 64;
	while (s->run_slots < 4 * runs)
		s->run_slots *= 2;
	if (s->run_slots > s->run_room) {
		free(s->run);
		s->run = arena_array(s->run_slots, sizeof(*s->run));
		s->run_room = s->run_slots;
	}
	memset(s->filter, 0, sizeof(s->filter));
}

static uint64_t *
slot_of_run(const struct ngram_scorer *s, uint32_t id)
{
	size_t at = id & (s->run_slots - 1);

	while (s->run[at] >> 32 == s->text && (uint32_t)s->run[at] != id)
		at = (at + 1) & (s->run_slots - 1);
	return &s->run[at];
}

/* Is this run new in the text? */
static bool
add_run(struct ngram_scorer *s, uint32_t id)
{
	uint64_t *slot = slot_of_run(s, id);
	bool is_new = *slot >> 32 != s->text;

	*slot = (uint64_t)s->text << 32 | id;
	set_bit(s->filter, id % FILTER_BITS);
	s->len[WORDS] += is_new;
	return is_new;
}

/* Adds the runs of one word, and lists the longer ones. */
static uint32_t *
find_runs(struct ngram_scorer *s, uint32_t *found)
{
	const struct ngram_config *form = &s->model->form;
	const uint64_t *hash = (const uint64_t *)(const void *)s->hash.data;
	const uint32_t *word = (const uint32_t *)(const void *)s->word.data;
	struct ngram_window runs = { 0 };

	for (size_t i = 0; i < s->tokens.len; i++) {
		ngram_window_push(&runs, form, s->tokens.at[i].sentence, hash[i]);
		if (add_run(s, ngram_window_id(&runs, form, 0)))
			add_weights(s, &s->sum[WORDS], words(s)[word[i]].alone, ADD);
		for (uint32_t k = 1; k < runs.len; k++) {
			*found = ngram_window_id(&runs, form, k);
			__builtin_prefetch(&s->in_model[(*found & (s->in_model_bits - 1)) / 64]);
			found += add_run(s, *found);
		}
	}
	return found;
}

static void
add_runs(struct ngram_scorer *s)
{
	const struct linear_model *m = s->model;
	size_t most = s->tokens.len * m->form.words, n = 0;
	uint32_t *found = room_for(&s->found, most, sizeof(*found)), *end;

	begin_runs(s, most);
	if (most == 0)
		return;
	end = find_runs(s, found);
	for (const uint32_t *id = found; id < end; id++) {
		found[n] = *id;
		n += may_be_in_model(s, *id);
		__builtin_prefetch(&m->slot[*id & (m->slots - 1)]);
	}
	for (size_t i = 0; i < n; i++)
		add_weights(s, &s->sum[WORDS], find_weights(s, found[i]), ADD);
}

/* Keeps each word of the text once; how many there are. */
static size_t
drop_doubles(struct ngram_scorer *s)
{
	uint32_t *word = (uint32_t *)(void *)s->word.data;
	size_t n = 0;

	for (size_t i = 0; i < s->tokens.len; i++) {
		struct word *w = &words(s)[word[i]];
		bool is_new = w->text != s->text;

		w->text = s->text;
		word[n] = word[i];
		n += is_new;
		__builtin_prefetch(listed(s, w));
	}
	return n;
}

static void
ask_for_word(const struct ngram_scorer *s, uint32_t word)
{
	const struct word *w = &words(s)[word];
	const char *part = s->sums.data + word * s->width * sizeof(int16_t);

	for (uint32_t i = 0; i < w->len; i++)
		__builtin_prefetch(&text_of(s)[listed(s, w)[i].at], 1);
	for (size_t k = 0; k < s->width * sizeof(int16_t); k += 64)
		__builtin_prefetch(part + k);
}

/* A run of characters may have the name of a run of words, and counts as that. */
static bool
is_run(const struct ngram_scorer *s, uint32_t id)
{
	return has_bit(s->filter, id % FILTER_BITS)
	    && *slot_of_run(s, id) >> 32 == s->text;
}

/* Marks the n-grams of a word as seen and lists those that had been, or, if it wants the
 * others, these.  How many there are.  Without a branch that only a guess can take. */
static size_t
mark_word(const struct ngram_scorer *s, const struct word *w, bool wants_new,
    uint32_t *list)
{
	const struct known *k = listed(s, w);
	uint32_t *text_of_ngram = text_of(s);
	const uint32_t text = s->text, len = w->len;
	size_t n = 0;

	for (uint32_t i = 0; i < len; i++) {
		const uint32_t at = k[i].at;
		bool is_new = text_of_ngram[at] != text;

		if (is_run(s, k[i].id))		/* seldom */
			is_new = false;
		text_of_ngram[at] = text;
		list[n] = at;
		n += is_new == wants_new;
	}
	return n;
}

/* Adds the n-grams of a word that are new in the text: of a short one, all, and then
 * takes those away that are not. */
static void
add_word(struct ngram_scorer *s, uint32_t word)
{
	const struct word *w = &words(s)[word];
	const bool is_long = w->len > SHORT;
	uint32_t *list = room_for(&s->found, w->len, sizeof(*list));
	size_t n = mark_word(s, w, is_long, list);

	s->len[CHARS] += is_long ? n : w->len - n;
	if (!is_long)
		add_parts(s->sum[CHARS].all, (const int16_t *)(const void *)s->sums.data
		    + word * s->width, s->width);
	for (size_t i = 0; i < n; i++)
		add_weights(s, &s->sum[CHARS], weights_of(s)[list[i]], is_long ? ADD : TAKE);
}

static void
add_words(struct ngram_scorer *s)
{
	const uint32_t *word = (const uint32_t *)(const void *)s->word.data;
	size_t n = drop_doubles(s);

	for (size_t i = 0; i < n; i++) {
		if (i + AHEAD < n)
			ask_for_word(s, word[i + AHEAD]);
		add_word(s, word[i]);
	}
}

static double
length(size_t n)
{
	return n > 0 ? (double)(1.0F / sqrtf((float)n)) : 0;
}

void
ngram_scorer_score(struct ngram_scorer *s, const char *text, size_t len,
    double score[LINEAR_OUTPUTS])
{
	double of_words, of_chars;

	if (words_len(s) > NGRAM_SCORER_WORDS || known_len(s) > SCORES_NGRAMS
	    || s->listed.len > SCORES_LISTED || s->text == UINT32_MAX)
		forget(s);
	s->text++;
	tokens_read(&s->tokens, text, len);
	memset(s->len, 0, sizeof(s->len));
	begin_sum(s, &s->sum[WORDS]);
	begin_sum(s, &s->sum[CHARS]);
	find_words(s);
	add_runs(s);
	add_words(s);
	end_sum(s, &s->sum[WORDS]);
	end_sum(s, &s->sum[CHARS]);
	of_words = length(s->len[WORDS]);
	of_chars = length(s->len[CHARS]);
	for (size_t i = 0; i < 2 * s->model->dimensions; i++)
		score[i] = of_words * s->sum[WORDS].all[i] + of_chars * s->sum[CHARS].all[i];
}
