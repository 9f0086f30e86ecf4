/* Products of every type of matrix on every level, beside sums in float64. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/product.h"
#include "tests/tap.h"

/* K: more than a slab of any format but bytes */
enum { ROWS_MAX = 65, N = 77, K = 2304 };

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

			for (size_t k = 0; k < w->columns; k++)
				sum += (double)row[k] * (double)x[r * w->columns + k];
			wrong += pow(sum - (double)out[r * N + n], 2);
			all += sum * sum;
		}
	}
	return sqrt(wrong / all);
}

static const double most[FORMATS] = { 2e-6, 1e-2, 2e-2, 1e-2, 2e-6 };
static const char *const names[FORMATS] = { "F32", "BF16", "INT8", "AMX",
	"BF16X3" };

/* One format of one type: errors, and bytes that must not depend on the batch, on
 * threads or on the level; plain F32 alone rounds each product. */
static void
try_format(const struct weight *w, const float *x, enum format format)
{
	static const enum precision asked[FORMATS] = { PRECISION_F32, PRECISION_BF16,
		PRECISION_INT8, PRECISION_AMX, PRECISION_BF16X3 };
	static const size_t counts[] = { ROWS_MAX, 1, 5, 6, 7 };
	static float out[ROWS_MAX * N], kept[ROWS_MAX * N];
	struct fault f = FAULT_NONE;
	double worst = 0;
	int levels = (int)level_of_processor() + 1, differ = 0;

	for (int level = 0; level < levels; level++)
		for (size_t threads = 1; threads <= 3; threads += 2) {
			struct pool *pool = pool_new(threads, &f);
			struct product *p = product_new(pool, (enum level)level,
			    asked[format], ROWS_MAX, w->columns);
			bool is_first = threads == 1 && (level == 0
			    || (level == 1 && format == FORMAT_F32));

			for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
				product_set(p, x, counts[i], w->columns);
				product_run(p, w, out, N);
				worst = fmax(worst, error(w, x, counts[i], out));
				if (is_first && i == 0)
					memcpy(kept, out, sizeof(out));
				differ += memcmp(out, kept, counts[i] * N * sizeof(float)) != 0;
			}
			product_free(p);
			pool_free(pool);
		}
	ok(worst < most[format], "%s times %s on %d levels: error %.1e", w->type->name,
	    names[format], levels, worst);
	ok(differ == 0, "and the same in any batch, with any threads, on any level");
}

static void
try_type(const struct tensor_type *t, const float *x)
{
	struct weight w = make(t);

	for (int format = 0; format < FORMATS; format++) {
		try_format(&w, x, (enum format)format);
		/* no whole dword, part, chunk or slab */
		for (size_t i = 0; t->numbers == 1 && i < 2; i++) {
			w.columns = i == 0 ? 77 : 1101;
			try_format(&w, x, (enum format)format);
			w.columns = K;
		}
	}
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
