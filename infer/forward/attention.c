#include "config.h"

#include <math.h>
#include <string.h>

#include "infer/forward/attention_amx.h"
#include "infer/forward/attention_scratch.h"
#include "infer/forward/math_approx.h"
#include "infer/forward/ops.h"
#include "infer/matmul/quantize.h"
#include "infer/forward/softmax.h"

struct attention_job {
	const struct attention *a;
	struct attention_scratch *scratch;
	size_t rows; /* of the batch */
};

/* The queries of some rows for one head of keys: what a worker does at a time. */
struct query_block {
	const struct attention *a;
	const struct attention_scratch *scratch;
	struct worker_scratch *s;
	size_t kv;                            /* head of keys and values */
	size_t group;                         /* query heads that share it */
	size_t first, rows;                   /* in the batch */
	size_t own_len[ATTENTION_BLOCK_ROWS]; /* tokens of a row's own span, up to the
							   block's last of that sequence */
};

static const struct kv_view *
query_view(const struct query_block *b, size_t query)
{
	return &b->a->view[b->first + query / b->group];
}

/* Does it multiply in AMX tile registers (attention_amx.h)? */
static bool
uses_amx(const struct query_block *b)
{
	return b->scratch->kernel.pack_row != NULL;
}

static size_t
padded_queries(const struct query_block *b)
{
	const size_t rows = b->scratch->kernel.rows, queries = b->rows * b->group;

	return (queries + rows - 1) / rows * rows;
}

/* Scales a query and packs it into its tile. */
static void
pack_query(const struct query_block *b, size_t n, float *scaled)
{
	const struct model *m = b->a->model;
	const size_t size = m->head_size, rows = b->scratch->kernel.rows;
	const float *q = b->a->q + (b->first + n / b->group) * b->a->stride
	    + (b->kv * b->group + n % b->group) * size;
	float *tile = b->s->q.tile + n / rows * rows * b->scratch->depth;

	if (uses_amx(b)) {
		attention_amx_pack_row(q, (float)m->attention_scale, size, n % rows,
		    (uint32_t *)(void *)tile);
		return;
	}
	for (size_t k = 0; k < size; k++)
		scaled[k] = (float)m->attention_scale * q[k];
	if (b->scratch->is_bf16)
		quantize_bf16_in_place(scaled, size);
	for (size_t k = 0; k < size; k++)
		tile[k * rows + n % rows] = scaled[k];
}

/* Packs the queries and clears their sums.  What follows the last query in its tile is never
 * read. */
static void
load_queries(const struct query_block *b)
{
	const size_t queries = padded_queries(b);
	float scaled[MODEL_HEAD_MAX];

	for (size_t n = 0; n < b->rows * b->group; n++) {
		pack_query(b, n, scaled);
		b->s->q.max[n] = -INFINITY;
		b->s->q.sum[n] = 0;
	}
	memset(b->s->q.value, 0, queries * kv_padded_size(b->a->model->head_size) * sizeof(float));
}

/* Online softmax: turns a query's scores of a tile into weights and rescales its sums to the
 * new maximum.  Positions that it does not attend to get 0. */
static void
softmax_scores(const struct query_block *b, size_t query, int32_t position, float *x)
{
	const struct model *m = b->a->model;
	const size_t width = kv_padded_size(m->head_size);
	const int64_t at = query_view(b, query)->position, window = (int64_t)b->a->layer->window;
	const int64_t visible = at + 1 - position;
	const int64_t before_window = window > 0 ? at + 1 - window - position : 0;
	float max = b->s->q.max[query];

	softmax_softcap_alibi(x, (float)m->attn_softcap,
	    m->alibi != NULL ? m->alibi[b->kv * b->group + query % b->group] : 0,
	    (float)(at - position));
	for (int64_t i = visible > 0 ? visible : 0; i < KV_TILE; i++)
		x[i] = -INFINITY;
	for (int64_t i = 0; i < before_window && i < KV_TILE; i++)
		x[i] = -INFINITY;
	max = fmaxf(max, softmax_max(x));
	if (max == -INFINITY) {
		memset(x, 0, KV_TILE * sizeof(*x));
		return;
	}
	if (max > b->s->q.max[query]) {
		const float factor = approx_exp(b->s->q.max[query] - max);

		b->s->q.sum[query] *= factor;
		ops_scale(factor, b->s->q.value + query * width, width);
		b->s->q.max[query] = max;
	}
	softmax_exp(x, max, KV_TILE);
	b->s->q.sum[query] += softmax_sum(x);
}

/* Packs a query's weights for the kernel. */
static void
pack_weights(const struct query_block *b, size_t row, float *x)
{
	const size_t rows = b->scratch->kernel.rows;

	if (uses_amx(b)) {
		attention_amx_pack_row(x, 1, KV_TILE, row, (uint32_t *)(void *)b->s->weight);
		return;
	}
	if (b->scratch->is_bf16)
		quantize_bf16_in_place(x, KV_TILE);
	for (size_t k = 0; k < KV_TILE; k++)
		b->s->weight[k * rows + row] = x[k];
}

static void
accumulate_values(const struct query_block *b, size_t tile)
{
	const size_t size = b->a->model->head_size, width = kv_padded_size(size);
	const size_t rows = b->scratch->kernel.rows;
	const struct tile weights = { .dword = (const uint32_t *)(const void *)b->s->weight };
	const float *values = b->s->values;
	float *to = b->s->q.value + tile * rows * width;

	if (uses_amx(b)) {
		attention_amx_add_values(weights.dword, (const uint32_t *)(const void *)values,
		    width, to);
		return;
	}
	for (size_t from = 0; from < width; from += MATMUL_PANEL) {
		const size_t n = width - from < MATMUL_PANEL ? width - from : MATMUL_PANEL;
		const struct panel p = { .dword = (const uint32_t *)(const void *)values,
			.width = n };

		b->scratch->kernel.run(&weights, &p, KV_TILE, to + from, width, rows, false);
		values += KV_TILE * n;
	}
}

static void
score_tile(const struct query_block *b, size_t tile)
{
	const size_t rows = b->scratch->kernel.rows, depth = b->scratch->depth;
	const struct panel keys = { .dword = (const uint32_t *)(const void *)b->s->keys,
		.width = KV_TILE };
	const struct tile q = { .dword = (const uint32_t *)(const void *)(b->s->q.tile
				    + tile * rows * depth) };

	if (uses_amx(b))
		attention_amx_scores(q.dword, keys.dword, depth, b->s->score);
	else
		b->scratch->kernel.run(&q, &keys, depth, b->s->score, KV_TILE, rows, true);
}

/* Attends with queries [from, to) to the current tile. */
static void
attend_tile(const struct query_block *b, size_t from, size_t to, int32_t position)
{
	const size_t rows = b->scratch->kernel.rows;

	for (size_t t = from / rows; t * rows < to; t++) {
		score_tile(b, t);
		for (size_t i = 0; i < rows; i++) {
			const size_t query = t * rows + i;
			float *x = b->s->score + i * KV_TILE;

			if (query >= from && query < to)
				softmax_scores(b, query, position, x);
			else
				memset(x, 0, KV_TILE * sizeof(*x));
			pack_weights(b, i, x);
		}
		accumulate_values(b, t);
	}
}

/* Packs the tile's keys and values. */
static void
load_panels(const struct query_block *b, const struct kv_slots *at)
{
	const struct attention *a = b->a;
	const size_t size = a->model->head_size, cache = b->kv * a->tokens * size;
	const float *k = a->k + cache, *v = a->v + cache;

	if (uses_amx(b)) {
		attention_amx_pack_keys(at, k, size, (uint32_t *)(void *)b->s->keys);
		attention_amx_pack_values(at, v, size, (uint32_t *)(void *)b->s->values);
		return;
	}
	kv_pack_keys(at, k, size, b->scratch->kernel.transpose, b->s->keys);
	kv_pack_values(at, v, size, b->s->values);
}

static bool
sees_tile(const struct query_block *b, size_t row, int32_t position)
{
	const int64_t at = b->a->view[b->first + row].position;
	const int64_t window = (int64_t)b->a->layer->window;

	return at >= position && (window == 0 || at + 1 - window < (int64_t)position + KV_TILE);
}

/* Do two rows see the same keys of a tile, those of the first being `at`? Rows of one sequence
 * do: their own span begins where no other does. */
static bool
sees_same_keys(const struct query_block *b, size_t row, size_t other, int32_t position,
    const struct kv_slots *at)
{
	const struct kv_view *v = &b->a->view[b->first];
	struct kv_slots next;

	if (v[row].own.first == v[other].own.first)
		return true;
	kv_slots_find(&v[other], b->own_len[other], position, &next);
	return kv_slots_equal(at, &next);
}

/* Attends to one tile of positions, once for each run of rows that see the same keys. */
static void
attend_positions(const struct query_block *b, int32_t position)
{
	const struct attention *a = b->a;
	struct kv_slots at;

	for (size_t row = 0, end; row < b->rows; row = end) {
		end = row + 1;
		if (!sees_tile(b, row, position))
			continue;
		kv_slots_find(&a->view[b->first + row], b->own_len[row], position, &at);
		while (end < b->rows && sees_tile(b, end, position)
		    && sees_same_keys(b, row, end, position, &at))
			end++;
		load_panels(b, &at);
		attend_tile(b, row * b->group, end * b->group, position);
	}
}

static void
write_output(const struct query_block *b)
{
	const struct attention *a = b->a;
	const size_t size = a->model->head_size, width = kv_padded_size(size);

	for (size_t n = 0; n < b->rows * b->group; n++) {
		const size_t head = b->kv * b->group + n % b->group;
		const float factor = (a->coefficient != NULL ? a->coefficient[head] : 1)
		    / b->s->q.sum[n];
		float *out = a->out + ((b->first + n / b->group) * a->model->heads + head) * size;

		memcpy(out, b->s->q.value + n * width, size * sizeof(*out));
		ops_scale(factor, out, size);
	}
}

/* Sets own_len; returns the block's last position. */
static int32_t
measure_own_spans(struct query_block *b)
{
	int32_t last = 0;

	for (size_t row = b->rows; row-- > 0;) {
		const struct kv_view *v = &b->a->view[b->first + row];

		b->own_len[row] = v->own.len;
		if (row + 1 < b->rows && v[1].own.first == v->own.first)
			b->own_len[row] = b->own_len[row + 1];
		last = v->position > last ? v->position : last;
	}
	return last;
}

/* The last blocks, which see most keys, come first. */
static void
run_job(void *with, size_t number, size_t worker)
{
	const struct attention_job *job = with;
	const struct attention *a = job->a;
	const size_t blocks = (job->rows + job->scratch->rows - 1) / job->scratch->rows;
	struct query_block b = { .a = a,
		.scratch = job->scratch,
		.s = job->scratch->worker[worker],
		.kv = number % a->model->kv_heads,
		.group = a->model->heads / a->model->kv_heads };
	int32_t last;

	b.first = (blocks - 1 - number / a->model->kv_heads) * b.scratch->rows;
	b.rows = job->rows - b.first < b.scratch->rows ? job->rows - b.first : b.scratch->rows;
	last = measure_own_spans(&b);
	if (b.scratch->kernel.begin != NULL)
		b.scratch->kernel.begin(NULL);
	load_queries(&b);
	for (int32_t position = 0; position <= last; position += KV_TILE)
		attend_positions(&b, position);
	write_output(&b);
	if (b.scratch->kernel.end != NULL)
		b.scratch->kernel.end();
}

void
attention_run(const struct attention *a, size_t rows, struct attention_scratch *scratch)
{
	struct attention_job job = { a, scratch, rows };
	const size_t blocks = (rows + scratch->rows - 1) / scratch->rows;

	thread_pool_run(scratch->pool, blocks * a->model->kv_heads, run_job, &job);
}
