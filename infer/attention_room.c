#include "config.h"

#include <stdlib.h>

#include "infer/attention_room.h"
#include "lib/arena.h"

enum { QUERIES = 256, LINE = 64 };

static size_t
rows_of_block(const struct model *m)
{
	const size_t group = m->heads / m->kv_heads;

	if (group >= QUERIES)
		return 1;
	return QUERIES / group < ATTENTION_ROWS ? QUERIES / group : ATTENTION_ROWS;
}

static size_t
queries_of_block(const struct model *m)
{
	return (rows_of_block(m) * (m->heads / m->kv_heads) + PRODUCT_TILE - 1)
	    / PRODUCT_TILE * PRODUCT_TILE;
}

size_t
attention_room_bytes(const struct model *m, size_t threads)
{
	const size_t width = attention_width(m->head_size);

	return threads * (sizeof(struct scratch) + sizeof(float)
	    * (queries_of_block(m) * (m->head_size + 2 + width)
	    + ATTENTION_TILE * (m->head_size + width)) + 8 * LINE);
}

static float *
floats(size_t n)
{
	return arena_lines(n * sizeof(float));
}

static struct scratch *
scratch_new(const struct model *m)
{
	struct scratch *s = arena_lines(sizeof(*s));
	const size_t width = attention_width(m->head_size), queries = queries_of_block(m);

	s->q = (struct queries){ .tile = floats(queries * m->head_size),
		.most = floats(queries), .sum = floats(queries),
		.value = floats(queries * width) };
	s->keys = floats(ATTENTION_TILE * m->head_size);
	s->values = floats(ATTENTION_TILE * width);
	return s;
}

struct attention_room *
attention_room_new(const struct model *m, struct pool *pool, enum level level)
{
	struct attention_room *r = calloc(1, sizeof(*r));
	const size_t threads = pool_threads(pool);

	if (r == NULL || (r->scratch = calloc(threads, sizeof(*r->scratch))) == NULL)
		arena_exhausted();
	r->pool = pool;
	r->way = product_way(FORMAT_F32, level);
	r->rows = rows_of_block(m);
	for (size_t i = 0; i < threads; i++)
		r->scratch[i] = scratch_new(m);
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
