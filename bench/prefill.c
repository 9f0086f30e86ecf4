/* prefill - speed of a forward pass over a prompt.
 *
 * usage: prefill MODEL TOKENS THREADS PRECISION RUNS
 * PRECISION: auto, f32, bf16, int8 or amx.  Evaluates TOKENS random ids and the logits of the
 * last one, once to warm up and then RUNS times.  Prints tokens a second of the fastest and
 * of the median run, and the last token's log-probability. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "infer/forward/session.h"
#include "lib/core/arena.h"

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
run(struct session *s, const uint32_t *id, size_t n, float *log_p)
{
	struct fault f = FAULT_NONE;
	double from = now();
	size_t len;
	int64_t text = session_append(s, -1, id, n - 1, false, &f);
	int64_t last = session_append(s, text, id + n - 1, 1, true, &f);

	if (last < 0) {
		fprintf(stderr, "prefill: %s\n", f.text);
		exit(2);
	}
	session_run(s);
	*log_p = session_scores(s, last, &len)[0];
	session_clear(s);
	return now() - from;
}

int
main(int argc, char **argv)
{
	static const char *const names[] = { "auto", "f32", "bf16", "int8", "amx" };
	struct fault f = FAULT_NONE;
	struct session_options o = { .isa = cpu_isa_detect() };
	struct model m;
	struct arena a = { 0 };
	struct thread_pool *pool;
	struct session *s;
	double second[64];
	size_t n, runs;
	uint32_t *id, seed = 1;
	float log_p = 0;

	if (argc != 6)
		return fputs("usage: prefill MODEL TOKENS THREADS PRECISION RUNS\n", stderr), 2;
	n = strtoul(argv[2], NULL, 10);
	runs = strtoul(argv[5], NULL, 10);
	while (o.precision < PRECISION_AMX && strcmp(names[o.precision], argv[4]) != 0)
		o.precision++;
	if (strcmp(names[o.precision], argv[4]) != 0)
		return fprintf(stderr, "prefill: no precision '%s'\n", argv[4]), 2;
	o.tokens = n;
	pool = thread_pool_new(strtoul(argv[3], NULL, 10), &f);
	if (n < 2 || runs < 1 || runs > 64 || pool == NULL || model_open(&m, argv[1], &a, &f) < 0) {
		fprintf(stderr, "prefill: %s\n", f.text);
		return 2;
	}
	id = calloc(n, sizeof(*id));
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1664525u + 1013904223u;
		id[i] = (uint32_t)((seed >> 8) % m.vocabulary);
	}
	s = session_open(&m, &o, pool);
	run(s, id, n, &log_p);
	for (size_t i = 0; i < runs; i++)
		second[i] = run(s, id, n, &log_p);
	qsort(second, runs, sizeof(*second), ascending);
	printf("%.1f %.1f %.6f\n", (double)n / second[0], (double)n / second[runs / 2],
	    (double)log_p);
	session_free(s);
	thread_pool_free(pool);
	model_close(&m);
	arena_release(&a);
	free(id);
	return 0;
}
