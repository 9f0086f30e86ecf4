/* hf_folder.c - any bytes are opened as a Hugging Face folder: a model that runs, or
 * refused.  Two bytes are the length of config.json, which follows; the rest is
 * model.safetensors. */

#include "config.h"

#include <stdint.h>

#include "tests/fuzz/try_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t config = size >= 2 ? (size_t)data[0] | (size_t)data[1] << 8 : 0;

	if (size < 2)
		return 0;
	config = config < size - 2 ? config : size - 2;
	try_write("config.json", data + 2, config);
	try_write("model.safetensors", data + 2 + config, size - 2 - config);
	try_model(try_folder());
	return 0;
}
