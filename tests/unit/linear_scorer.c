/* linear_scorer.c - the scorer agrees with a sum over all features, whatever is in its cache,
 * within the rounding of its fixed point; a text is scored the same again to the last bit. */

#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/random.h"
#include "annotate/linear_scorer.h"
#include "tests/tap.h"

enum { TEXT_MAX = 1 << 16, SAMPLE = 40 };

static struct arena arena;
static struct random rng;
static char text[TEXT_MAX + 1];
static struct signal signal[3] = {
	{ .rule = { "topic.tents", 11 },
	    .dimension = 3,
	    .pole = 1,
	    .count = 1,
	    .evidence = EVIDENCE_TOPIC },
	{ .rule = { "need.rest", 9 },
	    .dimension = 9,
	    .pole = 0,
	    .count = 3,
	    .evidence = EVIDENCE_SAID },
	{ .rule = { "community.tents", 15 },
	    .dimension = 3,
	    .pole = 1,
	    .count = 1,
	    .evidence = EVIDENCE_COMMUNITY },
};
static const struct list signals = { signal, 3 };

/* A text of n words of a vocabulary, of up to max_letters each. */
static void
write_text(size_t n, size_t vocabulary, size_t max_letters)
{
	static const char ends[] = "    .\n!?";
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		struct random word = random_stream(1, random_below(&rng, vocabulary));
		size_t len = 1 + random_below(&word, max_letters);

		if (at + len + 2 > TEXT_MAX)
			break;
		while (len-- > 0)
			text[at++] = (char)('a' + random_below(&word, 1 + random_below(&word, 26)));
		text[at++] = ends[random_below(&rng, sizeof(ends) - 1)];
	}
	text[at] = '\0';
}

static struct text
current(void)
{
	return (struct text){ text, strlen(text) };
}

static int
by_id(const void *va, const void *vb)
{
	uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;

	return a < b ? -1 : a > b;
}

/* A model with weights for most features of sample texts. */
static struct linear_model
make(struct ngram_config config)
{
	struct linear_output *output = arena_alloc(&arena, LINEAR_OUTPUTS * sizeof(*output));
	struct model_features g = { 0 };
	struct linear_model m = { .config = config,
		.note = "",
		.slope = 1,
		.output = output,
		.outputs = LINEAR_OUTPUTS },
			    out;
	struct buf ids = { 0 }, weights = { 0 }, file = { 0 };
	struct fault f = FAULT_NONE;
	uint32_t *id;
	size_t n;

	for (int i = 0; i < LINEAR_OUTPUTS; i++)
		output[i] = (struct linear_output){ (uint8_t)(i / 2), (uint8_t)(i % 2), 30, 0,
			0.01F * (float)(1 + i) };
	for (int i = 0; i < SAMPLE; i++) {
		struct text t;

		write_text(random_below(&rng, 300), 300, i % 10 == 0 ? 200 : 12);
		t = current();
		model_features_read(&g, &config, &t, &signals);
		for (size_t k = 0; k < g.len; k++)
			buf_add(&ids, &g.at[k].id, sizeof(uint32_t));
	}
	id = (uint32_t *)(void *)ids.data;
	n = ids.len / sizeof(*id);
	qsort(id, n, sizeof(*id), by_id);
	m.id = arena_alloc(&arena, n * sizeof(*m.id));
	m.first = arena_alloc(&arena, (n + 1) * sizeof(*m.first));
	for (size_t i = 0; i < n; i++) {
		if ((i > 0 && id[i] == id[i - 1]) || random_below(&rng, 4) == 0)
			continue;
		m.id[m.features] = id[i];
		m.first[m.features++] = (uint32_t)m.weights;
		for (uint64_t k = random_below(&rng, 12); k > 0; k--) {
			struct linear_weight w = { (uint8_t)random_below(&rng, LINEAR_OUTPUTS),
				(int8_t)(random_below(&rng, 255) - 127) };

			buf_add(&weights, &w, sizeof(w));
			m.weights++;
		}
	}
	m.first[m.features] = (uint32_t)m.weights;
	m.weight = (struct linear_weight *)(void *)weights.data;
	linear_model_write(&m, &file);
	ok(linear_model_parse(&out, "m", file.data, file.len, &arena, &f) == 0,
	    "the model is valid: %s", f.text);
	buf_release(&file);
	buf_release(&ids);
	buf_release(&weights);
	model_features_release(&g);
	return out;
}

/* Is the score of the text that of the definition, within a hundredth of the sum of all parts? */
static bool
is_right(const struct linear_model *m, struct linear_scorer *s, struct model_features *g)
{
	double want[LINEAR_OUTPUTS] = { 0 }, all[LINEAR_OUTPUTS] = { 0 }, got[LINEAR_OUTPUTS];
	const struct text t = current();

	model_features_read(g, &m->config, &t, &signals);
	for (size_t i = 0; i < g->len; i++) {
		const uint32_t *at = bsearch(&g->at[i].id, m->id, m->features, sizeof(*m->id),
		    by_id);

		for (uint32_t p = at == NULL ? 1 : m->first[at - m->id];
		     at != NULL && p < m->first[at - m->id + 1]; p++) {
			const double part = (double)g->at[i].value * m->weight[p].weight
			    * (double)m->output[m->weight[p].output].scale;

			want[m->weight[p].output] += part;
			all[m->weight[p].output] += fabs(part);
		}
	}
	linear_scorer_score(s, &t, &signals, got);
	for (size_t i = 0; i < m->outputs; i++)
		if (!(fabs(want[i] - got[i]) <= 0.01 * all[i] + 1e-9))
			return false;
	return true;
}

static void
test_config(struct ngram_config config, const char *what)
{
	struct linear_model m = make(config);
	struct linear_scorer *s = linear_scorer_new(&m), *fresh;
	struct model_features g = { 0 };
	double before[LINEAR_OUTPUTS], after[LINEAR_OUTPUTS];
	struct linear_word top[3];
	struct text t;
	size_t right = 0, n;

	for (size_t i = 0; i < 60; i++) {
		write_text(random_below(&rng, 200), 300, 12);
		right += is_right(&m, s, &g);
	}
	ok(right == 60, "%s: 60 texts of short words score right: %zu", what, right);
	write_text(30, 50, 700);
	ok(is_right(&m, s, &g), "%s: long words", what);
	*text = '\0';
	ok(is_right(&m, s, &g), "%s: an empty text", what);
	for (size_t i = 0; i < 100; i++) { /* more words than the cache holds */
		write_text(2000, 1 << 20, 9);
		t = current();
		linear_scorer_score(s, &t, &signals, after);
	}
	write_text(100, 300, 12);
	t = current();
	linear_scorer_score(s, &t, &signals, after);
	n = linear_scorer_words(s, 3, top, 3);
	fresh = linear_scorer_new(&m);
	linear_scorer_score(fresh, &t, &signals, before);
	ok(memcmp(before, after, m.outputs * sizeof(*before)) == 0,
	    "%s: the same bits whatever was scored before", what);
	ok(n <= 3 && (n < 2 || top[0].score >= top[1].score) && (n == 0 || top[n - 1].score > 0),
	    "%s: the words that add most come first", what);
	linear_scorer_free(fresh);
	linear_scorer_free(s);
	model_features_release(&g);
}

static void
test_evidence(void)
{
	struct linear_model m = make((struct ngram_config){ .seed = 1, .bits = 32, .words = 1 });
	struct linear_scorer *s = linear_scorer_new(&m);
	struct intensities x = { 0 };
	double score[LINEAR_OUTPUTS];
	const struct text t = { "one two", 7 };
	const bool adds = linear_scorer_signal(s, &signal[0], 7) > 0;

	linear_scorer_score(s, &t, &signals, score);
	x.value[3] = 50;
	x.value[9] = 50; /* the other pole than the signal's */
	linear_scorer_evidence(s, &signals, &x);
	ok(x.evidence[3] == (adds ? EVIDENCE_TOPIC : EVIDENCE_WORDING),
	    "the kind is that of a signal that adds to the pole, never of a community");
	ok(x.evidence[9] == EVIDENCE_WORDING, "a signal of the other pole is no evidence");
	ok(x.evidence[5] == EVIDENCE_NONE, "no judgement has no evidence");
	linear_scorer_free(s);
}

int
main(void)
{
	rng = random_stream(7, 0);
	test_config(
	    (struct ngram_config){
		.seed = 7, .bits = 32, .words = 3, .chars_min = 3, .chars_max = 5 },
	    "words and characters");
	test_config((struct ngram_config){ .seed = 7, .bits = 32, .words = 2 }, "words alone");
	test_evidence();
	arena_release(&arena);
	return tap_done();
}
