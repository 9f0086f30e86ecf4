#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/attention_tile.h"
#include "infer/function.h"
#include "infer/layers.h"
#include "lib/arena.h"
#include "lib/vector.h"

enum { QUERIES = 256, ROWS = 64, LANES = 8, LINE = 64 };

/* The queries of an item are the rows of a block, times the heads of a group: query
 * number row * group + head.  Of each: the largest score so far, and sum and
 * values scaled by exp(-most). */
struct queries {
	float *tile;			/* tiles x head_size x PRODUCT_TILE */
	float *most, *sum;		/* tiles x PRODUCT_TILE */
	float *value;			/* tiles x PRODUCT_TILE x width */
};

struct scratch {
	struct queries q;
	float *keys, *values;		/* panels of the tile in hand */
	float score[PRODUCT_TILE * ATTENTION_TILE];
	_Alignas(LINE) float weight[ATTENTION_TILE * PRODUCT_TILE];
};

struct attention_room {
	struct pool *pool;
	struct scratch **scratch;	/* of each worker */
	product_kernel_fn *kernel;
	product_turn_fn *turn;
	size_t rows;			/* in a block */
	size_t queries;			/* in it, whole tiles */
};

struct item {
	const struct attention *a;
	struct attention_room *room;
	size_t rows;			/* of the batch */
};

/* One item while it is worked on. */
struct block {
	const struct attention *a;
	const struct attention_room *room;
	struct scratch *s;
	size_t kv;			/* the head of keys */
	size_t group;			/* heads that share it */
	size_t first, rows;		/* in the batch */
	size_t own_len[ROWS];		/* of a row's own span, all that the block has */
};

static size_t
rows_of_block(const struct model *m)
{
	const size_t group = m->heads / m->kv_heads;

	if (group >= QUERIES)
		return 1;
	return QUERIES / group < ROWS ? QUERIES / group : ROWS;
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
	float *p = aligned_alloc(LINE, (n * sizeof(float) + LINE) / LINE * LINE);

	if (p == NULL)
		arena_exhausted();
	return p;
}

static struct scratch *
scratch_new(const struct model *m, size_t queries)
{
	struct scratch *s = aligned_alloc(LINE, (sizeof(*s) + LINE) / LINE * LINE);
	const size_t width = attention_width(m->head_size);

	if (s == NULL)
		arena_exhausted();
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
	r->kernel = product_kernel(FORMAT_F32, level);
	r->turn = product_turn(level);
	r->rows = rows_of_block(m);
	r->queries = queries_of_block(m);
	for (size_t i = 0; i < threads; i++)
		r->scratch[i] = scratch_new(m, r->queries);
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

static const struct view *
view_of(const struct block *b, size_t query)
{
	return &b->a->view[b->first + query / b->group];
}

/* Queries scaled and as tiles; states as before the first key. */
static void
begin(const struct block *b)
{
	const struct model *m = b->a->model;
	const size_t size = m->head_size, queries = b->rows * b->group;
	const float scale = (float)m->attention_scale;

	for (size_t n = 0; n < (queries + PRODUCT_TILE - 1) / PRODUCT_TILE
	    * PRODUCT_TILE; n++) {
		const float *q = b->a->q + (b->first + n / b->group) * b->a->stride
		    + (b->kv * b->group + n % b->group) * size;
		float *to = b->s->q.tile + n / PRODUCT_TILE * PRODUCT_TILE * size
		    + n % PRODUCT_TILE;

		for (size_t k = 0; k < size; k++)
			to[k * PRODUCT_TILE] = n < queries ? scale * q[k] : 0;
		b->s->q.most[n] = -INFINITY;
		b->s->q.sum[n] = 0;
	}
	memset(b->s->q.value, 0, (queries + PRODUCT_TILE) / PRODUCT_TILE
	    * PRODUCT_TILE * attention_width(size) * sizeof(float));
}

/* Sums in lanes, added in pairs: one order on every level. */
VECTOR static float
sum_of(const float *x)
{
	float lane[LANES] = { 0 };

	for (size_t i = 0; i < ATTENTION_TILE; i += LANES)
		for (size_t k = 0; k < LANES; k++)
			lane[k] += x[i + k];
	return ((lane[0] + lane[4]) + (lane[2] + lane[6]))
	    + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

VECTOR static float
most_of(const float *x)
{
	float most[ATTENTION_TILE / 2];

	for (size_t i = 0; i < ATTENTION_TILE / 2; i++)
		most[i] = x[i] > x[i + ATTENTION_TILE / 2] ? x[i] : x[i + ATTENTION_TILE / 2];
	for (size_t n = ATTENTION_TILE / 4; n >= LANES; n /= 2)
		for (size_t i = 0; i < n; i++)
			most[i] = most[i] > most[i + n] ? most[i] : most[i + n];
	for (size_t i = 1; i < LANES; i++)
		most[0] = most[i] > most[0] ? most[i] : most[0];
	return most[0];
}

VECTOR static void
bend(float *x, float cap, float slope, float distance)
{
	if (cap > 0)
		for (size_t i = 0; i < ATTENTION_TILE; i++)
			x[i] = cap * tanh_of(x[i] / cap);
	if (slope != 0)
		for (size_t i = 0; i < ATTENTION_TILE; i++)
			x[i] += slope * ((float)(int)i - distance);
}

VECTOR static void
exp_less(float *x, float less)
{
	for (size_t i = 0; i < ATTENTION_TILE; i++)
		x[i] = exp_of(x[i] - less);
}

VECTOR static void
multiply(float *x, float by, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] *= by;
}

/* Scores of one query in a tile become weights; its state is brought to the new
 * largest score.  Positions that it does not see weigh 0. */
static void
take_scores(const struct block *b, size_t query, int32_t position, float *x)
{
	const struct model *m = b->a->model;
	const size_t width = attention_width(m->head_size);
	const int64_t at = view_of(b, query)->position, window = (int64_t)b->a->layer->window;
	const int64_t seen = at + 1 - position;
	const int64_t hidden = window > 0 ? at + 1 - window - position : 0;
	float most = b->s->q.most[query];

	bend(x, (float)m->attention_cap, m->alibi != NULL
	    ? m->alibi[b->kv * b->group + query % b->group] : 0, (float)(at - position));
	for (int64_t i = seen > 0 ? seen : 0; i < ATTENTION_TILE; i++)
		x[i] = -INFINITY;
	for (int64_t i = 0; i < hidden && i < ATTENTION_TILE; i++)
		x[i] = -INFINITY;
	most = fmaxf(most, most_of(x));
	if (most == -INFINITY) {
		memset(x, 0, ATTENTION_TILE * sizeof(*x));
		return;
	}
	if (most > b->s->q.most[query]) {
		const float by = exp_of(b->s->q.most[query] - most);

		b->s->q.sum[query] *= by;
		multiply(b->s->q.value + query * width, by, width);
		b->s->q.most[query] = most;
	}
	exp_less(x, most);
	b->s->q.sum[query] += sum_of(x);
}

static void
add_values(const struct block *b, size_t tile)
{
	const size_t size = b->a->model->head_size, width = attention_width(size);
	const struct tile weights = { .dword = (const uint32_t *)(const void *)b->s->weight };
	const float *values = b->s->values;

	for (size_t from = 0; from < width; from += PRODUCT_PANEL) {
		const size_t n = width - from < PRODUCT_PANEL ? width - from : PRODUCT_PANEL;
		const struct panel p = { .dword = (const uint32_t *)(const void *)values,
			.width = n };

		b->room->kernel(&weights, &p, ATTENTION_TILE, b->s->q.value
		    + tile * PRODUCT_TILE * width + from, width, PRODUCT_TILE, false);
		values += ATTENTION_TILE * n;
	}
}

/* Queries [from, to) take in the tile in hand. */
static void
take_tile(const struct block *b, size_t from, size_t to, int32_t position)
{
	const size_t size = b->a->model->head_size;
	const struct panel keys = { .dword = (const uint32_t *)(const void *)b->s->keys,
		.width = ATTENTION_TILE };

	for (size_t t = from / PRODUCT_TILE; t * PRODUCT_TILE < to; t++) {
		const struct tile q = { .dword = (const uint32_t *)(const void *)
			(b->s->q.tile + t * PRODUCT_TILE * size) };

		b->room->kernel(&q, &keys, size, b->s->score, ATTENTION_TILE, PRODUCT_TILE,
		    true);
		for (size_t i = 0; i < PRODUCT_TILE; i++) {
			const size_t query = t * PRODUCT_TILE + i;
			float *x = b->s->score + i * ATTENTION_TILE;

			if (query >= from && query < to)
				take_scores(b, query, position, x);
			else
				memset(x, 0, ATTENTION_TILE * sizeof(*x));
			for (size_t k = 0; k < ATTENTION_TILE; k++)
				b->s->weight[k * PRODUCT_TILE + i] = x[k];
		}
		add_values(b, t);
	}
}

static bool
sees(const struct block *b, size_t row, int32_t position)
{
	const int64_t at = b->a->view[b->first + row].position;
	const int64_t window = (int64_t)b->a->layer->window;

	return at >= position
	    && (window == 0 || at + 1 - window < (int64_t)position + ATTENTION_TILE);
}

/* One tile of positions, for each run of rows that see the same keys. */
static void
take_positions(const struct block *b, int32_t position)
{
	const struct attention *a = b->a;
	const size_t size = a->model->head_size, cache = b->kv * a->tokens * size;
	struct places at, next;

	for (size_t row = 0, end; row < b->rows; row = end) {
		end = row + 1;
		if (!sees(b, row, position))
			continue;
		attention_places(&a->view[b->first + row], b->own_len[row], position, &at);
		for (; end < b->rows && sees(b, end, position); end++) {
			attention_places(&a->view[b->first + end], b->own_len[end],
			    position, &next);
			if (!attention_places_equal(&at, &next))
				break;
		}
		attention_keys(&at, a->k + cache, size, b->room->turn, b->s->keys);
		attention_values(&at, a->v + cache, size, b->s->values);
		take_tile(b, row * b->group, end * b->group, position);
	}
}

static void
finish(const struct block *b)
{
	const struct attention *a = b->a;
	const size_t size = a->model->head_size, width = attention_width(size);

	for (size_t n = 0; n < b->rows * b->group; n++) {
		const size_t head = b->kv * b->group + n % b->group;
		const float by = (a->coefficient != NULL ? a->coefficient[head] : 1)
		    / b->s->q.sum[n];
		float *out = a->out + ((b->first + n / b->group) * a->model->heads + head)
		    * size;

		for (size_t i = 0; i < size; i++)
			out[i] = by * b->s->q.value[n * width + i];
	}
}

/* How much of its own span each row's branch has in the block. */
static int32_t
look(struct block *b)
{
	int32_t last = 0;

	for (size_t row = b->rows; row-- > 0;) {
		const struct view *v = &b->a->view[b->first + row];

		b->own_len[row] = v->own.len;
		if (row + 1 < b->rows && v[1].own.first == v->own.first)
			b->own_len[row] = b->own_len[row + 1];
		last = v->position > last ? v->position : last;
	}
	return last;
}

/* Blocks are taken from the last on: they see most. */
static void
run_item(void *with, size_t number, size_t worker)
{
	const struct item *item = with;
	const struct attention *a = item->a;
	const size_t blocks = (item->rows + item->room->rows - 1) / item->room->rows;
	struct block b = { .a = a, .room = item->room, .s = item->room->scratch[worker],
		.kv = number % a->model->kv_heads,
		.group = a->model->heads / a->model->kv_heads };
	int32_t last;

	b.first = (blocks - 1 - number / a->model->kv_heads) * b.room->rows;
	b.rows = item->rows - b.first < b.room->rows ? item->rows - b.first
	    : b.room->rows;
	last = look(&b);
	begin(&b);
	for (int32_t position = 0; position <= last; position += ATTENTION_TILE)
		take_positions(&b, position);
	finish(&b);
}

void
attention_run(const struct attention *a, size_t rows, struct attention_room *room)
{
	struct item item = { a, room, rows };
	const size_t blocks = (rows + room->rows - 1) / room->rows;

	pool_run(room->pool, blocks * a->model->kv_heads, run_item, &item);
}
