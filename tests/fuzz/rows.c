/* Each line is a row, compared with those before it.  A row that is taken is
 * one that the parser takes too, with the same fields. */
#include "config.h"
#include <stdint.h>
#include "tests/rows_agree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct buf text;
	bool is_sure;
	char *row, *stop, *end;

	json_rows_free(rows);
	json_free(rows_parser);
	rows = NULL;
	rows_parser = NULL;
	buf_clear(&text);
	buf_add(&text, data, size);
	memset(buf_reserve(&text, JSON_PADDING), '1', JSON_PADDING);
	stop = text.data + size;
	for (row = text.data; row < stop; row = end + 1) {
		end = memchr(row, '\n', (size_t)(stop - row));
		if (end == NULL)
			end = stop;
		if (!rows_agree(row, (size_t)(end - row), &is_sure))
			__builtin_trap();
	}
	return 0;
}
