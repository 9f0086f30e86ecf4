/* head_coefficients.c - any bytes are either refused or give finite coefficients. */

#include "config.h"

#include <math.h>
#include <stdint.h>

#include "infer/pear/head_coefficients.h"
#include "tests/fuzz/try_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct model m = { .layers = 3, .heads = 4, .kv_heads = 4 };
	struct arena a = { 0 };
	struct fault f = FAULT_NONE;
	char path[128];
	const float *c;

	try_write("coefficients.json", data, size);
	snprintf(path, sizeof(path), "%s/coefficients.json", try_folder());
	c = head_coefficients_read(path, &m, &a, &f);
	for (size_t i = 0; c != NULL && i < m.layers * m.heads; i++)
		if (!isfinite(c[i]))
			abort();
	arena_release(&a);
	return 0;
}
