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
	return QUERIES / group < ATTENTION_ROWS ? QUERIES / group : ATTENTION_ROWS;
}

/* Whole tiles of any way. */
static size_t
queries_of_block(const struct model *m)
{
	enum { WHOLE = PRODUCT_TILE * PRODUCT_TILE_MAX / 2 };

	return (rows_of_block(m) * (m->heads / m->kv_heads) + WHOLE - 1) / WHOLE * WHOLE;
}

static size_t
depth_of(const struct model *m, bool is_rounded)
{
	return is_rounded ? (m->head_size + PRODUCT_GROUP - 1) / PRODUCT_GROUP
	    * PRODUCT_GROUP : m->head_size;
}

size_t
attention_room_bytes(const struct model *m, size_t threads)
{
	const size_t width = attention_width(m->head_size), depth = depth_of(m, true);

	return threads * (sizeof(struct scratch) + sizeof(float)
	    * (queries_of_block(m) * (depth + 2 + width)
	    + ATTENTION_TILE * (depth + width)) + 8 * LINE);
}

static float *
floats(size_t n)
{
	return memset(arena_lines(n * sizeof(float)), 0, n * sizeof(float));
}

static struct scratch *
scratch_new(const struct model *m, size_t depth)
{
	struct scratch *s = arena_lines(sizeof(*s));
	const size_t width = attention_width(m->head_size), queries = queries_of_block(m);

	s->q = (struct queries){ .tile = floats(queries * depth),
		.most = floats(queries), .sum = floats(queries),
		.value = floats(queries * width) };
	s->keys = floats(ATTENTION_TILE * depth);
	s->values = floats(ATTENTION_TILE * width);
	return s;
}

struct attention_room *
attention_room_new(const struct model *m, struct pool *pool, enum level level,
    enum precision precision)
{
	struct attention_room *r = calloc(1, sizeof(*r));
	const size_t threads = pool_threads(pool);

	if (r == NULL || (r->scratch = calloc(threads, sizeof(*r->scratch))) == NULL)
		arena_exhausted();
	r->pool = pool;
	r->is_rounded = attention_is_rounded(precision);
	r->way = product_way(r->is_rounded ? FORMAT_AMX : FORMAT_F32, level);
	r->depth = depth_of(m, r->is_rounded);
	r->rows = rows_of_block(m);
	for (size_t i = 0; i < threads; i++)
		r->scratch[i] = scratch_new(m, r->depth);
	return r;
}

void
attention_room_free(struct attention_room *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < pool_threads(r->pool); i++) {
		struct scratch *s = r->scratch[i];

		free(s->q.tile);
		free(s->q.most);
		free(s->q.sum);
		free(s->q.value);
		free(s->keys);
		free(s->values);
		free(s);
	}
	free(r->scratch);
	free(r);
}
