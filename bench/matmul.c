/* matmul - speed of matrix products alone, against the peak of the processor's instruction.
 *
 * usage: matmul THREADS [TYPE[:amx] ...]
 * For each type of weights (all of them if none is named) and each shape, in the compute
 * type that the storage type suggests or, with :amx, in AMX.  Prints CSV: 10^9 operations a
 * second (a multiplication and an addition are two), the same of a loop of nothing but the
 * instruction for such values, and their ratio.  For BF16 the peak is the faster of VDPBF16PS
 * and VFMADD231PS. */

#include "config.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "infer/matmul/matmul.h"

static const struct {
	size_t rows, n, k;
} shapes[] = {
	{ 64, 8192, 2048 },
	{ 512, 2048, 2048 },
	{ 512, 8192, 2048 },
	{ 512, 2048, 8192 },
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

/* Sixteen independent sums in named registers, so that the compiler cannot reorder them. */
#define ONE(instruction, sum) instruction " %%zmm31, %%zmm31, %%zmm" #sum "\n\t"
#define FOUR(instruction, a, b, c, d) \
	ONE(instruction, a) ONE(instruction, b) ONE(instruction, c) ONE(instruction, d)
#define PEAK(name, instruction) \
	__attribute__((target("avx512f"))) static void name(void) \
	{ \
		__asm__ volatile("vpxord %%zmm31, %%zmm31, %%zmm31" : : : "xmm31"); \
		for (int n = 0; n < LOOPS; n++) \
			__asm__ volatile(FOUR(instruction, 0, 1, 2, 3) FOUR(instruction, 4, 5, 6, \
			    7) FOUR(instruction, 8, 9, 10, 11) FOUR(instruction, 12, 13, 14, 15) \
					 : \
					 : \
					 : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", \
					 "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", \
					 "xmm13", "xmm14", "xmm15"); \
	}
PEAK(peak_f32, "vfmadd231ps")
PEAK(peak_bf16, "vdpbf16ps")
PEAK(peak_int8, "vpdpbusd")

/* Four sums in tile registers; each instruction is 16 x 16 dot products of 64 bytes. */
#define TILE_PEAK(name, instruction) \
	__attribute__((target("amx-tile,amx-int8,amx-bf16"))) static void name(void) \
	{ \
		_tile_loadconfig(&all_tiles); \
		for (int n = 0; n < TILE_LOOPS; n++) { \
			instruction(0, 4, 6); \
			instruction(1, 5, 6); \
			instruction(2, 4, 7); \
			instruction(3, 5, 7); \
		} \
		_tile_release(); \
	}
static const struct {
	uint8_t palette, none[15];
	uint16_t bytes[16];
	uint8_t rows[16];
} all_tiles = { .palette = 1,
	.bytes = { 64, 64, 64, 64, 64, 64, 64, 64 },
	.rows = { 16, 16, 16, 16, 16, 16, 16, 16 } };
enum { TILE_LOOPS = 500000 };
TILE_PEAK(peak_tile_int8, _tile_dpbssd)
TILE_PEAK(peak_tile_bf16, _tile_dpbf16ps)

static void *
run_peak(void *fn)
{
	(*(void (**)(void))fn)();
	return NULL;
}

/* Runs of a function a second / 10^9, on all threads together. */
static double
rate(void (*fn)(void), size_t threads)
{
	double least = 1e9;

	for (int run = 0; run < RUNS; run++) {
		pthread_t thread[64];
		double from = now();

		for (size_t i = 1; i < threads; i++)
			pthread_create(&thread[i], NULL, run_peak, (void *)(uintptr_t)&fn);
		fn();
		for (size_t i = 1; i < threads; i++)
			pthread_join(thread[i], NULL);
		least = fmin(least, now() - from);
	}
	return (double)threads / least / 1e9;
}

static double
peak(enum compute_type compute, size_t threads)
{
	const enum cpu_isa isa = cpu_isa_detect();
	const double vectors = LOOPS * SUMS * 32.0, tiles = TILE_LOOPS * 4 * 16.0 * 16 * 16 * 2;
	double f32, bf16;

	if (isa < CPU_ISA_BF16 || (compute == COMPUTE_AMX && isa < CPU_ISA_AMX))
		return NAN;
	if (compute == COMPUTE_AMX)
		return tiles * 2 * rate(peak_tile_bf16, threads);
	if (compute == COMPUTE_INT8)
		return isa == CPU_ISA_AMX ? tiles * 4 * rate(peak_tile_int8, threads)
					  : vectors * 4 * rate(peak_int8, threads);
	f32 = vectors * rate(peak_f32, threads);
	if (compute == COMPUTE_F32)
		return f32;
	bf16 = vectors * 2 * rate(peak_bf16, threads);
	return fmax(f32, bf16);
}
#else
static double
peak(enum compute_type compute, size_t threads)
{
	(void)compute, (void)threads;
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

/* Random quants with small scales. */
static struct weight
make(const struct dtype *t, size_t n, size_t k)
{
	size_t blocks = n * k / t->block_elems;
	unsigned char *p = malloc(blocks * t->block_bytes);
	const uint16_t half = 0x1c00;

	for (size_t i = 0; i < blocks * t->block_bytes; i++)
		p[i] = (unsigned char)next();
	for (size_t i = 0; i < blocks; i++) {
		unsigned char *b = p + i * t->block_bytes;
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
measure(const struct dtype *t, enum precision precision, struct thread_pool *pool, size_t shape)
{
	const size_t rows = shapes[shape].rows, n = shapes[shape].n, k = shapes[shape].k;
	struct weight w = make(t, n, k);
	float *x = malloc(rows * k * sizeof(*x)), *out = malloc(rows * n * sizeof(*out));
	struct matmul *p = matmul_new(pool, cpu_isa_detect(), precision, rows, k);
	double least = 1e9;

	for (size_t i = 0; i < rows * k; i++)
		x[i] = (float)(int32_t)(next() - 0x40000000u) / 0x40000000;
	for (int run = 0; run < RUNS; run++) {
		double from = now();

		matmul_set_input(p, x, rows, k);
		matmul_run(p, &w, out, n);
		least = fmin(least, now() - from);
	}
	matmul_free(p);
	free((void *)(uintptr_t)w.data);
	free(x);
	free(out);
	return 2.0 * (double)(rows * n) * (double)k / least / 1e9;
}

static void
show(const struct dtype *t, const char *name, struct thread_pool *pool, const double *peaks)
{
	const enum precision precision = strcmp(name, ":amx") == 0 ? PRECISION_AMX : PRECISION_AUTO;
	const enum compute_type compute = matmul_compute_type(precision, t);

	for (size_t s = 0; s < SHAPES; s++) {
		double speed = measure(t, precision, pool, s);

		printf("%s%s,%zu,%zu,%zu,%.0f,%.0f,%.2f\n", t->name, name, shapes[s].rows,
		    shapes[s].n, shapes[s].k, speed, peaks[compute], speed / peaks[compute]);
		fflush(stdout);
	}
}

int
main(int argc, char **argv)
{
	struct fault f = FAULT_NONE;
	size_t threads = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	struct thread_pool *pool;
	double peaks[COMPUTE_TYPES];

	if (threads < 1 || threads > 64 || (pool = thread_pool_new(threads, &f)) == NULL)
		return fputs("usage: matmul THREADS [TYPE[:amx] ...]\n", stderr), 2;
	for (int i = 0; i < COMPUTE_TYPES; i++)
		peaks[i] = peak((enum compute_type)i, threads);
	puts("type,rows,n,k,GOP/s,peak GOP/s,ratio");
	for (size_t i = 0; argc == 2 && dtype_at(i) != NULL; i++)
		show(dtype_at(i), "", pool, peaks);
	for (int i = 2; i < argc; i++) {
		const size_t end = strcspn(argv[i], ":");
		char type[32];
		const struct dtype *t;

		snprintf(type, sizeof(type), "%.*s", (int)end, argv[i]);
		if ((t = dtype_named(type)) == NULL)
			return fprintf(stderr, "matmul: no type '%s'\n", type), 2;
		show(t, argv[i] + end, pool, peaks);
	}
	thread_pool_free(pool);
	return 0;
}
