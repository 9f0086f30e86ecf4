/* pear - the copying task and its gradients, for tests.
 *
 *	usage: pear draw MODEL SEED LENGTH SEQUENCES
 *	       prints the ids, one sequence a line
 *	usage: pear gradient MODEL SEED LENGTH SEQUENCES MEMORY [COEFFICIENTS]
 *	       prints the loss of second copies and its gradient by the coefficient of
 *	       each head, one a line, layer by layer */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "infer/pear/head_coefficients.h"
#include "infer/pear/head_learning.h"

static struct arena arena;
static struct fault fault;
static struct model model;
static struct copy_task copy_task;

static void
draw(uint64_t seed, size_t n, size_t sequences)
{
	uint32_t *id = arena_alloc(&arena, 2 * n * sizeof(*id));

	for (size_t i = 0; i < sequences; i++) {
		copy_task_draw(&copy_task, seed, i, n, id);
		for (size_t k = 0; k < 2 * n; k++)
			printf("%" PRIu32 "%c", id[k], k + 1 < 2 * n ? ' ' : '\n');
	}
}

static int
gradient(uint64_t seed, size_t n, size_t sequences, size_t memory, const char *file)
{
	const size_t all = model.layers * model.heads;
	struct thread_pool *pool = thread_pool_new(2, &fault);
	struct pear_context w = {
		.model = &model, .pool = pool, .isa = cpu_isa_detect(), .memory = memory
	};
	struct head_learning_options s = {
		.length = n, .sequences = sequences, .seed = seed, .decay = 10, .rate = 1
	};
	struct head_entry *head = arena_alloc(&arena, all * sizeof(*head));
	struct head_learning_state state = {
		.len = all, .head = head, .coefficient = arena_alloc(&arena, all * sizeof(float))
	};
	double *out = arena_alloc(&arena, all * sizeof(*out));
	const float *by = file != NULL ? head_coefficients_read(file, &model, &arena, &fault)
				       : NULL;
	struct head_learning *l;

	if (file != NULL && by == NULL)
		return -1;
	for (size_t i = 0; i < all; i++) {
		head[i] = (struct head_entry){ .layer = i / model.heads, .head = i % model.heads };
		state.coefficient[i] = by != NULL ? by[i] : 1;
	}
	if ((l = head_learning_open(&w, &copy_task, &s, &state, &fault)) == NULL)
		return -1;
	printf("%.12g\n", head_learning_gradient(l, out));
	for (size_t i = 0; i < all; i++)
		printf("%.12g\n", out[i]);
	head_learning_close(l);
	thread_pool_free(pool);
	return 0;
}

int
main(int argc, char **argv)
{
	uint64_t seed;
	size_t n, sequences;
	int rc = 0;

	fault = FAULT_NONE;
	if (argc < 6 || model_open(&model, argv[2], &arena, &fault) < 0
	    || copy_task_open(&copy_task, &model, argv[2], &arena, &fault) < 0) {
		fprintf(stderr, "pear: %s\n", argc < 6 ? "see the source" : fault.text);
		return 2;
	}
	seed = strtoull(argv[3], NULL, 10);
	n = strtoul(argv[4], NULL, 10);
	sequences = strtoul(argv[5], NULL, 10);
	if (strcmp(argv[1], "draw") == 0)
		draw(seed, n, sequences);
	else
		rc = gradient(seed, n, sequences, argc > 6 ? strtoul(argv[6], NULL, 10) : 1 << 30,
		    argc > 7 ? argv[7] : NULL);
	if (rc < 0)
		fprintf(stderr, "pear: %s\n", fault.text);
	model_close(&model);
	arena_release(&arena);
	return rc < 0 ? 2 : 0;
}
