/* Any bytes are a model, or are refused: nothing that the file says is believed
 * before it is checked.  What is a model tokenises any text. */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "infer/model.h"
#include "infer/tokenizer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
tokenise(const struct vocabulary *v)
{
	static const char text[] = "The cat's 12  \n\xc3\xa9t\xc3\xa9 <s> and \xf0\x9f\x90\x88";
	const struct tokenizer_part part = { sizeof(text) - 1, true };
	struct fault f = FAULT_NONE;
	struct tokenizer *t = tokenizer_new(v, &f);
	struct buf ids = { 0 }, back = { 0 };

	if (t == NULL)
		return;
	tokenizer_encode(t, text, sizeof(text) - 1, &part, 1, &ids);
	for (size_t i = 0; i < ids.len / sizeof(uint32_t); i++)
		tokenizer_decode(t, ((uint32_t *)(void *)ids.data)[i], &back);
	buf_release(&ids);
	buf_release(&back);
	tokenizer_free(t);
}

static void
open_it(const char *name)
{
	struct arena a = { 0 };
	struct fault f = FAULT_NONE;
	struct directory g;
	struct model m;
	struct vocabulary v;

	if (directory_open(&g, name, &a, &f) == 0) {
		if (vocabulary_read(&v, &g, name, &a, &f) == 0)
			tokenise(&v);
		directory_close(&g);
	}
	if (model_open(&m, name, &a, &f) == 0)
		model_close(&m);
	arena_release(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[64];
	int fd = memfd_create("model", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	open_it(name);
	close(fd);
	return 0;
}
