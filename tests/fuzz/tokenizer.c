/* Any bytes are a tokenizer.json if they begin like one, else a tokenizer.model, or
 * are refused; texts go through what they are. */
#include "config.h"

#include <stdint.h>

#include "tests/fuzz/try_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct directory d = { .is_folder = true };

	try_remove("tokenizer.json");
	try_write(size > 0 && data[0] == '{' ? "tokenizer.json" : "tokenizer.model", data,
	    size);
	try_tokenizer(&d, try_folder());
	return 0;
}
