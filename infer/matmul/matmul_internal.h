/* product_state.h - what the files of infer/matmul/matmul.h share. */

#ifndef ALIGNX_INFER_PRODUCT_STATE_H
#define ALIGNX_INFER_PRODUCT_STATE_H

#include "infer/matmul/pack_weights.h"
#include "infer/matmul/matmul.h"
#include "infer/matmul/pack_activations.h"

/* One matrix, or two that are joined, cut into items of work. */
struct job {
	struct product_matrix m;
	const struct product_join *join;	/* with the matrix of which; or NULL */
	enum format format;
	struct product_way way;
	size_t most;			/* panels of each in an item */
	size_t items;
};

/* Matrices of a job; the gate's panels stand behind the others. */
static inline size_t
job_sides(const struct job *j)
{
	return j->join != NULL ? 2 : 1;
}

/* Does what it gives go to the tiles of the next product?  Who multiplies in tile
 * registers does so with every matrix. */
static inline bool
job_is_carried(const struct job *j)
{
	return j->join != NULL && j->way.carry != NULL;
}

/* Activations in one format: memory is taken when it comes first. */
struct side {
	struct tiles tiles;
	bool is_packed;
};

struct product {
	struct pool *pool;
	enum level level;
	enum precision precision;
	size_t rows_max, columns_max;
	struct pack_room **room;	/* of each worker */
	float **edge;			/* of each worker: sums that are made apart */
	struct side side[FORMATS];
	struct tiles next;		/* what a join leaves for the product behind it */
	const float *x;
	size_t rows, columns, x_stride;

	/* in hand */
	struct job job[PRODUCT_MATRICES];
	enum format packed;
};

static inline size_t
product_panels(const struct weight *w)
{
	return (w->rows + PRODUCT_PANEL - 1) / PRODUCT_PANEL;
}

/* One item of all jobs in hand, counted through. */
void product_item(void *product, size_t item, size_t worker);

#endif
