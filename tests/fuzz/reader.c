/* reader.c - any bytes are split into items: the splitter ends, stays within its input, gives
 * the same items however the bytes are cut, and places each; the whole reader ends on them as
 * a file. */

#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/split_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
split_by(enum reader_form form, size_t max_len, const char *data, size_t len, size_t piece,
    enum splitter_more end)
{
	struct buf whole = { 0 }, pieces = { 0 };

	split_log(&whole, form, max_len, data, len, len, end);
	split_log(&pieces, form, max_len, data, len, piece, end);
	if (whole.len != pieces.len || memcmp(whole.data, pieces.data, whole.len) != 0)
		__builtin_trap();
	buf_release(&whole);
	buf_release(&pieces);
}

static void
read_file(size_t max_len, const char *data, size_t len)
{
	struct reader *r = reader_new(READER_AUTO, max_len);
	struct reader_item it;
	struct fault f = FAULT_NONE;
	FILE *file = tmpfile();
	char name[64], copy[READER_PADDING];
	size_t calls = 0;

	fwrite(data, 1, len, file);
	fflush(file);
	snprintf(name, sizeof(name), "/dev/fd/%d", fileno(file));
	if (reader_open(r, name, 20, &f) == 0)
		while (reader_next(r, &it, &f) != 0 && calls++ < 1000000) {
			memcpy(copy, it.data + it.len, READER_PADDING);
			fault_clear(&f);
		}
	if (calls >= 1000000)
		__builtin_trap();
	reader_free(r);
	fclose(file);
}

/* The first byte chooses the limit and the pieces. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data + 1;

	if (size < 1 || size > 1 << 16)
		return 0;
	size_t max_len = (size_t)1 << (data[0] & 7), piece = 1 + (data[0] >> 5);

	split_by(READER_AUTO, max_len, p, size - 1, piece, SPLITTER_LAST);
	split_by(READER_AUTO, max_len, p, size - 1, piece, SPLITTER_CUT);
	split_by(READER_LINES, max_len, p, size - 1, piece, SPLITTER_LAST);
	read_file(max_len, p, size - 1);
	return 0;
}
