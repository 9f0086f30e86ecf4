/* Products of every type of matrix on every level, beside sums in float64. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/product.h"
#include "tests/tap.h"

enum { ROWS_MAX = 65, N = 77, K = 512 };

static uint32_t seed = 1;

static float
random_number(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (float)(int32_t)seed / 2147483648.0f;
}

/* A matrix of random bits; scales are small numbers, so that all is finite. */
static struct weight
make(const struct tensor_type *t)
{
	size_t blocks = (size_t)N * K / t->numbers;
	struct weight w = { t, N, K, NULL };
	unsigned char *p = malloc(blocks * t->bytes);

	for (size_t i = 0; i < blocks * t->bytes; i++) {
		seed = seed * 1664525u + 1013904223u;
		p[i] = (unsigned char)(seed >> 24);
	}
	for (size_t i = 0; i < blocks; i++) {
		unsigned char *b = p + i * t->bytes;
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

/* Relative error (root of mean squares) against sums in float64. */
static double
error(const struct weight *w, const float *x, size_t rows, const float *out)
{
	static float row[K];
	double wrong = 0, all = 0;

	for (size_t n = 0; n < N; n++) {
		weight_row(w, n, row);
		for (size_t r = 0; r < rows; r++) {
			double sum = 0;

			for (size_t k = 0; k < K; k++)
				sum += (double)row[k] * (double)x[r * K + k];
			wrong += pow(sum - (double)out[r * N + n], 2);
			all += sum * sum;
		}
	}
	return sqrt(wrong / all);
}

static void
try_type(const struct tensor_type *t, const float *x)
{
	static const size_t counts[] = { 1, 5, 6, 7, ROWS_MAX };
	static float out[ROWS_MAX * N], again[ROWS_MAX * N];
	struct weight w = make(t);
	struct fault f = FAULT_NONE;
	double worst = 0;
	int levels = (int)level_of_processor() + 1, differ = 0;

	for (int level = 0; level < levels; level++)
		for (size_t threads = 1; threads <= 3; threads++) {
			struct pool *pool = pool_new(threads, &f);
			struct product *p = product_new(pool, (enum level)level, ROWS_MAX, K);

			for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
				product_set(p, x, counts[i], K);
				product_run(p, &w, out, N);
				worst = fmax(worst, error(&w, x, counts[i], out));
				if (threads > 1)
					differ += memcmp(out, again, N * sizeof(float)) != 0;
				else
					memcpy(again, out, sizeof(out));
			}
			product_free(p);
			pool_free(pool);
		}
	ok(worst < 5e-6, "%s on %d levels: error %.1e", t->name, levels, worst);
	ok(differ == 0, "and a row is the same in any batch, with any threads");
	free((void *)(uintptr_t)w.data);
}

int
main(void)
{
	static float x[ROWS_MAX * K];
	const struct tensor_type *t;

	for (size_t i = 0; i < ROWS_MAX * K; i++)
		x[i] = random_number();
	for (size_t i = 0; (t = tensor_type_at(i)) != NULL; i++)
		try_type(t, x);
	ok(half_to_float(0x3c00) == 1 && half_to_float(0xc000) == -2
	    && half_to_float(0x0001) == ldexpf(1, -24) && isinf(half_to_float(0x7c00))
	    && isnan(half_to_float(0x7e00)), "half precision");
	return tap_done();
}
