/* products - products of matrices alone, beside what the processor can do at most.
 *
 * usage: products THREADS [TYPE ...]
 * For each type of weights and each shape, in the format that the type suggests:
 * 10^9 operations a second (a multiplication and an addition are two), the same of
 * a loop of nothing but the kernel's instruction, and their ratio. */

#include "config.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "infer/product.h"

static const struct { size_t rows, n, k; } shapes[] = {
	{ 64, 8192, 2048 }, { 512, 2048, 2048 }, { 512, 8192, 2048 }, { 512, 2048, 8192 },
};
enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]), RUNS = 7 };

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#ifdef __x86_64__
#include <immintrin.h>

enum { LOOPS = 4000000, SUMS = 16 };

/* Sixteen sums that do not wait for each other, by name, lest the compiler moves
 * them about. */
#define ONE(instruction, sum) instruction " %%zmm31, %%zmm31, %%zmm" #sum "\n\t"
#define FOUR(instruction, a, b, c, d) ONE(instruction, a) ONE(instruction, b) \
	ONE(instruction, c) ONE(instruction, d)
#define PEAK(name, instruction) \
	__attribute__((target("avx512f"))) static void name(void) \
	{ \
		__asm__ volatile("vpxord %%zmm31, %%zmm31, %%zmm31" : : : "xmm31"); \
		for (int n = 0; n < LOOPS; n++) \
			__asm__ volatile(FOUR(instruction, 0, 1, 2, 3) \
			    FOUR(instruction, 4, 5, 6, 7) FOUR(instruction, 8, 9, 10, 11) \
			    FOUR(instruction, 12, 13, 14, 15) : : : "xmm0", "xmm1", "xmm2", \
			    "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", \
			    "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"); \
	}
PEAK(peak_f32, "vfmadd231ps")
PEAK(peak_bf16, "vdpbf16ps")
PEAK(peak_int8, "vpdpbusd")

static void *
run_peak(void *fn)
{
	(*(void (**)(void))fn)();
	return NULL;
}

static double
peak(enum format format, size_t threads)
{
	static void (*const fn[FORMATS])(void) = { peak_f32, peak_bf16, peak_int8 };
	double least = 1e9;

	if (level_of_processor() < LEVEL_BF16)
		return NAN;
	for (int run = 0; run < RUNS; run++) {
		pthread_t thread[64];
		double from = now();

		for (size_t i = 1; i < threads; i++)
			pthread_create(&thread[i], NULL, run_peak, (void *)(uintptr_t)&fn[format]);
		fn[format]();
		for (size_t i = 1; i < threads; i++)
			pthread_join(thread[i], NULL);
		least = fmin(least, now() - from);
	}
	return (double)threads * LOOPS * SUMS * 32 * (double)format_numbers(format)
	    / least / 1e9;
}
#else
static double
peak(enum format format, size_t threads)
{
	(void)format, (void)threads;
	return NAN;
}
#endif

static uint64_t state = 1;

static uint32_t
next(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33);
}

/* Random codes with small scales. */
static struct weight
make(const struct tensor_type *t, size_t n, size_t k)
{
	size_t blocks = n * k / t->numbers;
	unsigned char *p = malloc(blocks * t->bytes);
	const uint16_t half = 0x1c00;

	for (size_t i = 0; i < blocks * t->bytes; i++)
		p[i] = (unsigned char)next();
	for (size_t i = 0; i < blocks; i++) {
		unsigned char *b = p + i * t->bytes;
		float x = (float)(int32_t)(next() - 0x40000000u) / 0x40000000 * 0.05f;

		if (strcmp(t->name, "F32") == 0)
			memcpy(b, &x, 4);
		else if (strcmp(t->name, "BF16") == 0)
			memcpy(b, (char *)&x + 2, 2);
		else
			memcpy(b + (strcmp(t->name, "Q6_K") == 0 ? 208 : 0), &half, 2);
	}
	return (struct weight){ t, n, k, p };
}

static double
measure(const struct tensor_type *t, struct pool *pool, size_t shape)
{
	const size_t rows = shapes[shape].rows, n = shapes[shape].n, k = shapes[shape].k;
	struct weight w = make(t, n, k);
	float *x = malloc(rows * k * sizeof(*x)), *out = malloc(rows * n * sizeof(*out));
	struct product *p = product_new(pool, level_of_processor(), PRECISION_AUTO, rows, k);
	double least = 1e9;

	for (size_t i = 0; i < rows * k; i++)
		x[i] = (float)(int32_t)(next() - 0x40000000u) / 0x40000000;
	for (int run = 0; run < RUNS; run++) {
		double from = now();

		product_set(p, x, rows, k);
		product_run(p, &w, out, n);
		least = fmin(least, now() - from);
	}
	product_free(p);
	free((void *)(uintptr_t)w.data);
	free(x);
	free(out);
	return 2.0 * (double)(rows * n) * (double)k / least / 1e9;
}

int
main(int argc, char **argv)
{
	struct fault f = FAULT_NONE;
	size_t threads = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	struct pool *pool;
	double most[FORMATS];

	if (threads < 1 || threads > 64 || (pool = pool_new(threads, &f)) == NULL)
		return fputs("usage: products THREADS [TYPE ...]\n", stderr), 2;
	for (int i = 0; i < FORMATS; i++)
		most[i] = peak((enum format)i, threads);
	puts("type,rows,n,k,GOP/s,peak GOP/s,ratio");
	for (size_t i = 0; tensor_type_at(i) != NULL; i++) {
		const struct tensor_type *t = tensor_type_at(i);
		bool is_wanted = argc == 2;

		for (int k = 2; k < argc; k++)
			is_wanted |= strcmp(argv[k], t->name) == 0;
		for (size_t s = 0; is_wanted && s < SHAPES; s++) {
			double speed = measure(t, pool, s);

			printf("%s,%zu,%zu,%zu,%.0f,%.0f,%.2f\n", t->name, shapes[s].rows,
			    shapes[s].n, shapes[s].k, speed, most[t->natural],
			    speed / most[t->natural]);
			fflush(stdout);
		}
	}
	pool_free(pool);
	return 0;
}
