/* matmul_internal.h - the state of a product, for matmul.c and matmul_task.c alone. */

#ifndef ALIGNX_INFER_MATMUL_MATMUL_INTERNAL_H
#define ALIGNX_INFER_MATMUL_MATMUL_INTERNAL_H

#include "infer/matmul/matmul.h"
#include "infer/matmul/pack_activations.h"
#include "infer/matmul/pack_weights.h"

/* One matrix, or two fused ones, cut into tasks. */
struct matmul_job {
	struct matmul_op m;
	const struct matmul_fused *fused; /* whose `up` is m; or NULL */
	enum compute_type compute;
	struct matmul_kernel kernel;
	size_t task_panels; /* panels of each matrix in a task */
	size_t tasks;
};

/* Matrices of a job; the gate's panels follow the others. */
static inline size_t
job_weights(const struct matmul_job *j)
{
	return j->fused != NULL ? 2 : 1;
}

/* Is the result left packed, as the input of the next product?  The next matrix has the
 * same kernel then: AMX in tile registers is that of all types. */
static inline bool
output_stays_packed(const struct matmul_job *j)
{
	return j->fused != NULL && j->kernel.store_packed != NULL;
}

/* x in one compute type; allocated when it is first used. */
struct packed_input {
	struct tiles tiles;
	bool is_packed;
};

struct matmul {
	struct thread_pool *pool;
	enum cpu_isa isa;
	enum precision precision;
	size_t rows_max, columns_max;
	struct pack_scratch **scratch; /* of each worker */
	float **sums;                  /* of each worker: tiles x panels of a task */
	struct packed_input input[COMPUTE_TYPES];
	struct tiles next_input; /* which a fused job leaves */
	const float *x;
	size_t rows, columns, x_stride;

	/* of the current call */
	struct matmul_job job[MATMUL_OPS_MAX];
	enum compute_type packing;
};

static inline size_t
matmul_panels(const struct weight *w)
{
	return (w->rows + MATMUL_PANEL - 1) / MATMUL_PANEL;
}

/* Runs one task; tasks of all current jobs are numbered one after the other. */
void matmul_task(void *product, size_t task, size_t worker);

#endif
