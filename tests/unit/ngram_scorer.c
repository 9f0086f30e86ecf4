/* Scores of texts are those of their n-grams one by one, whatever was read before:
 * words and runs of the same name, long words, more of them than are remembered. */
#include "config.h"

#include <math.h>
#include <string.h>

#include "lib/core/random.h"
#include "annotate/ngram_scorer.h"
#include "tests/tap.h"

enum { IDS = 1 << 12, ROOM = 1 << 16 };

static struct arena life;
static struct random draw;
static char text[ROOM + 1];

/* A model that knows every other name, with few and with many weights for it. */
static struct linear_model
make(struct ngram_config form)
{
	static struct linear_dimension dimension[DIMENSIONS];
	static uint32_t id[IDS], first[IDS + 1];
	static struct linear_weight posting[IDS * 100];
	struct linear_model m = { .form = form, .note = "", .dimension = dimension,
		.dimensions = DIMENSIONS, .id = id, .first = first, .posting = posting }, out;
	struct buf b = { 0 };
	struct fault f = FAULT_NONE;

	for (int i = 0; i < DIMENSIONS; i++)
		dimension[i].dimension = (uint8_t)i;
	for (uint32_t i = 0; i < IDS; i += 2) {
		uint32_t n = 1 + (uint32_t)random_below(&draw, i % 3 == 0 ? 8 : 100);

		id[m.features] = i;
		first[m.features++] = (uint32_t)m.postings;
		for (uint32_t k = 0; k < n; k++)
			posting[m.postings++] = (struct linear_weight){
				(uint8_t)(k * LINEAR_OUTPUTS / 100),
				(int8_t)(random_below(&draw, 255) - 127) };
	}
	first[m.features] = (uint32_t)m.postings;
	linear_model_write(&m, &b);
	ok(linear_model_parse(&out, "m", b.data, b.len, &life, &f) == 0, "a model: %s", f.text);
	buf_release(&b);
	return out;
}

/* By looking at every weight of the model for every n-gram. */
static void
plain(const struct linear_model *m, struct ngrams *g, double score[LINEAR_OUTPUTS])
{
	memset(score, 0, LINEAR_OUTPUTS * sizeof(*score));
	ngrams_read(g, &m->form, text, strlen(text));
	for (size_t i = 0; i < g->len; i++)
		for (size_t k = 0; k < m->features; k++)
			for (uint32_t p = m->first[k]; m->id[k] == g->at[i].id
			    && p < m->first[k + 1]; p++)
				score[m->posting[p].slot] += (double)g->at[i].value
				    * m->posting[p].weight;
}

/* A text of n words of a vocabulary, up to `most` letters long. */
static void
write_text(size_t n, size_t vocabulary, size_t most)
{
	static const char ends[] = "    .\n!";
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		struct random word = random_stream(1, random_below(&draw, vocabulary));
		size_t len = 1 + random_below(&word, most);

		if (at + len + 2 > ROOM)
			break;
		while (len-- > 0)
			text[at++] = (char)('a' + random_below(&word, 1 + random_below(&word, 26)));
		text[at++] = ends[random_below(&draw, sizeof(ends) - 1)];
	}
	text[at] = '\0';
}

static bool
agree(const struct linear_model *m, struct ngram_scorer *s, struct ngrams *g)
{
	double want[LINEAR_OUTPUTS], got[LINEAR_OUTPUTS];

	plain(m, g, want);
	ngram_scorer_score(s, text, strlen(text), got);
	for (size_t i = 0; i < 2 * m->dimensions; i++)
		if (!(fabs(want[i] - got[i]) < 1e-6))
			return false;
	return true;
}

static void
test_form(struct ngram_config form, const char *what)
{
	struct linear_model m = make(form);
	struct ngram_scorer *s = ngram_scorer_new(&m);
	struct ngrams g = { 0 };
	size_t same = 0, unlike = 0;
	double score[LINEAR_OUTPUTS];

	for (size_t i = 0; i < 60; i++) {
		write_text(random_below(&draw, 200), 300, 12);
		same += agree(&m, s, &g);
	}
	ok(same == 60, "%s: texts of short words", what);
	write_text(30, 50, 700);
	ok(agree(&m, s, &g), "%s: long words", what);
	ok(agree(&m, s, &g), "%s: once more", what);
	*text = '\0';
	ok(agree(&m, s, &g), "%s: no text", what);
	for (size_t i = 0; i < 100; i++) {	/* more words than are remembered */
		write_text(2000, 1 << 20, 9);
		ngram_scorer_score(s, text, strlen(text), score);
		write_text(20, 300, 12);
		unlike += i % 20 == 0 && !agree(&m, s, &g);
	}
	ok(unlike == 0, "%s: after all was forgotten", what);
	ngram_scorer_free(s);
	ngrams_release(&g);
}

int
main(void)
{
	draw = random_stream(7, 0);
	test_form((struct ngram_config){ .seed = 7, .bits = 12, .words = 3, .chars_min = 3,
	    .chars_max = 5 }, "words and characters");
	test_form((struct ngram_config){ .seed = 7, .bits = 12, .words = 2 }, "words alone");
	test_form((struct ngram_config){ .seed = 7, .bits = 12, .chars_min = 1,
	    .chars_max = 8 }, "characters alone");
	arena_release(&life);
	return tap_done();
}
