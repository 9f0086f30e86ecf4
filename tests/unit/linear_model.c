/* linear_model.c - a model of alignx-fit is read as it was written, judges by the formulas of
 * linear_model.h, and is refused with a reason when anything in it is wrong. */

#include "config.h"

#include <math.h>
#include <string.h>
#include <xxhash.h>

#include "annotate/ngram_scorer.h"
#include "tests/tap.h"

static struct arena arena;

static const struct ngram_config config = {
	.seed = 7, .bits = 20, .words = 2, .chars_min = 3, .chars_max = 4
};

static uint32_t
id_of(const char *text)
{
	struct ngram_config words = config;
	struct ngrams g = { 0 };
	uint32_t id;

	words.words = 1;
	words.chars_min = words.chars_max = 0;
	ngrams_read(&g, &words, text, strlen(text));
	id = g.at[0].id;
	ngrams_release(&g);
	return id;
}

/* Two dimensions; the word "tent" speaks for the second. */
static void
make(struct buf *b)
{
	static struct linear_dimension d[2] = {
		{ .dimension = 3,
		    .has_polarity = true,
		    .relevance.bias = 1,
		    .polarity = { .bias = 0.5F, .rule = 2 },
		    .prior_shift = 0.25F },
		{ .dimension = 86, .relevance = { -1, 3, -2, 0.05F }, .prior_shift = 1 },
	};
	static uint32_t first[] = { 0, 1 };
	static struct linear_weight weight[] = { { 2, 100 } };
	uint32_t id = id_of("tent");
	struct linear_model m = { .config = config,
		.note = "of made-up texts",
		.dimension = d,
		.dimensions = 2,
		.id = &id,
		.first = first,
		.features = 1,
		.weight = weight,
		.weights = 1 };

	buf_clear(b);
	linear_model_write(&m, b);
}

static double
logistic(double x)
{
	return 1 / (1 + exp(-x));
}

static struct intensities
judge(const struct linear_model *m, const char *text, struct intensities x)
{
	struct ngram_scorer *s = ngram_scorer_new(m);
	double score[LINEAR_OUTPUTS];

	ngram_scorer_score(s, text, strlen(text), score);
	linear_model_apply(m, score, &x);
	ngram_scorer_free(s);
	return x;
}

static void
test_formulas(const struct buf *b)
{
	struct fault f = FAULT_NONE;
	struct intensities rules = { 0 }, x;
	struct linear_model m;
	double v, score = 0.05 * 100 / sqrt(3); /* tent, was, tent was */

	ok(linear_model_parse(&m, "m", b->data, b->len, &arena, &f) == 0,
	    "a written model is read back: %s", f.text);
	ok(strcmp(m.note, "of made-up texts") == 0, "the note is read back");
	rules.value[3] = -50;
	rules.value[50] = 80;
	rules.value[12] = 9;
	x = judge(&m, "Tent was", rules);
	v = -logistic(1.25) * (1 - 2 * logistic(-0.5));
	ok(x.value[3] == lround(100 * (v - 0.4 - 0.4 * v)),
	    "the value: the rules and the model agree");
	ok(x.confidence[3] == lround(100 * logistic(1) * logistic(0.5)), "the confidence");
	ok(x.value[86] == lround(100 * logistic(-2 * 0.8 + score)),
	    "a word raises an interest, a rule for another one lowers it");
	ok(x.value[12] == 9, "a dimension unknown to the model keeps its value");
	rules.value[86] = -100;
	x = judge(&m, "was", rules);
	v = logistic(-1.6 + 3);
	ok(x.value[86] == -lround(100 * (v + 0.8 - 0.8 * v)),
	    "without a score of the pole, the rules give the pole");
	rules.value[3] = 50;
	rules.confidence[3] = 90;
	x = judge(&m, "was", rules);
	v = logistic(1.25) * (2 * logistic(1.5) - 1);
	ok(x.value[3] == lround(100 * (v + 0.4 - 0.4 * v)), "the other pole");
	ok(x.confidence[3] == 90, "the higher confidence of rules and model");
	rules.value[3] = -10;
	x = judge(&m, "was", rules);
	v = logistic(1.25) * (2 * logistic(0.5 - 0.2) - 1);
	ok(x.value[3] == lround(100 * (v - 0.08) / (1 - 0.08)),
	    "the value: the rules and the model disagree");
}

/* Changes bytes, makes the hash right again, and reads. */
static void
refuse(const struct buf *b, size_t at, uint32_t word, size_t cut, const char *why)
{
	struct buf copy = { 0 };
	struct fault f = FAULT_NONE;
	struct linear_model m;
	uint64_t hash;
	uint32_t len;

	buf_add(&copy, b->data, b->len - cut);
	memcpy(copy.data + at, &word, sizeof(word));
	len = (uint32_t)copy.len;
	memcpy(copy.data + 12, &len, sizeof(len));
	hash = XXH3_64bits(copy.data + 24, copy.len - 24);
	memcpy(copy.data + 16, &hash, sizeof(hash));
	ok(linear_model_parse(&m, "m", copy.data, copy.len, &arena, &f) == -2
		&& strstr(f.text, why) != NULL,
	    "%s", f.text);
	buf_release(&copy);
}

static void
test_frame(const struct buf *b)
{
	struct linear_model m;
	struct fault f;
	size_t refused = 0;

	for (size_t n = 0; n < b->len; n++) {
		char *cut = arena_strndup(&arena, b->data, n);

		f = FAULT_NONE;
		refused += linear_model_parse(&m, "m", cut, n, &arena, &f) == -2;
	}
	ok(refused == b->len, "a file cut anywhere is refused: %s", f.text);
	refused = 0;
	for (size_t i = 0; i < b->len; i++) {
		f = FAULT_NONE;
		b->data[i] ^= 4;
		refused += linear_model_parse(&m, "m", b->data, b->len, &arena, &f) == -2;
		b->data[i] ^= 4;
	}
	ok(refused == b->len, "a bit changed anywhere is refused: %s", f.text);
}

int
main(void)
{
	struct buf b = { 0 };
	const uint32_t nan_bits = 0x7fc00000;

	make(&b);
	test_formulas(&b);
	test_frame(&b);
	refuse(&b, 8, 2, 0, "format version 2, and this program reads version 1");
	refuse(&b, 0, 0x46554747, 0, "not a model of alignx-fit");
	refuse(&b, 28, 40, 0, "its n-grams are out of range");
	refuse(&b, 32, 0xffffffff, 0, "its n-grams are out of range");
	refuse(&b, 44, 0xffffffff, 0, "its counts do not match its length");
	refuse(&b, 48, 0xffffffff, 0, "its counts do not match its length");
	refuse(&b, 52, 0xffffffff, 0, "its counts do not match its length");
	refuse(&b, 56, 0x80000000, 0, "its counts do not match its length");
	refuse(&b, 56, 0, 0, "its counts do not match its length");
	refuse(&b, 56, 0, 2, "its weights do not add up");
	refuse(&b, 60, 0xffffffff, 0, "its note is not text");
	refuse(&b, 60 + 16, 90, 0, "not in order");
	refuse(&b, 60 + 16 + 2, nan_bits, 0, "not finite");
	refuse(&b, b.len - 4, 0x640401ff, 0, "an unknown dimension");
	buf_release(&b);
	arena_release(&arena);
	return tap_done();
}
