#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/forward/attention_amx.h"
#include "infer/forward/attention_scratch.h"
#include "infer/forward/math_approx.h"
#include "infer/forward/ops.h"
#include "infer/matmul/quantize.h"
#include "infer/forward/softmax.h"

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
	size_t own_len[ATTENTION_ROWS];		/* of a row's own span, all that the block has */
};

static const struct view *
view_of(const struct block *b, size_t query)
{
	return &b->a->view[b->first + query / b->group];
}

/* Are its products made in tile registers, by infer/forward/attention_amx.h? */
static bool
is_in_tiles(const struct block *b)
{
	return b->room->way.lay != NULL;
}

static size_t
queries_of(const struct block *b)
{
	const size_t rows = b->room->way.rows, queries = b->rows * b->group;

	return (queries + rows - 1) / rows * rows;
}

/* One query, scaled, in its tile. */
static void
put_query(const struct block *b, size_t n, float *scaled)
{
	const struct model *m = b->a->model;
	const size_t size = m->head_size, rows = b->room->way.rows;
	const float *q = b->a->q + (b->first + n / b->group) * b->a->stride
	    + (b->kv * b->group + n % b->group) * size;
	float *tile = b->s->q.tile + n / rows * rows * b->room->depth;

	if (is_in_tiles(b)) {
		attention_amx_row(q, (float)m->attention_scale, size, n % rows,
		    (uint32_t *)(void *)tile);
		return;
	}
	for (size_t k = 0; k < size; k++)
		scaled[k] = (float)m->attention_scale * q[k];
	if (b->room->is_rounded)
		pack_nearest_bf16(scaled, size);
	for (size_t k = 0; k < size; k++)
		tile[k * rows + n % rows] = scaled[k];
}

/* Queries as tiles; states as before the first key.  What is in a tile behind the last
 * query is not looked at. */
static void
begin(const struct block *b)
{
	const size_t queries = queries_of(b);
	float scaled[MODEL_HEAD_MAX];

	for (size_t n = 0; n < b->rows * b->group; n++) {
		put_query(b, n, scaled);
		b->s->q.most[n] = -INFINITY;
		b->s->q.sum[n] = 0;
	}
	memset(b->s->q.value, 0, queries * attention_width(b->a->model->head_size)
	    * sizeof(float));
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

	softmax_bend(x, (float)m->attention_cap, m->alibi != NULL
	    ? m->alibi[b->kv * b->group + query % b->group] : 0, (float)(at - position));
	for (int64_t i = seen > 0 ? seen : 0; i < ATTENTION_TILE; i++)
		x[i] = -INFINITY;
	for (int64_t i = 0; i < hidden && i < ATTENTION_TILE; i++)
		x[i] = -INFINITY;
	most = fmaxf(most, softmax_most(x));
	if (most == -INFINITY) {
		memset(x, 0, ATTENTION_TILE * sizeof(*x));
		return;
	}
	if (most > b->s->q.most[query]) {
		const float by = exp_of(b->s->q.most[query] - most);

		b->s->q.sum[query] *= by;
		layer_scale(by, b->s->q.value + query * width, width);
		b->s->q.most[query] = most;
	}
	softmax_exp(x, most, ATTENTION_TILE);
	b->s->q.sum[query] += softmax_sum(x);
}

/* Weights of a tile's queries as the way wants them. */
static void
put_weights(const struct block *b, size_t row, float *x)
{
	const size_t rows = b->room->way.rows;

	if (is_in_tiles(b)) {
		attention_amx_row(x, 1, ATTENTION_TILE, row, (uint32_t *)(void *)b->s->weight);
		return;
	}
	if (b->room->is_rounded)
		pack_nearest_bf16(x, ATTENTION_TILE);
	for (size_t k = 0; k < ATTENTION_TILE; k++)
		b->s->weight[k * rows + row] = x[k];
}

static void
add_values(const struct block *b, size_t tile)
{
	const size_t size = b->a->model->head_size, width = attention_width(size);
	const size_t rows = b->room->way.rows;
	const struct tile weights = { .dword = (const uint32_t *)(const void *)b->s->weight };
	const float *values = b->s->values;
	float *to = b->s->q.value + tile * rows * width;

	if (is_in_tiles(b)) {
		attention_amx_add(weights.dword, (const uint32_t *)(const void *)values, width, to);
		return;
	}
	for (size_t from = 0; from < width; from += PRODUCT_PANEL) {
		const size_t n = width - from < PRODUCT_PANEL ? width - from : PRODUCT_PANEL;
		const struct panel p = { .dword = (const uint32_t *)(const void *)values,
			.width = n };

		b->room->way.run(&weights, &p, ATTENTION_TILE, to + from, width, rows, false);
		values += ATTENTION_TILE * n;
	}
}

static void
take_score_tile(const struct block *b, size_t tile)
{
	const size_t rows = b->room->way.rows, depth = b->room->depth;
	const struct panel keys = { .dword = (const uint32_t *)(const void *)b->s->keys,
		.width = ATTENTION_TILE };
	const struct tile q = { .dword = (const uint32_t *)(const void *)
		(b->s->q.tile + tile * rows * depth) };

	if (is_in_tiles(b))
		attention_amx_scores(q.dword, keys.dword, depth, b->s->score);
	else
		b->room->way.run(&q, &keys, depth, b->s->score, ATTENTION_TILE, rows, true);
}

/* Queries [from, to) take in the tile in hand. */
static void
take_tile(const struct block *b, size_t from, size_t to, int32_t position)
{
	const size_t rows = b->room->way.rows;

	for (size_t t = from / rows; t * rows < to; t++) {
		take_score_tile(b, t);
		for (size_t i = 0; i < rows; i++) {
			const size_t query = t * rows + i;
			float *x = b->s->score + i * ATTENTION_TILE;

			if (query >= from && query < to)
				take_scores(b, query, position, x);
			else
				memset(x, 0, ATTENTION_TILE * sizeof(*x));
			put_weights(b, i, x);
		}
		add_values(b, t);
	}
}

/* Keys and values of a tile as panels. */
static void
take_panels(const struct block *b, const struct places *at)
{
	const struct attention *a = b->a;
	const size_t size = a->model->head_size, cache = b->kv * a->tokens * size;
	const float *k = a->k + cache, *v = a->v + cache;

	if (is_in_tiles(b)) {
		attention_amx_keys(at, k, size, (uint32_t *)(void *)b->s->keys);
		attention_amx_values(at, v, size, (uint32_t *)(void *)b->s->values);
		return;
	}
	attention_keys(at, k, size, b->room->way.turn, b->s->keys);
	attention_values(at, v, size, b->s->values);
}

static bool
sees(const struct block *b, size_t row, int32_t position)
{
	const int64_t at = b->a->view[b->first + row].position;
	const int64_t window = (int64_t)b->a->layer->window;

	return at >= position
	    && (window == 0 || at + 1 - window < (int64_t)position + ATTENTION_TILE);
}

/* Do two rows see the same keys of a tile, the first those `at`?  Rows of one text do: what
 * it has of its own begins where no other's does. */
static bool
sees_same(const struct block *b, size_t row, size_t other, int32_t position,
    const struct places *at)
{
	const struct view *v = &b->a->view[b->first];
	struct places next;

	if (v[row].own.first == v[other].own.first)
		return true;
	attention_places(&v[other], b->own_len[other], position, &next);
	return attention_places_equal(at, &next);
}

/* One tile of positions, for each run of rows that see the same keys. */
static void
take_positions(const struct block *b, int32_t position)
{
	const struct attention *a = b->a;
	struct places at;

	for (size_t row = 0, end; row < b->rows; row = end) {
		end = row + 1;
		if (!sees(b, row, position))
			continue;
		attention_places(&a->view[b->first + row], b->own_len[row], position, &at);
		while (end < b->rows && sees(b, end, position)
		    && sees_same(b, row, end, position, &at))
			end++;
		take_panels(b, &at);
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

		memcpy(out, b->s->q.value + n * width, size * sizeof(*out));
		layer_scale(by, out, size);
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
	if (b.room->way.begin != NULL)
		b.room->way.begin(NULL);
	begin(&b);
	for (int32_t position = 0; position <= last; position += ATTENTION_TILE)
		take_positions(&b, position);
	finish(&b);
	if (b.room->way.end != NULL)
		b.room->way.end();
}

void
attention_run(const struct attention *a, size_t rows, struct attention_room *room)
{
	struct item item = { a, room, rows };
	const size_t blocks = (rows + room->rows - 1) / room->rows;

	pool_run(room->pool, blocks * a->model->kv_heads, run_item, &item);
}
