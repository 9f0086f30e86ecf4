/* ngram_scorer.c - the scorer agrees with a sum over all n-grams, whatever is in its cache:
 * with colliding ids, long words, and more words than the cache holds. */

#include "config.h"

#include <math.h>
#include <string.h>

#include "lib/core/random.h"
#include "annotate/ngram_scorer.h"
#include "tests/tap.h"

enum { IDS = 1 << 12, TEXT_MAX = 1 << 16 };

static struct arena arena;
static struct random rng;
static char text[TEXT_MAX + 1];

/* A model with every other id, some with few and some with many weights. */
static struct linear_model
make(struct ngram_config config)
{
	static struct linear_dimension dimension[DIMENSIONS];
	static uint32_t id[IDS], first[IDS + 1];
	static struct linear_weight weight[IDS * 100];
	struct linear_model m = { .config = config,
		.note = "",
		.dimension = dimension,
		.dimensions = DIMENSIONS,
		.id = id,
		.first = first,
		.weight = weight },
			    out;
	struct buf b = { 0 };
	struct fault f = FAULT_NONE;

	for (int i = 0; i < DIMENSIONS; i++)
		dimension[i].dimension = (uint8_t)i;
	for (uint32_t i = 0; i < IDS; i += 2) {
		uint32_t n = 1 + (uint32_t)random_below(&rng, i % 3 == 0 ? 8 : 100);

		id[m.features] = i;
		first[m.features++] = (uint32_t)m.weights;
		for (uint32_t k = 0; k < n; k++)
			weight[m.weights++] = (struct linear_weight){ (uint8_t)(k * LINEAR_OUTPUTS
									  / 100),
				(int8_t)(random_below(&rng, 255) - 127) };
	}
	first[m.features] = (uint32_t)m.weights;
	linear_model_write(&m, &b);
	ok(linear_model_parse(&out, "m", b.data, b.len, &arena, &f) == 0, "the model is valid: %s",
	    f.text);
	buf_release(&b);
	return out;
}

/* The score by definition: every weight of the model against every n-gram. */
static void
score_plainly(const struct linear_model *m, struct ngrams *g, double score[LINEAR_OUTPUTS])
{
	memset(score, 0, LINEAR_OUTPUTS * sizeof(*score));
	ngrams_read(g, &m->config, text, strlen(text));
	for (size_t i = 0; i < g->len; i++)
		for (size_t k = 0; k < m->features; k++)
			for (uint32_t p = m->first[k];
			     m->id[k] == g->at[i].id && p < m->first[k + 1]; p++)
				score[m->weight[p].output] += (double)g->at[i].value
				    * m->weight[p].weight;
}

/* A text of n words of a vocabulary, of up to max_letters each. */
static void
write_text(size_t n, size_t vocabulary, size_t max_letters)
{
	static const char ends[] = "    .\n!";
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

static bool
is_exact(const struct linear_model *m, struct ngram_scorer *s, struct ngrams *g)
{
	double want[LINEAR_OUTPUTS], got[LINEAR_OUTPUTS];

	score_plainly(m, g, want);
	ngram_scorer_score(s, text, strlen(text), got);
	for (size_t i = 0; i < 2 * m->dimensions; i++)
		if (!(fabs(want[i] - got[i]) < 1e-6))
			return false;
	return true;
}

static void
test_config(struct ngram_config config, const char *what)
{
	struct linear_model m = make(config);
	struct ngram_scorer *s = ngram_scorer_new(&m);
	struct ngrams g = { 0 };
	size_t exact = 0, wrong = 0;
	double score[LINEAR_OUTPUTS];

	for (size_t i = 0; i < 60; i++) {
		write_text(random_below(&rng, 200), 300, 12);
		exact += is_exact(&m, s, &g);
	}
	ok(exact == 60, "%s: 60 texts of short words score exactly", what);
	write_text(30, 50, 700);
	ok(is_exact(&m, s, &g), "%s: long words score exactly", what);
	ok(is_exact(&m, s, &g), "%s: and again, from the cache", what);
	*text = '\0';
	ok(is_exact(&m, s, &g), "%s: an empty text scores exactly", what);
	for (size_t i = 0; i < 100; i++) { /* more words than the cache holds */
		write_text(2000, 1 << 20, 9);
		ngram_scorer_score(s, text, strlen(text), score);
		write_text(20, 300, 12);
		wrong += i % 20 == 0 && !is_exact(&m, s, &g);
	}
	ok(wrong == 0, "%s: texts score exactly after the cache was full", what);
	ngram_scorer_free(s);
	ngrams_release(&g);
}

int
main(void)
{
	rng = random_stream(7, 0);
	test_config(
	    (struct ngram_config){
		.seed = 7, .bits = 12, .words = 3, .chars_min = 3, .chars_max = 5 },
	    "words and characters");
	test_config((struct ngram_config){ .seed = 7, .bits = 12, .words = 2 }, "words alone");
	test_config((struct ngram_config){ .seed = 7, .bits = 12, .chars_min = 1, .chars_max = 8 },
	    "characters alone");
	arena_release(&arena);
	return tap_done();
}
