/* onednn - matrix products by oneDNN, the peer of bench/matmul.
 *
 * usage: OMP_NUM_THREADS=1 onednn ROWS N K [f32|bf16|s8]
 * Weights are expanded to the type and packed beforehand in the library's own layout; s8 has
 * one scale for all.  Prints 10^9 operations a second.  cc -O2 onednn.c -ldnnl */

#include <oneapi/dnnl/dnnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void
must(dnnl_status_t status, const char *what)
{
	if (status == dnnl_success)
		return;
	fprintf(stderr, "onednn: %s: status %d\n", what, (int)status);
	exit(2);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static dnnl_memory_t
make(const dnnl_memory_desc_t *d, dnnl_engine_t engine)
{
	dnnl_memory_t m;
	void *p;

	must(dnnl_memory_create(&m, d, engine, DNNL_MEMORY_ALLOCATE), "memory");
	must(dnnl_memory_get_data_handle(m, &p), "memory");
	memset(p, 1, dnnl_memory_desc_get_size(d));
	return m;
}

int
main(int argc, char **argv)
{
	const char *kind = argc > 4 ? argv[4] : "f32";
	const dnnl_data_type_t type = strcmp(kind, "bf16") == 0 ? dnnl_bf16
	    : strcmp(kind, "s8") == 0                           ? dnnl_s8
								: dnnl_f32;
	dnnl_memory_desc_t desc[3];
	dnnl_matmul_desc_t job;
	dnnl_primitive_desc_t how;
	dnnl_primitive_t product;
	dnnl_engine_t engine;
	dnnl_stream_t stream;
	dnnl_exec_arg_t arg[3];
	dnnl_dim_t rows, n, k;
	double least = 1e9;

	if (argc < 4)
		return fputs("usage: onednn ROWS N K [f32|bf16|s8]\n", stderr), 2;
	rows = atol(argv[1]), n = atol(argv[2]), k = atol(argv[3]);
	must(dnnl_engine_create(&engine, dnnl_cpu, 0), "engine");
	must(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags), "stream");
	must(dnnl_memory_desc_init_by_tag(&desc[0], 2, (dnnl_dims_t){ rows, k }, type, dnnl_ab),
	    "activations");
	must(dnnl_memory_desc_init_by_tag(&desc[1], 2, (dnnl_dims_t){ k, n }, type,
		 dnnl_format_tag_any),
	    "weights");
	must(dnnl_memory_desc_init_by_tag(&desc[2], 2, (dnnl_dims_t){ rows, n }, dnnl_f32, dnnl_ab),
	    "outputs");
	must(dnnl_matmul_desc_init(&job, &desc[0], &desc[1], NULL, &desc[2]), "product");
	must(dnnl_primitive_desc_create(&how, &job, NULL, engine, NULL), "product");
	must(dnnl_primitive_create(&product, how), "product");
	arg[0] = (dnnl_exec_arg_t){ DNNL_ARG_SRC, make(&desc[0], engine) };
	arg[1] = (dnnl_exec_arg_t){ DNNL_ARG_WEIGHTS,
		make(dnnl_primitive_desc_query_md(how, dnnl_query_weights_md, 0), engine) };
	arg[2] = (dnnl_exec_arg_t){ DNNL_ARG_DST, make(&desc[2], engine) };
	for (int run = 0; run < 7; run++) {
		double from = now();

		must(dnnl_primitive_execute(product, stream, 3, arg), "product");
		must(dnnl_stream_wait(stream), "product");
		least = now() - from < least ? now() - from : least;
	}
	printf("%.0f\n", 2.0 * (double)rows * (double)n * (double)k / least / 1e9);
	return 0;
}
