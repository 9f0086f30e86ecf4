/* session.c - sequences that are dropped and appended again score as in fresh sessions. */

#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "infer/forward/session.h"
#include "tests/tap.h"

enum { PREFIX = 70, LENGTH = 9, SEQUENCES = 6 };

static struct model model;
static struct thread_pool *pool;
static uint32_t prefix[PREFIX], id[SEQUENCES][LENGTH];

static struct session *
open_session(void)
{
	struct session_options o = {
		.tokens = PREFIX + 2 * LENGTH, .batch = 16, .isa = cpu_isa_detect()
	};

	return session_open(&model, &o, pool);
}

/* Scores sequence i after the prefix in a session of its own. */
static void
score_alone(int i, float *out)
{
	struct fault f = FAULT_NONE;
	struct session *s = open_session();
	int64_t parent = session_append(s, -1, prefix, PREFIX, false, &f);
	int64_t b = session_append(s, parent, id[i], LENGTH, true, &f);
	size_t n;

	session_run(s);
	memcpy(out, session_scores(s, b, &n), LENGTH * sizeof(*out));
	session_free(s);
}

static void
rewind_and_append_again(void)
{
	struct fault f = FAULT_NONE;
	struct session *s = open_session();
	int64_t parent = session_append(s, -1, prefix, PREFIX, false, &f), b[2];
	float want[LENGTH];
	size_t n, steps = 0;
	bool is_same = true;

	for (int i = 0; i < SEQUENCES; i += 2) {
		b[0] = session_append(s, parent, id[i], LENGTH, true, &f);
		b[1] = session_append(s, parent, id[i + 1], LENGTH, true, &f);
		ok(b[0] == 1 && b[1] == 2, "sequences %d and %d fit after session_rewind()", i,
		    i + 1);
		while (session_step(s))
			steps++;
		for (int k = 0; k < 2; k++) {
			score_alone(i + k, want);
			is_same = is_same
			    && memcmp(want, session_scores(s, b[k], &n), sizeof(want)) == 0;
		}
		session_rewind(s, 1);
	}
	ok(is_same, "sequences that replace others score as they do alone");
	ok(session_evaluated(s) == PREFIX + SEQUENCES * LENGTH, "the prefix is evaluated once");
	ok(steps > SEQUENCES / 2, "session_step() evaluates one batch");
	session_rewind(s, 5);
	ok(session_append(s, 0, id[0], LENGTH, true, &f) == 1,
	    "session_rewind() beyond the last sequence drops nothing");
	session_clear(s);
	ok(session_append(s, 0, id[0], 1, true, &f) == -1,
	    "after session_clear() a parent is refused");
	session_free(s);
}

/* Scores every token of the vocabulary after a prefix: the best is session_argmax(). */
static void
find_argmax(void)
{
	struct fault f = FAULT_NONE;
	struct session_options o = { .tokens = PREFIX + model.vocabulary, .isa = cpu_isa_detect() };
	struct session *s = session_open(&model, &o, pool);
	int64_t parent = session_append(s, -1, prefix, PREFIX, false, &f), b;
	float most = -INFINITY, score;
	uint32_t best = 0, argmax;
	size_t n;

	session_run(s);
	argmax = session_argmax(s, parent);
	for (uint32_t t = 0; t < model.vocabulary; t++) {
		b = session_append(s, parent, &t, 1, true, &f);
		session_run(s);
		score = session_scores(s, b, &n)[0];
		if (score > most) {
			most = score;
			best = t;
		}
		session_rewind(s, 1);
	}
	ok(best == argmax, "session_argmax() is the token with the highest score");
	session_free(s);
}

/* A text as two sequences, the first unscored, and as one: the same scores in batches of any
 * size. */
static void
cut_a_text(void)
{
	struct fault f = FAULT_NONE;
	uint32_t text[PREFIX + LENGTH];
	bool is_same = true;
	size_t n;

	memcpy(text, prefix, sizeof(prefix));
	memcpy(text + PREFIX, id[0], sizeof(id[0]));
	for (size_t batch = 1; batch <= PREFIX + LENGTH; batch += 6) {
		struct session_options o = {
			.tokens = 2 * (PREFIX + LENGTH), .batch = batch, .isa = cpu_isa_detect()
		};
		struct session *s = session_open(&model, &o, pool);
		int64_t whole = session_append(s, -1, text, PREFIX + LENGTH, true, &f);
		int64_t first = session_append(s, -1, text, PREFIX, false, &f);
		int64_t second = session_append(s, first, text + PREFIX, LENGTH, true, &f);

		session_run(s);
		is_same = is_same
		    && memcmp(session_scores(s, whole, &n) + PREFIX, session_scores(s, second, &n),
			   LENGTH * sizeof(float))
			== 0;
		session_free(s);
	}
	ok(is_same, "an unscored prefix does not change the scores after it");
}

int
main(void)
{
	struct arena life = { 0 };
	struct fault f = FAULT_NONE;
	char file[4096];

	snprintf(file, sizeof(file), "%s/data-samples/tiny-llama.gguf",
	    getenv("srcdir") != NULL ? getenv("srcdir") : ".");
	if (model_open(&model, file, &life, &f) < 0 || (pool = thread_pool_new(2, &f)) == NULL) {
		printf("Bail out! %s\n", f.text);
		return 1;
	}
	for (size_t i = 0; i < PREFIX; i++)
		prefix[i] = (uint32_t)(i * 37 % model.vocabulary);
	for (size_t i = 0; i < SEQUENCES; i++)
		for (size_t k = 0; k < LENGTH; k++)
			id[i][k] = (uint32_t)((7 + i * 31 + k * 17) % model.vocabulary);
	rewind_and_append_again();
	find_argmax();
	cut_a_text();
	thread_pool_free(pool);
	model_close(&model);
	arena_release(&life);
	return tap_done();
}
