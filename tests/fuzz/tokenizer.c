/* Any bytes are a tokenizer.json, or are refused; texts go through what they are. */
#include "config.h"

#include <stdint.h>

#include "tests/fuzz/try_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct directory d = { .is_folder = true };

	try_write("tokenizer.json", data, size);
	try_tokenizer(&d, try_folder());
	return 0;
}
