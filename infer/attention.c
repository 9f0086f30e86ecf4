#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/attention_room.h"
#include "infer/function.h"
#include "infer/softmax.h"
#include "lib/vector.h"

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
		multiply(b->s->q.value + query * width, by, width);
		b->s->q.most[query] = most;
	}
	softmax_exp(x, most, ATTENTION_TILE);
	b->s->q.sum[query] += softmax_sum(x);
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

		b->room->way.run(&weights, &p, ATTENTION_TILE, b->s->q.value
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

		b->room->way.run(&q, &keys, size, b->s->score, ATTENTION_TILE, PRODUCT_TILE,
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
		attention_keys(&at, a->k + cache, size, b->room->way.turn, b->s->keys);
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
