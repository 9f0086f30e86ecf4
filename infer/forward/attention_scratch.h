/* attention_scratch.h - scratch memory of attention.c, for each worker. */

#ifndef ALIGNX_INFER_FORWARD_ATTENTION_SCRATCH_H
#define ALIGNX_INFER_FORWARD_ATTENTION_SCRATCH_H

#include "infer/forward/kv_tiles.h"

enum { ATTENTION_BLOCK_ROWS = 64 }; /* of the batch, at most */

/* The queries of a block: rows times the heads of a group, query row * group + head.  Online
 * softmax state of each: max, the largest score so far; sum and value, scaled by exp(-max). */
struct query_tiles {
	float *tile;      /* tiles x depth x kernel.rows */
	float *max, *sum; /* queries */
	float *value;     /* queries x width */
};

struct worker_scratch {
	struct query_tiles q;
	float *keys, *values; /* of the current tile, packed */
	_Alignas(64) float score[MATMUL_TILE_ROWS_MAX * KV_TILE];
	_Alignas(64) float weight[KV_TILE * MATMUL_TILE_ROWS_MAX];
};

struct attention_scratch {
	struct thread_pool *pool;
	struct worker_scratch **worker; /* of each worker */
	struct matmul_kernel kernel;
	bool is_bf16; /* attention_is_bf16() */
	size_t depth; /* head_size; if is_bf16, rounded up to AMX's 32 */
	size_t rows;  /* in a block */
};

#endif
