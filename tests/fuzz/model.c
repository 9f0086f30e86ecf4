/* model.c - any bytes are opened as a GGUF file: a model that runs, or refused. */

#include "config.h"

#include <stdint.h>
#include <sys/mman.h>

#include "tests/fuzz/try_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[64];
	int fd = memfd_create("model", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	try_model(name);
	close(fd);
	return 0;
}
