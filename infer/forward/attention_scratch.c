#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/forward/attention_scratch.h"
#include "lib/core/arena.h"

enum { QUERIES = 256, LINE = 64 };

static size_t
rows_of_block(const struct model *m)
{
	const size_t group = m->heads / m->kv_heads;

	if (group >= QUERIES)
		return 1;
	return QUERIES / group < ATTENTION_BLOCK_ROWS ? QUERIES / group : ATTENTION_BLOCK_ROWS;
}

/* Whole tiles, whatever the kernel. */
static size_t
queries_of_block(const struct model *m)
{
	enum { WHOLE = MATMUL_TILE_ROWS * MATMUL_TILE_ROWS_MAX / 2 };

	return (rows_of_block(m) * (m->heads / m->kv_heads) + WHOLE - 1) / WHOLE * WHOLE;
}

static size_t
depth_of(const struct model *m, bool is_bf16)
{
	return is_bf16 ? (m->head_size + MATMUL_AMX_K - 1) / MATMUL_AMX_K * MATMUL_AMX_K
		       : m->head_size;
}

size_t
attention_scratch_bytes(const struct model *m, size_t threads)
{
	const size_t width = kv_padded_size(m->head_size), depth = depth_of(m, true);

	return threads
	    * (sizeof(struct worker_scratch)
		+ sizeof(float)
		    * (queries_of_block(m) * (depth + 2 + width) + KV_TILE * (depth + width))
		+ 8 * LINE);
}

static float *
floats(size_t n)
{
	return memset(arena_malloc_aligned(n * sizeof(float)), 0, n * sizeof(float));
}

static struct worker_scratch *
scratch_new(const struct model *m, size_t depth)
{
	struct worker_scratch *s = arena_malloc_aligned(sizeof(*s));
	const size_t width = kv_padded_size(m->head_size), queries = queries_of_block(m);

	s->q = (struct query_tiles){ .tile = floats(queries * depth),
		.max = floats(queries),
		.sum = floats(queries),
		.value = floats(queries * width) };
	s->keys = floats(KV_TILE * depth);
	s->values = floats(KV_TILE * width);
	return s;
}

struct attention_scratch *
attention_scratch_new(const struct model *m, struct thread_pool *pool, enum cpu_isa isa,
    enum precision precision)
{
	struct attention_scratch *r = calloc(1, sizeof(*r));
	const size_t threads = thread_pool_threads(pool);

	if (r == NULL || (r->worker = calloc(threads, sizeof(*r->worker))) == NULL)
		arena_out_of_memory();
	r->pool = pool;
	r->is_bf16 = attention_is_bf16(precision);
	r->kernel = matmul_kernel(r->is_bf16 ? COMPUTE_AMX : COMPUTE_F32, isa);
	r->depth = depth_of(m, r->is_bf16);
	r->rows = rows_of_block(m);
	for (size_t i = 0; i < threads; i++)
		r->worker[i] = scratch_new(m, r->depth);
	return r;
}

void
attention_scratch_free(struct attention_scratch *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < thread_pool_threads(r->pool); i++) {
		struct worker_scratch *s = r->worker[i];

		free(s->q.tile);
		free(s->q.max);
		free(s->q.sum);
		free(s->q.value);
		free(s->keys);
		free(s->values);
		free(s);
	}
	free(r->worker);
	free(r);
}
