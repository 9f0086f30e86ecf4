/* The reader over real files: buffers that grow, places that are exact. */
#include "config.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/buf.h"
#include "lib/reader.h"
#include "tests/tap.h"

static char name[] = "/tmp/alignx-reader-XXXXXX";
static uint32_t seed = 1;

static uint32_t
dice(uint32_t sides)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % sides;
}

static void
save(const struct buf *b)
{
	FILE *out = fopen(name, "wb");

	fwrite(b->data, 1, b->len, out);
	fclose(out);
}

/* Lines that tell their own place, and are of all lengths: a few are longer
 * than the first buffer.  A line in 16 is blank, one ends in CR LF. */
static void
make_lines(struct buf *b, int n)
{
	for (int i = 1; i <= n; i++) {
		size_t pad = dice(100) == 0 ? dice(1 << 20) : dice(300);

		if (dice(16) != 0) {
			buf_printf(b, "{%zu %d ", b->len, i);
			memset(buf_reserve(b, pad), 'x', pad);
			b->len += pad;
			buf_add_byte(b, '}');
		}
		buf_add_str(b, dice(16) == 0 ? "\r\n" : "\n");
	}
}

static bool
is_in_place(const struct reader_item *it, const struct buf *b)
{
	uint64_t offset, number;
	const char *p = it->data;

	return sscanf(p, "{%" SCNu64 " %" SCNu64, &offset, &number) == 2
	    && offset == it->offset && number == it->number
	    && it->offset + it->len <= b->len
	    && memcmp(p, b->data + it->offset, it->len) == 0
	    && p[it->len - 1] == '}' && memchr(p, '\n', it->len) == NULL;
}

static int
sum_padding(const struct reader_item *it)
{
	int sum = 0;

	for (int i = 0; i < READER_PADDING; i++)
		sum += it->data[it->len + i];
	return sum;
}

static void
test_places(struct reader *r, enum reader_form form)
{
	struct buf b = { 0 };
	struct fault f = FAULT_NONE;
	struct reader_item it;
	bool exact = true;
	int n = 0, rc, padding = 0;
	size_t whole = 0;

	if (form == READER_ARRAY)
		buf_add_str(&b, "[\n");
	make_lines(&b, 3000);
	for (size_t i = 0; form == READER_ARRAY && i < b.len; i++)
		if (b.data[i] == '\n' && i > 3 && b.data[i - 1] == '}')
			b.data[i - 1] = '"', b.data[i] = '"';
	buf_clear(&b);
	make_lines(&b, 3000);
	save(&b);
	ok(reader_open(r, name, 31, &f) == 0, "a file opens");
	ok(reader_size(r) == b.len, "its size is known");
	for (; (rc = reader_next(r, &it, &f)) == 1; n++) {
		exact = exact && is_in_place(&it, &b) && it.form == READER_LINES;
		padding += sum_padding(&it);
		whole += it.len;
	}
	ok(rc == 0 && n > 2500 && whole > 256 * 1024 * 4, "%d lines come", n);
	ok(exact, "each is where it says");
	ok(padding != 1, "what is behind an item may be read");
	ok(reader_taken(r) == b.len, "all was taken");
	ok(reader_next(r, &it, &f) == 0, "the end stays the end");
	buf_release(&b);
}
