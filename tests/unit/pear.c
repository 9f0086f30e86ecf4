/* pear.c - backward passes against finite differences; rankings and learning rates. */

#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/forward/attention.h"
#include "infer/pear/attention_backward.h"
#include "infer/forward/ops.h"
#include "infer/pear/ops_backward.h"
#include "infer/pear/head_learning.h"
#include "infer/pear/head_ranking.h"
#include "infer/matmul/matmul_backward.h"
#include "tests/tap.h"

enum { ROWS = 3, WIDTH = 24, HEADS = 4, KV = 2, SIZE = 6, LENGTH = 7, TEXTS = 2 };

static uint32_t seed = 1;

static float
random_number(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (float)(int32_t)seed / 2147483648.0f;
}

static void
fill(float *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = random_number();
}

/* A function from n numbers to m, and its backward pass. */
struct backward_case {
	const char *name;
	void (*run)(const float *x, float *y);
	void (*back)(const float *x, const float *dy, float *dx);
	size_t n, m;
	double tolerance;
};

/* Compares dx with central differences of <dy, f(x)> along every number of x. */
static void
try_case(const struct backward_case *p)
{
	float *x = malloc(p->n * 4), *y = malloc(p->m * 4), *dy = malloc(p->m * 4);
	float *dx = malloc(p->n * 4);
	double worst = 0, most = 0;

	fill(x, p->n);
	fill(dy, p->m);
	p->back(x, dy, dx);
	for (size_t i = 0; i < p->n; i++) {
		const float step = 1.0f / 256, at = x[i];
		double slope = 0;

		for (int side = 1; side >= -1; side -= 2) {
			x[i] = at + (float)side * step;
			p->run(x, y);
			for (size_t k = 0; k < p->m; k++)
				slope += side * (double)y[k] * (double)dy[k];
		}
		x[i] = at;
		slope /= 2 * (double)step;
		worst = fmax(worst, fabs(slope - (double)dx[i]));
		most = fmax(most, fabs((double)dx[i]));
	}
	ok(worst < p->tolerance * most, "%s: backward agrees with differences within %.1e of %.2g",
	    p->name, worst, most);
	free(x);
	free(y);
	free(dy);
	free(dx);
}

static float weights[WIDTH], biases[WIDTH];
static struct norm_weights norm = { weights, biases };
static float frequency[SIZE / 2] = { 1, 0.5f, 0.3f };
static int32_t position[TEXTS * LENGTH];
static float slopes[HEADS] = { 0.5f, 0.25f, 0.1f, 0.01f };
static struct model model = { .heads = HEADS,
	.kv_heads = KV,
	.head_size = SIZE,
	.attention_scale = 0.7,
	.rope_size = SIZE,
	.rope_frequency = frequency,
	.rope_attn_factor = 1.3f };
static struct layer layer;
static struct thread_pool *pool;
static enum activation kind;

#define NORM(name, which) \
	static void name(const float *x, float *y) \
	{ \
		ops_norm(which, &norm, 1e-5, x, y, ROWS, WIDTH); \
	} \
	static void name##_back(const float *x, const float *dy, float *dx) \
	{ \
		ops_norm_backward(which, &norm, 1e-5, x, dy, dx, ROWS, WIDTH, false); \
	}
NORM(rms, NORM_RMS)
NORM(centred, NORM_LAYER)

static void
rope(const float *x, float *y)
{
	float cosine[SIZE / 2], sine[SIZE / 2];

	memcpy(y, x, TEXTS * LENGTH * HEADS * SIZE * 4);
	for (int r = 0; r < TEXTS * LENGTH; r++) {
		rope_angles(&model, 0, position[r], cosine, sine);
		rope_apply(&model, cosine, sine, y + r * HEADS * SIZE, HEADS);
	}
}

static void
rope_back(const float *x, const float *dy, float *dx)
{
	(void)x;
	memcpy(dx, dy, TEXTS * LENGTH * HEADS * SIZE * 4);
	rope_backward(&model, dx, TEXTS * LENGTH, HEADS, HEADS * SIZE, position);
}

static void
activate(const float *x, float *y)
{
	memcpy(y, x, WIDTH * 4);
	ops_activate(kind, y, WIDTH);
}

static void
activate_back(const float *x, const float *dy, float *dx)
{
	memcpy(dx, dy, WIDTH * 4);
	ops_activate_backward(kind, x, dx, WIDTH);
}

/* x: gate, then up */
static void
gate(const float *x, float *y)
{
	memcpy(y, x + WIDTH, WIDTH * 4);
	ops_gate(kind, x, y, WIDTH);
}

static void
gate_back(const float *x, const float *dy, float *dx)
{
	memcpy(dx + WIDTH, dy, WIDTH * 4);
	ops_gate_backward(kind, x, x + WIDTH, dx + WIDTH, dx, WIDTH);
}

static void
cap(const float *x, float *y)
{
	memcpy(y, x, WIDTH * 4);
	ops_softcap(0.8, y, WIDTH);
	ops_clamp(0.5, y, WIDTH / 2);
}

static void
cap_back(const float *x, const float *dy, float *dx)
{
	float y[WIDTH];

	cap(x, y);
	memcpy(dx, dy, WIDTH * 4);
	ops_clamp_backward(0.5, y, dx, WIDTH / 2);
	memcpy(y, x, WIDTH * 4);
	ops_softcap(0.8, y, WIDTH);
	ops_softcap_backward(0.8, y, dx, WIDTH);
}

enum { Q = TEXTS * LENGTH * HEADS * SIZE, K = TEXTS * LENGTH * KV * SIZE };

/* x: q, k, v.  The cache has one head of keys after the other. */
static void
attend(const float *x, float *y)
{
	enum { ROWS_OF_ALL = TEXTS * LENGTH };
	static float cache[2][K];
	struct kv_view view[ROWS_OF_ALL];
	const struct attention a = { .model = &model,
		.layer = &layer,
		.q = x,
		.stride = HEADS * SIZE,
		.k = cache[0],
		.v = cache[1],
		.tokens = ROWS_OF_ALL,
		.view = view,
		.out = y };
	struct attention_scratch *scratch = attention_scratch_new(&model, pool, CPU_ISA_PLAIN,
	    PRECISION_F32);

	for (size_t r = 0; r < ROWS_OF_ALL; r++) {
		const size_t at = r % LENGTH;

		view[r] = (struct kv_view){ .own = { r - at, at + 1, 0 }, .position = (int32_t)at };
		for (size_t i = 0; i < 2 * KV; i++)
			memcpy(cache[i / KV] + (i % KV * ROWS_OF_ALL + r) * SIZE,
			    x + Q + i / KV * K + (r * KV + i % KV) * SIZE, SIZE * 4);
	}
	attention_run(&a, ROWS_OF_ALL, scratch);
	attention_scratch_free(scratch);
}

static void
attend_back(const float *x, const float *dy, float *dx)
{
	const struct attention_backward c = { &model, &layer, TEXTS, LENGTH, x, x + Q, x + Q + K };

	attention_backward_run(&c, dy, dx, dx + Q, dx + Q + K, pool);
}

static void
try_layers(void)
{
	static const char *const activations[] = { "SiLU", "GELU(tanh)", "GELU(erf)" };
	const size_t n = ROWS * WIDTH;
	struct backward_case part = { "RMS norm", rms, rms_back, n, n, 1e-3 };

	try_case(&part);
	part = (struct backward_case){ "layer norm", centred, centred_back, n, n, 1e-3 };
	try_case(&part);
	for (int i = 0; i < 2; i++) {
		model.positions = i == 0 ? POSITIONS_ROPE_INTERLEAVED : POSITIONS_ROPE_NEOX;
		part = (struct backward_case){ i == 0 ? "RoPE, pairs" : "RoPE, halves", rope,
			rope_back, Q, Q, 1e-3 };
		try_case(&part);
	}
	for (kind = ACTIVATION_SILU; kind <= ACTIVATION_GELU_ERF; kind++) {
		part = (struct backward_case){ activations[kind], activate, activate_back, WIDTH,
			WIDTH, 1e-3 };
		try_case(&part);
		part = (struct backward_case){ "a gate with it", gate, gate_back, 2 * WIDTH, WIDTH,
			1e-3 };
		try_case(&part);
	}
	kind = ACTIVATION_RELU;
	part = (struct backward_case){ "ReLU", activate, activate_back, WIDTH, WIDTH, 1e-3 };
	try_case(&part);
	part = (struct backward_case){ "cap and clamp", cap, cap_back, WIDTH, WIDTH, 1e-3 };
	try_case(&part);
}

static void
try_attention(void)
{
	struct backward_case part = { "attention with grouped heads", attend, attend_back,
		Q + 2 * K, Q, 2e-3 };

	model.positions = POSITIONS_NONE;
	try_case(&part);
	model.alibi = slopes;
	part.name = "attention with ALiBi";
	try_case(&part);
	model.attn_softcap = 0.5;
	layer.window = 3;
	part.name = "attention with a soft cap and a window";
	try_case(&part);
}

/* <y, x w^T> = <y w, x>, for every type, every CPU and any number of threads. */
static void
try_product(const struct dtype *t)
{
	enum { N = 77, COLUMNS = 512, MOST = 13 };
	static float y[MOST * N], x[COLUMNS], row[COLUMNS];
	static float out[MOST * COLUMNS], again[MOST * COLUMNS];
	struct weight w = { t, N, COLUMNS, NULL };
	unsigned char *data = calloc(N * COLUMNS / t->block_elems, t->block_bytes);
	double worst = 0, most = 0;
	int differ = 0;

	for (size_t i = 0; i < N * COLUMNS / t->block_elems; i++) {
		unsigned char *b = data + i * t->block_bytes;
		float one = random_number();

		for (size_t k = 0; k < t->block_bytes; k++)
			b[k] = (unsigned char)((seed = seed * 1664525u + 1013904223u) >> 24);
		if (strcmp(t->name, "F32") == 0)
			memcpy(b, &one, sizeof(one));
		for (size_t k = t->block_elems == 256 && t->block_bytes == 210 ? 208 : 0;
		     strcmp(t->name, "F32") != 0 && k < t->block_bytes
		     && k < (t->block_bytes == 210 ? 210 : 4);
		     k += 2)
			b[k + 1] = (unsigned char)((b[k + 1] & 0x83)
			    | (t->block_bytes == 2 && strcmp(t->name, "BF16") == 0 ? 0x3c : 0x20));
	}
	w.data = data;
	fill(y, MOST * N);
	fill(x, COLUMNS);
	for (int isa = 0; isa <= (int)cpu_isa_detect(); isa++)
		for (size_t threads = 1; threads <= 3; threads++) {
			struct fault f = FAULT_NONE;
			struct thread_pool *own = thread_pool_new(threads, &f);
			struct matmul_backward *p = matmul_backward_new(own, (enum cpu_isa)isa,
			    MOST, N);

			memset(out, 0, sizeof(out));
			matmul_backward_run(p, &w, y, MOST, out, threads == 2);
			if (threads > 1)
				differ += memcmp(out, again, sizeof(out)) != 0;
			memcpy(again, out, sizeof(out));
			matmul_backward_free(p);
			thread_pool_free(own);
		}
	for (size_t r = 0; r < MOST; r++) {
		double want = 0, got = 0;

		for (size_t n = 0; n < N; n++) {
			weight_row(&w, n, row);
			for (size_t k = 0; k < COLUMNS; k++)
				want += (double)y[r * N + n] * (double)row[k] * (double)x[k];
		}
		for (size_t k = 0; k < COLUMNS; k++)
			got += (double)out[r * COLUMNS + k] * (double)x[k];
		worst = fmax(worst, fabs(want - got));
		most = fmax(most, fabs(want));
	}
	ok(worst < 1e-5 * most && differ == 0,
	    "%s: matmul backward, error %.1e, %d results differ by threads", t->name, worst / most,
	    differ);
	free(data);
}

static void
try_ranks(void)
{
	double a[] = { 1, 2, 3, 4, 5 }, b[] = { 10, 30, 20, 50, 40 }, c[] = { 1, 1, 1, 1, 1 };
	double effects[2][4] = { { 1, -2, 4, 0 }, { 3, -2, 8, 0 } };
	struct head_effects run[2] = { { .clean = { .metric = 2 }, .effect = effects[0] },
		{ .clean = { .metric = 4 }, .effect = effects[1] } };
	struct ranked_head ranked[4];
	struct head_learning_options s = { .warmup = 2, .decay = 10, .rate = 1 };

	ok(fabs(head_ranking_spearman(a, b, 5) - 0.8) < 1e-12
		&& fabs(head_ranking_spearman(a, a, 5) - 1) < 1e-12
		&& head_ranking_spearman(a, c, 5) == 0,
	    "Spearman's correlation");
	head_ranking_make(run, 2, 2, 2, ranked);
	ok(ranked[0].layer == 1 && ranked[0].head == 0 && ranked[0].relative_effect == 2
		&& ranked[0].effect == 6 && ranked[0].error == 0,
	    "head_ranking_make() puts the strongest suppressor first");
	ok(ranked[1].layer == 0 && ranked[1].head == 0 && ranked[1].relative_effect == 0.625
		&& fabs(ranked[1].error - 0.125) < 1e-12,
	    "head_ranking_make() has means and standard errors over runs");
	ok(head_learning_rate(&s, 0) == 0 && head_learning_rate(&s, 1) == 0.5
		&& head_learning_rate(&s, 2) == 1 && head_learning_rate(&s, 6) == 0.5
		&& head_learning_rate(&s, 10) == 0 && head_learning_rate(&s, 99) == 0,
	    "the rate rises, and falls to 0");
}

int
main(void)
{
	struct fault f = FAULT_NONE;
	const struct dtype *t;

	pool = thread_pool_new(2, &f);
	fill(weights, WIDTH);
	fill(biases, WIDTH);
	for (int i = 0; i < TEXTS * LENGTH; i++)
		position[i] = i % LENGTH;
	try_layers();
	try_attention();
	for (size_t i = 0; (t = dtype_at(i)) != NULL; i++)
		try_product(t);
	try_ranks();
	thread_pool_free(pool);
	return tap_done();
}
