/* matmul.c - products of every type of matrix, in every compute type and on every instruction
 * set, against sums in float64. */

#include "config.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "infer/matmul/matmul.h"
#include "tests/tap.h"

/* K: more than a slab of any compute type but bytes */
enum { ROWS_MAX = 65, N = 77, K = 2304 };

/* Of an MLP: more than a slab, and no whole panels. */
enum { WIDTH = 96, MLP = 1184 };

static uint32_t seed = 1;

static float
random_number(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (float)(int32_t)seed / 2147483648.0f;
}

/* A matrix of random bits; scales are small, so that all values are finite. */
static struct weight
make(const struct dtype *t, size_t rows, size_t columns)
{
	size_t blocks = rows * columns / t->block_elems;
	struct weight w = { t, rows, columns, NULL };
	unsigned char *p = malloc(blocks * t->block_bytes);

	for (size_t i = 0; i < blocks * t->block_bytes; i++) {
		seed = seed * 1664525u + 1013904223u;
		p[i] = (unsigned char)(seed >> 24);
	}
	for (size_t i = 0; i < blocks; i++) {
		unsigned char *b = p + i * t->block_bytes;
		float x = random_number();
		uint16_t half = (uint16_t)(0x2000 | (seed >> 20 & 0x3ff));

		if (strcmp(t->name, "F32") == 0)
			memcpy(b, &x, sizeof(x));
		else if (strcmp(t->name, "BF16") == 0)
			b[1] = (unsigned char)(0x3e | (b[1] & 0x80));
		else if (strcmp(t->name, "Q6_K") == 0)
			memcpy(b + 208, &half, 2);
		else
			memcpy(b, &half, 2);
		if (strstr(t->name, "_1") != NULL || strstr(t->name, "4_K") != NULL
		    || strstr(t->name, "5_K") != NULL)
			memcpy(b + 2, &half, 2);
	}
	w.data = p;
	return w;
}

/* The product of the current matrix and x, ROWS_MAX x N, in float64. */
static double reference[ROWS_MAX * N];

static void
multiply_in_float64(const struct weight *w, const float *x)
{
	static float row[K];

	for (size_t n = 0; n < N; n++) {
		weight_row(w, n, row);
		for (size_t r = 0; r < ROWS_MAX; r++) {
			double sum = 0;

			for (size_t k = 0; k < w->columns; k++)
				sum += (double)row[k] * (double)x[r * w->columns + k];
			reference[r * N + n] = sum;
		}
	}
}

/* Root mean square of the errors, relative to that of the results. */
static double
error(size_t rows, const float *out)
{
	double wrong = 0, all = 0;

	for (size_t i = 0; i < rows * N; i++) {
		const double by = reference[i] - (double)out[i];

		wrong += by * by;
		all += reference[i] * reference[i];
	}
	return sqrt(wrong / all);
}

static const double error_max[COMPUTE_TYPES] = { 2e-6, 1e-2, 2e-2, 1e-2 };
static const char *const names[COMPUTE_TYPES] = { "F32", "BF16", "INT8", "AMX" };

/* One compute type: errors, and bytes that must depend neither on the batch nor on threads or
 * the instruction set; F32 in plain C alone rounds each product. */
static void
try_compute_type(const struct weight *w, const float *x, enum compute_type compute)
{
	static const enum precision asked[COMPUTE_TYPES] = { PRECISION_F32, PRECISION_BF16,
		PRECISION_INT8, PRECISION_AMX };
	static const size_t counts[] = { ROWS_MAX, 1, 5, 6, 7 };
	static float out[ROWS_MAX * N], kept[ROWS_MAX * N];
	struct fault f = FAULT_NONE;
	double worst = 0;
	int isas = (int)cpu_isa_detect() + 1, differ = 0;

	for (int isa = 0; isa < isas; isa++)
		for (size_t threads = 1; threads <= 3; threads += 2) {
			struct thread_pool *pool = thread_pool_new(threads, &f);
			struct matmul *p = matmul_new(pool, (enum cpu_isa)isa, asked[compute],
			    ROWS_MAX, w->columns);
			bool is_first = threads == 1
			    && (isa == 0 || (isa == 1 && compute == COMPUTE_F32));

			for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
				matmul_set_input(p, x, counts[i], w->columns);
				matmul_run(p, w, out, N);
				worst = fmax(worst, error(counts[i], out));
				if (is_first && i == 0)
					memcpy(kept, out, sizeof(out));
				differ += memcmp(out, kept, counts[i] * N * sizeof(float)) != 0;
			}
			matmul_free(p);
			thread_pool_free(pool);
		}
	ok(worst < error_max[compute], "%s, %zu columns, in %s on %d instruction sets: error %.1e",
	    w->type->name, w->columns, names[compute], isas, worst);
	ok(differ == 0,
	    "%s, %zu columns, in %s: the same bytes in any batch, with any threads, "
	    "on any instruction set",
	    w->type->name, w->columns, names[compute]);
}

static void
try_type(const struct dtype *t, const float *x)
{
	/* 77, 1101: no whole dword, group, chunk or slab */
	static const size_t columns[] = { K, 77, 1101 };
	struct weight w = make(t, N, K);

	for (size_t i = 0; i < (t->block_elems == 1 ? 3 : 1); i++) {
		w.columns = columns[i];
		multiply_in_float64(&w, x);
		for (int compute = 0; compute < COMPUTE_TYPES; compute++)
			try_compute_type(&w, x, (enum compute_type)compute);
	}
	free((void *)(uintptr_t)w.data);
}

static atomic_size_t epilogues;

static void
multiply(const void *context, const float *gate, float *x, size_t n)
{
	(void)context;
	epilogues++;
	for (size_t i = 0; i < n; i++)
		x[i] *= gate[i];
}

/* A third matrix times the joined products of two others, one by one. */
static void
step_by_step(struct matmul *p, const struct weight *of, const float *x, size_t rows, float *out)
{
	static float gate[ROWS_MAX * MLP], up[ROWS_MAX * MLP];

	matmul_set_input(p, x, rows, of[0].columns);
	matmul_run(p, &of[0], gate, of[0].rows);
	matmul_run(p, &of[1], up, of[1].rows);
	for (size_t i = 0; i < rows * of[0].rows; i++)
		up[i] *= gate[i];
	matmul_set_input(p, up, rows, of[0].rows);
	matmul_run(p, &of[2], out, of[2].rows);
}

/* The same with the first two fused. */
static void
fused(struct matmul *p, const struct weight *of, const float *x, size_t rows, float *out)
{
	static float up[ROWS_MAX * MLP];
	const struct matmul_fused both = {
		.up = { &of[1], up, of[1].rows }, .gate = &of[0], .epilogue = multiply
	};

	epilogues = 0;
	matmul_set_input(p, x, rows, of[0].columns);
	matmul_run_fused(p, &both);
	matmul_run(p, &of[2], out, of[2].rows);
	if (epilogues == 0)
		out[0] = NAN;
}

/* Do three matrices at once give the same bytes as one by one? */
static bool
agree(struct matmul *p, const struct weight *of, const float *x, size_t rows)
{
	static float one[3][ROWS_MAX * MLP], all[3][ROWS_MAX * MLP];
	const size_t n = of[0].rows;
	const struct matmul_op three[] = { { &of[0], all[0], n }, { &of[1], all[1], n },
		{ &of[0], all[2], n } };
	bool is_same = true;

	matmul_set_input(p, x, rows, of[0].columns);
	matmul_run_all(p, three, 3);
	for (size_t i = 0; i < 3; i++) {
		matmul_run(p, three[i].w, one[i], n);
		is_same = is_same && memcmp(one[i], all[i], rows * n * sizeof(float)) == 0;
	}
	return is_same;
}

/* The matrices of an MLP, on every instruction set. */
static void
try_several(const char *name, size_t mlp, const float *x)
{
	static const size_t counts[] = { 1, 17, ROWS_MAX };
	static float one[ROWS_MAX * WIDTH], all[ROWS_MAX * WIDTH];
	const struct dtype *t = dtype_named(name);
	const struct weight of[] = { make(t, mlp, WIDTH), make(t, mlp, WIDTH),
		make(t, WIDTH, mlp) };
	struct fault f = FAULT_NONE;
	int differ = 0, apart = 0;

	for (int isa = 0; isa <= (int)cpu_isa_detect(); isa++)
		for (int precision = 0; precision <= PRECISION_AMX; precision++)
			for (size_t i = 0; i < 2 * sizeof(counts) / sizeof(*counts); i++) {
				const size_t rows = counts[i / 2];
				struct thread_pool *pool = thread_pool_new(i % 2 == 0 ? 1 : 3, &f);
				struct matmul *p = matmul_new(pool, (enum cpu_isa)isa,
				    (enum precision)precision, ROWS_MAX, MLP);

				step_by_step(p, of, x, rows, one);
				fused(p, of, x, rows, all);
				differ += memcmp(one, all, rows * WIDTH * sizeof(float)) != 0;
				apart += !agree(p, of, x, rows);
				matmul_free(p);
				thread_pool_free(pool);
			}
	for (size_t i = 0; i < 3; i++)
		free((void *)(uintptr_t)of[i].data);
	ok(differ == 0, "%s, %zu wide: fused matrices give the bytes of single ones", name, mlp);
	ok(apart == 0, "%s, %zu wide: three matrices at once give the bytes of single ones", name,
	    mlp);
}

int
main(void)
{
	static float x[ROWS_MAX * K];
	const struct dtype *t;

	for (size_t i = 0; i < ROWS_MAX * K; i++)
		x[i] = random_number();
	for (size_t i = 0; (t = dtype_at(i)) != NULL; i++)
		try_type(t, x);
	try_several("Q8_0", MLP, x);
	try_several("F32", 77, x);
	try_several("BF16", MLP, x);
	ok(f16_to_f32(0x3c00) == 1 && f16_to_f32(0xc000) == -2
		&& f16_to_f32(0x0001) == ldexpf(1, -24) && isinf(f16_to_f32(0x7c00))
		&& isnan(f16_to_f32(0x7e00)),
	    "half precision: one, negative, subnormal, infinite, NaN");
	return tap_done();
}
