/* pear - what finding heads, learning and re-weighting cost.
 *
 *	usage: pear MODEL THREADS detect|learn
 *	       seconds of a forward pass over 20 sequences of 50 + 50 tokens (as
 *	       alignx-score does it in single precision), seconds of a detection or of a
 *	       learning step over the same, their ratio, and a number of the result
 *	usage: pear MODEL THREADS overhead FOLDED
 *	       tokens a second without coefficients, with them at run time, and with the
 *	       folded model, each the best of several runs in turn */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "infer/pear/head_effects.h"
#include "infer/pear/head_learning.h"
#include "infer/forward/session.h"
#include "lib/core/arena.h"

enum { TEXTS = 20, LENGTH = 50, TURNS = 5 };

static struct arena arena;
static struct fault fault;
static struct model model, folded;
static struct copy_task copy_task;
static struct thread_pool *pool;
static uint32_t *id;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static struct session *
open_session(const struct model *m, enum precision precision, const float *by)
{
	const struct session_options o = { .tokens = TEXTS * 2 * LENGTH,
		.precision = precision,
		.isa = cpu_isa_detect(),
		.coefficient = by };

	return session_open(m, &o, pool);
}

static double
forward(struct session *s)
{
	double from = now();

	for (size_t i = 0; i < TEXTS; i++)
		session_append(s, -1, id + i * 2 * LENGTH, 2 * LENGTH, false, &fault);
	session_run(s);
	session_clear(s);
	return now() - from;
}

/* The faster of two runs. */
static double
forward_twice(struct session *s)
{
	double first = forward(s), second = forward(s);

	return first < second ? first : second;
}

static int
measure(const char *what)
{
	struct pear_context w = {
		.model = &model, .pool = pool, .isa = cpu_isa_detect(), .memory = (size_t)8 << 30
	};
	struct session *s = open_session(&model, PRECISION_F32, NULL);
	double pass = forward_twice(s), from, spent, result;

	session_free(s);
	if (strcmp(what, "detect") == 0) {
		struct head_effects e = { .options = { TEXTS, LENGTH, 42, true } };

		from = now();
		if (head_effects_compute(&w, &copy_task, &e, &arena, &fault) < 0)
			return -1;
		result = e.effect[0];
	} else {
		const struct head_learning_options set = {
			.length = LENGTH, .sequences = TEXTS, .decay = 10, .rate = 1e-3, .seed = 42
		};
		struct head_entry head = { .layer = 0 };
		float one = 1;
		double mean = 0, square = 0;
		struct head_learning_state state = { .len = 1,
			.head = &head,
			.coefficient = &one,
			.first_moment = &mean,
			.second_moment = &square };
		struct head_learning *l = head_learning_open(&w, &copy_task, &set, &state, &fault);

		if (l == NULL)
			return -1;
		from = now();
		result = head_learning_step(l);
	}
	spent = now() - from;
	printf("%.2f %.2f %.2f %.9g\n", pass, spent, spent / pass, result);
	return 0;
}

static int
overhead(const char *file)
{
	float *by = arena_alloc(&arena, model.layers * model.heads * sizeof(*by));
	struct session *s[3];
	double best[3] = { 1e9, 1e9, 1e9 };

	if (model_open(&folded, file, &arena, &fault) < 0)
		return -1;
	for (size_t i = 0; i < model.layers * model.heads; i++)
		by[i] = i % 3 == 0 ? 0.75f : 1;
	s[0] = open_session(&model, PRECISION_AUTO, NULL);
	s[1] = open_session(&model, PRECISION_AUTO, by);
	s[2] = open_session(&folded, PRECISION_AUTO, NULL);
	for (int turn = 0; turn < TURNS; turn++)
		for (int i = 0; i < 3; i++) {
			double spent = forward(s[(i + turn) % 3]);

			if (spent < best[(i + turn) % 3])
				best[(i + turn) % 3] = spent;
		}
	for (int i = 0; i < 3; i++)
		printf("%.1f ", TEXTS * 2 * LENGTH / best[i]);
	printf("%.4f %.4f\n", best[0] / best[1], best[0] / best[2]);
	return 0;
}

int
main(int argc, char **argv)
{
	int rc = -1;

	fault = FAULT_NONE;
	if (argc < 4)
		return fputs("usage: pear MODEL THREADS detect|learn|overhead [FOLDED]\n", stderr),
		       2;
	if (model_open(&model, argv[1], &arena, &fault) == 0
	    && copy_task_open(&copy_task, &model, argv[1], &arena, &fault) == 0
	    && (pool = thread_pool_new(strtoul(argv[2], NULL, 10), &fault)) != NULL) {
		id = arena_alloc(&arena, sizeof(*id) * TEXTS * 2 * LENGTH);
		for (size_t i = 0; i < TEXTS; i++)
			copy_task_draw(&copy_task, 42, i, LENGTH, id + i * 2 * LENGTH);
		rc = argc > 4 ? overhead(argv[4]) : measure(argv[3]);
	}
	if (rc < 0)
		fprintf(stderr, "pear: %s\n", fault.text);
	return rc < 0 ? 2 : 0;
}
