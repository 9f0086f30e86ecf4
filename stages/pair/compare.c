#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "annotate/rules.h"
#include "lib/core/file.h"
#include "lib/core/hash_index.h"
#include "lib/match/tokens.h"
#include "lib/text/tsv.h"
#include "stages/pair/compare.h"

enum { FILE_MAX = 1 << 20, COLUMNS = 3, FEATURES_USED_MAX = 64, WORD_MIN = 4 };
static const double probability_min = 0.01; /* within the logarithm of a confidence */

/* Features of a text by name; then come those of dimensions, KEY+ and KEY-. */
enum compare_feature {
	COMPARE_BIAS,
	COMPARE_WORDS,
	COMPARE_LINES,
	COMPARE_DIGITS,
	COMPARE_QUESTION,
	COMPARE_LINK,
	COMPARE_LETTERS,
	COMPARE_OVERLAP,
	COMPARE_POLES
};
static const char *const feature_names[COMPARE_POLES] = { "bias", "words", "lines", "digits",
	"question", "link", "letters", "overlap" };

struct compare_weight {
	int feature; /* enum compare_feature, or COMPARE_POLES + 2 * dimension + pole */
	double weight;
};

struct compared_key {
	struct compare_weight *weight;
	size_t len;
};

/* The features of a response to the current post. */
struct compare_response {
	const struct interaction *of;
	double text[COMPARE_POLES];
};

struct compare {
	struct compared_key key[DIMENSIONS];
	struct tokens tokens;
	struct hash_index post_words, by_response;
	size_t post_len;
	struct compare_response *response;
	size_t len, capacity;
};

static int
find_feature(const struct text *name)
{
	int d;

	for (int i = 0; i < COMPARE_POLES; i++)
		if (text_is(name, feature_names[i]))
			return i;
	if (name->len < 2 || strchr("+-", name->ptr[name->len - 1]) == NULL)
		return -1;
	d = dimension_find(name->ptr, name->len - 1);
	return d < 0 ? -1 : COMPARE_POLES + 2 * d + (name->ptr[name->len - 1] == '+');
}

static int
read_row(struct compare *c, const struct tsv *t, const char *file, struct arena *a, struct fault *f)
{
	struct compare_weight one;
	struct compared_key *key;
	int d;

	if (t->columns != COLUMNS)
		return fault_stop(f, "%s:%d: expected three columns: key, feature, weight", file,
		    t->line);
	if ((d = dimension_find(t->column[0].ptr, t->column[0].len)) < 0)
		return fault_stop(f, "%s:%d: unknown key '%.*s'", file, t->line,
		    (int)t->column[0].len, t->column[0].ptr);
	if ((one.feature = find_feature(&t->column[1])) < 0)
		return fault_stop(f, "%s:%d: unknown feature '%.*s'", file, t->line,
		    (int)t->column[1].len, t->column[1].ptr);
	if (!rules_number(&t->column[2], -100, 100, &one.weight))
		return fault_stop(f, "%s:%d: a weight must be a number from -100 to 100", file,
		    t->line);
	key = &c->key[d];
	for (size_t i = 0; i < key->len; i++)
		if (key->weight[i].feature == one.feature)
			return fault_stop(f, "%s:%d: this weight is given twice", file, t->line);
	if (key->len == FEATURES_USED_MAX)
		return fault_stop(f, "%s:%d: a key has more than %d weights", file, t->line,
		    FEATURES_USED_MAX);
	if (key->len == 0)
		key->weight = arena_alloc(a, FEATURES_USED_MAX * sizeof(*key->weight));
	key->weight[key->len++] = one;
	return 0;
}

struct compare *
compare_read(const char *folder, struct arena *a, bool *is_missing, struct fault *f)
{
	struct compare *c = arena_alloc(a, sizeof(*c));
	char *file = arena_alloc(a, strlen(folder) + sizeof("/compare.tsv"));
	struct tsv t;
	char *data;
	size_t len;

	sprintf(file, "%s/compare.tsv", folder);
	*is_missing = access(file, F_OK) != 0 && errno == ENOENT;
	if (*is_missing || (data = file_read(file, FILE_MAX, a, &len, f)) == NULL)
		return NULL;
	t = tsv_begin(data, len);
	while (tsv_next(&t))
		if (read_row(c, &t, file, a, f) < 0)
			return NULL;
	return c;
}

static uint64_t
word_hash(const struct compare *c, const struct token *t)
{
	return XXH3_64bits(token_key(&c->tokens, t), t->key_len);
}

void
compare_begin(struct compare *c, const struct text *post)
{
	hash_index_clear(&c->post_words);
	hash_index_clear(&c->by_response);
	c->len = 0;
	c->post_len = 0;
	tokens_read(&c->tokens, post->ptr, post->len);
	for (size_t i = 0; i < c->tokens.len; i++) {
		uint64_t hash = word_hash(c, &c->tokens.at[i]);
		struct hash_probe p = hash_index_probe(&c->post_words, hash);

		if (c->tokens.at[i].key_len >= WORD_MIN && !hash_probe_next(&p))
			hash_index_add(&c->post_words, hash, c->post_len++);
	}
}

bool
compare_has(const struct compare *c, int dimension)
{
	return c->key[dimension].len > 0;
}

/* The share of the post's words that a response has, as different words / sqrt(n + 1). */
static double
overlap(struct compare *c)
{
	unsigned char *is_seen = arena_calloc(c->post_len + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < c->tokens.len; i++) {
		struct hash_probe p = hash_index_probe(&c->post_words,
		    word_hash(c, &c->tokens.at[i]));

		if (c->tokens.at[i].key_len >= WORD_MIN && hash_probe_next(&p)
		    && !is_seen[p.number]) {
			is_seen[p.number] = 1;
			n++;
		}
	}
	free(is_seen);
	return (double)n / sqrt((double)c->post_len + 1);
}

static void
measure(struct compare *c, const struct interaction *x, double out[COMPARE_POLES])
{
	const struct text *t = &x->text;
	size_t digits = 0, lines = 0, letters = 0;
	bool is_question = false;

	tokens_read(&c->tokens, t->ptr, t->len);
	for (size_t i = 0; i < t->len; i++) {
		digits += t->ptr[i] >= '0' && t->ptr[i] <= '9';
		lines += t->ptr[i] == '\n';
		is_question |= t->ptr[i] == '?';
	}
	for (size_t i = 0; i < c->tokens.len; i++)
		letters += c->tokens.at[i].key_len;
	out[COMPARE_BIAS] = 0;
	out[COMPARE_WORDS] = log((double)c->tokens.len + 1);
	out[COMPARE_LINES] = log((double)lines + 1);
	out[COMPARE_DIGITS] = log((double)digits + 1);
	out[COMPARE_QUESTION] = is_question;
	out[COMPARE_LINK] = memmem(t->ptr, t->len, "http", 4) != NULL;
	out[COMPARE_LETTERS] = (double)letters / ((double)c->tokens.len + 1);
	out[COMPARE_OVERLAP] = overlap(c);
}

/* The number of a response, which is measured once. */
static size_t
find_response(struct compare *c, const struct interaction *x)
{
	uint64_t hash = XXH3_64bits(&x, sizeof(x));
	struct hash_probe p = hash_index_probe(&c->by_response, hash);

	while (hash_probe_next(&p))
		if (c->response[p.number].of == x)
			return p.number;
	hash_index_add(&c->by_response, hash, c->len);
	c->response = arena_grow_array(c->response, c->len, &c->capacity, sizeof(*c->response));
	c->response[c->len].of = x;
	measure(c, x, c->response[c->len].text);
	return c->len++;
}

/* A feature of KEY+ or KEY-: the logarithm of how sure that judgement is. */
static double
pole_feature(const struct interaction *x, int feature)
{
	const int d = (feature - COMPARE_POLES) / 2, pole = (feature - COMPARE_POLES) % 2;
	const int value = x->intensities.value[d];
	const bool is_judged = value != 0 && (value > 0) == (pole == 1);

	return log(probability_min
	    + (is_judged ? x->intensities.confidence[d] / (double)INTENSITY_FULL : 0));
}

double
compare_probability(struct compare *c, int dimension, const struct interaction *first,
    const struct interaction *second)
{
	const struct compared_key *key = &c->key[dimension];
	const size_t a = find_response(c, first), b = find_response(c, second);
	double z = 0;

	for (size_t i = 0; i < key->len; i++) {
		const int k = key->weight[i].feature;
		double difference = k == COMPARE_BIAS ? 1
		    : k < COMPARE_POLES ? c->response[a].text[k] - c->response[b].text[k]
					: pole_feature(first, k) - pole_feature(second, k);

		z += key->weight[i].weight * difference;
	}
	return 1 / (1 + exp(-z));
}

void
compare_release(struct compare *c)
{
	if (c == NULL)
		return;
	tokens_release(&c->tokens);
	hash_index_release(&c->post_words);
	hash_index_release(&c->by_response);
	free(c->response);
}
