/* linear_model.c - a model of alignx-fit is read as it was written, judges by the formulas of
 * linear_model.h, and is refused with a reason when anything in it is wrong. */

#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "annotate/linear_scorer.h"
#include "tests/tap.h"

static struct arena arena;

static const struct ngram_config config = {
	.seed = 7, .bits = 20, .words = 2, .chars_min = 3, .chars_max = 4
};

/* The id of a word, which is a text's first feature. */
static uint32_t
id_of(const char *word)
{
	struct text text = { word, strlen(word) };
	struct model_features g = { 0 };
	uint32_t id;

	model_features_read(&g, &config, &text, &(struct list){ 0 });
	id = g.at[0].id;
	model_features_release(&g);
	return id;
}

/* Two poles of one dimension and one of another, for which the word "tent" speaks. */
static void
make(struct buf *b)
{
	static struct linear_output output[3] = {
		{ .dimension = 3, .pole = 0, .positives = 40, .bias = -1, .scale = 1 },
		{ .dimension = 3, .pole = 1, .positives = 50, .bias = 1, .scale = 1 },
		{ .dimension = 86, .pole = 1, .positives = 30, .bias = -2, .scale = 0.05F },
	};
	static uint32_t first[] = { 0, 1 };
	static struct linear_weight weight[] = { { 2, 100 } };
	uint32_t id = id_of("tent");
	struct linear_model m = { .config = config,
		.note = "of made-up texts",
		.rules = "rules-1",
		.slope = 0.5F,
		.intercept = 0.25F,
		.output = output,
		.outputs = 3,
		.id = &id,
		.first = first,
		.features = 1,
		.weight = weight,
		.weights = 1 };

	for (int i = 0; i < LINEAR_THRESHOLDS; i++)
		m.threshold[i] = (float)i / 40;
	buf_clear(b);
	linear_model_write(&m, b);
}

static double
logistic(double x)
{
	return 1 / (1 + exp(-x));
}

static struct intensities
judge(const struct linear_model *m, const char *s, double threshold)
{
	struct linear_scorer *scorer = linear_scorer_new(m);
	struct text text = { s, strlen(s) };
	struct intensities x = { 0 };
	double score[LINEAR_OUTPUTS];

	linear_scorer_score(scorer, &text, &(struct list){ 0 }, score);
	linear_model_apply(m, score, threshold, &x);
	linear_scorer_free(scorer);
	return x;
}

static void
test_formulas(const struct buf *b)
{
	struct fault f = FAULT_NONE;
	struct intensities rules = { 0 }, x;
	struct linear_model m;
	double p;

	ok(linear_model_parse(&m, "m", b->data, b->len, &arena, &f) == 0,
	    "a written model is read back: %s", f.text);
	ok(strcmp(m.note, "of made-up texts") == 0 && strcmp(m.rules, "rules-1") == 0,
	    "note and version of the rules are read back");
	ok(fabs(linear_model_threshold(&m, 0.5) - 0.25) < 1e-6
		&& fabs(linear_model_threshold(&m, 0.525) - 0.2625) < 1e-6
		&& fabs(linear_model_threshold(&m, 0.95) - 0.475) < 1e-6,
	    "a threshold between two of the table");
	ok(fabs(linear_model_threshold(&m, 0) - 0.11) < 1e-9, "no threshold is below 0.11");
	x = judge(&m, "Tent was", 0.5);
	p = logistic(0.5 * 1 + 0.25);
	ok(x.value[3] == lround(100 * p / (10 * 0.25)) && x.confidence[3] == lround(100 * p),
	    "the likelier pole, by value and confidence");
	p = logistic(0.5 * (-2 + 0.05 * 100 / sqrt(3)) + 0.25);
	ok(x.confidence[86] == lround(100 * p), "a word raises the pole it speaks for");
	ok(x.value[50] == 0 && x.confidence[50] == 0, "a dimension unknown to the model");
	rules.value[3] = -90;
	rules.confidence[3] = 90;
	rules.value[86] = -90;
	rules.confidence[86] = 95;
	rules.value[50] = 80;
	rules.confidence[50] = 70;
	linear_model_add_rules(&rules, 0.5, &x);
	ok(x.value[3] > 0, "a sign of the other pole does not change a claim");
	ok(x.value[50] > 0 && x.value[50] * x.confidence[50] <= 1000 && x.confidence[50] == 35,
	    "what the model does not know is less than a claim");
	linear_model_set(&x, 86, 1, 0.9, 0.5);
	linear_model_add_rules(&rules, 0.5, &x);
	rules.evidence[86] = EVIDENCE_SAID;
	linear_model_add_rules(&rules, 0.5, &x);
	ok(x.value[86] < 0 && -x.value[86] * x.confidence[86] <= 1000,
	    "a dislike in so many words takes the claim away");
}

/* Value times confidence is above 0.1 for claims and for nothing else, and both grow with P. */
static void
test_claims(void)
{
	bool is_exact = true, grows = true, has_pole = true;

	for (int t = 11; t <= 99; t++)
		for (int p = 0, last = 0; p <= 1000; p++) {
			struct intensities x = { 0 };
			int evidence;

			linear_model_set(&x, 5, t % 2, p / 1000.0, t / 100.0);
			evidence = abs(x.value[5]) * x.confidence[5];
			is_exact &= (evidence > 1000) == (p / 1000.0 >= t / 100.0);
			has_pole &= x.value[5] == 0 || (x.value[5] > 0) == (t % 2 == 1);
			grows &= evidence >= last - INTENSITY_FULL;
			last = evidence > last ? evidence : last;
		}
	ok(is_exact, "value times confidence is above 0.1 exactly for claims");
	ok(grows, "it grows with the probability, but for rounding");
	ok(has_pole, "the sign is that of the pole");
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
	test_claims();
	test_frame(&b);
	refuse(&b, 8, 3, 0, "format version 3, and this program reads version 2");
	refuse(&b, 0, 0x46554747, 0, "not a model of alignx-fit");
	refuse(&b, 28, 40, 0, "its n-grams are out of range");
	refuse(&b, 32, 0xffffffff, 0, "its n-grams are out of range");
	refuse(&b, 44, 0xffffffff, 0, "its counts do not match its length");
	refuse(&b, 48, 0xffffffff, 0, "its counts do not match its length");
	refuse(&b, 52, 0xffffffff, 0, "its counts do not match its length");
	refuse(&b, 56, 0x80000000, 0, "its counts do not match its length");
	refuse(&b, 56, 0, 0, "its counts do not match its length");
	refuse(&b, 56, 0, 2, "its weights do not add up");
	refuse(&b, 60, 0xffffffff, 0, "its version of the rules is not text");
	refuse(&b, 92, nan_bits, 0, "its calibration is out of range");
	refuse(&b, 100, 0x3f800000, 0, "its calibration is out of range");
	refuse(&b, 180, 0xffffffff, 0, "its note is not text");
	refuse(&b, 180 + 16, 90, 0, "not in order");
	refuse(&b, 180 + 16 + 14, 0x0003, 0, "not in order");
	refuse(&b, 180 + 16 + 6, nan_bits, 0, "not finite");
	refuse(&b, b.len - 4, 0x640401ff, 0, "an unknown dimension");
	buf_release(&b);
	arena_release(&arena);
	return tap_done();
}
