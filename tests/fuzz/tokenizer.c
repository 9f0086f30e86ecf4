/* tokenizer.c - any bytes are read as a tokenizer.json if they begin with a brace, else as a
 * tokenizer.model: a tokenizer that encodes and decodes, or refused. */

#include "config.h"

#include <stdint.h>

#include "tests/fuzz/try_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct model_file mf = { .is_folder = true };

	try_remove("tokenizer.json");
	try_write(size > 0 && data[0] == '{' ? "tokenizer.json" : "tokenizer.model", data, size);
	try_tokenizer(&mf, try_folder());
	return 0;
}
