/* reader.c - the reader over real files: buffers that grow, places that are exact. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/core/buf.h"
#include "lib/io/reader.h"
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

	if (b->len > 0)
		fwrite(b->data, 1, b->len, out);
	fclose(out);
}

/* An item that contains its own place.  Most are short, a few are longer than the
 * buffer that the reader begins with; breaks are the lines within. */
static void
add_item(struct buf *b, int line, int breaks)
{
	size_t pad = dice(100) == 0 ? dice(1 << 20) : dice(300);

	buf_printf(b, "{%zu %d ", b->len, line);
	memset(buf_reserve(b, pad), 'x', pad);
	b->len += pad;
	while (breaks-- > 0)
		buf_add_str(b, "\n \"}\\\" ]\"");
	buf_add_byte(b, '}');
}

static void
make_lines(struct buf *b, int lines)
{
	for (int i = 1; i <= lines; i++) {
		if (dice(16) != 0)
			add_item(b, i, 0);
		buf_add_str(b, dice(16) == 0 ? "\r\n" : "\n");
	}
}

static void
make_array(struct buf *b, int elements)
{
	int line = 2;

	buf_add_str(b, "[\n");
	for (int i = 0; i < elements; i++) {
		int breaks = (int)dice(3);

		buf_add_str(b, i > 0 ? " ,\n\t" : "\t");
		line += i > 0;
		add_item(b, line, breaks);
		line += breaks;
	}
	buf_add_str(b, "\n]\n");
}

static bool
is_in_place(const struct reader_item *it, const struct buf *b)
{
	unsigned long long offset, number;

	return sscanf(it->data, "{%llu %llu", &offset, &number) == 2 && offset == it->offset
	    && number == it->number && it->offset + it->len <= b->len
	    && memcmp(it->data, b->data + it->offset, it->len) == 0 && it->data[it->len - 1] == '}';
}

static void
test_places(struct reader *r, enum reader_form form, const struct buf *b, int want)
{
	struct fault f = FAULT_NONE;
	struct reader_item it;
	bool exact = true;
	char padding[READER_PADDING];
	int n = 0, rc;

	save(b);
	ok(reader_open(r, name, 31, &f) == 0, "a file opens");
	ok(reader_size(r) == b->len, "its size is known");
	for (; (rc = reader_next(r, &it, &f)) == 1; n++) {
		exact = exact && is_in_place(&it, b) && it.form == form;
		memcpy(padding, it.data + it.len, READER_PADDING);
	}
	ok(rc == 0 && n == want, "all %d items come", want);
	ok(exact, "each item is the bytes at its offset");
	ok(reader_bytes_read(r) == b->len, "all was taken");
	ok(reader_next(r, &it, &f) == 0, "the end stays the end");
}

static int
count_of(const struct buf *b, char c)
{
	int n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += b->data[i] == c;
	return n;
}

/* n maps {"": bin}, of all lengths up to over a megabyte. */
static void
make_pack(struct buf *b, int n)
{
	for (int i = 0; i < n; i++) {
		uint32_t len = dice(20) == 0 ? dice(1 << 21) : dice(50);

		buf_add(b, "\x81\xa0\xc6", 3);
		for (int shift = 24; shift >= 0; shift -= 8)
			buf_add_byte(b, (char)(len >> shift));
		memset(buf_reserve(b, len), '\n', len);
		b->len += len;
	}
}

static void
test_pack(struct reader *r, const struct buf *b, int want)
{
	struct fault f = FAULT_NONE;
	struct reader_item it;
	uint64_t offset = 0;
	int n = 0, rc;
	bool exact = true;

	save(b);
	reader_open(r, name, 31, &f);
	for (; (rc = reader_next(r, &it, &f)) == 1; n++) {
		exact = exact && it.offset == offset && it.form == READER_MSGPACK
		    && it.number == (uint64_t)n + 1
		    && memcmp(it.data, b->data + offset, it.len) == 0;
		offset += it.len;
	}
	ok(rc == 0 && n == want && offset == b->len, "all %d maps come", want);
	ok(exact, "each at its offset, with its number");
}

static void
test_refusals(struct reader *r)
{
	struct fault f = FAULT_NONE;
	struct reader_item it;
	struct buf b = { 0 };

	ok(reader_next(r, &it, &f) == 0, "without an operand there is no item");
	ok(reader_open(r, "/no/such/file", 31, &f) == -2
		&& strcmp(f.text, "/no/such/file: No such file or directory") == 0,
	    "a missing file is a fault that names it: %s", f.text);
	fault_clear(&f);
	ok(reader_open(r, "/tmp", 31, &f) == -2
		&& strcmp(f.text, "/tmp: is a directory; name the files in it") == 0,
	    "so is a directory: %s", f.text);
	fault_clear(&f);
	save(&b);
	ok(reader_open(r, name, 31, &f) == 0 && reader_next(r, &it, &f) == 0,
	    "an empty file has no items");
	buf_release(&b);
}

static void
test_limit(void)
{
	struct reader *r = reader_new(READER_AUTO, 100);
	struct fault f = FAULT_NONE;
	struct reader_item it;
	struct buf b = { 0 };

	buf_add_str(&b, "{1}\n{");
	memset(buf_reserve(&b, 1 << 20), 'x', 1 << 20);
	b.len += 1 << 20;
	buf_add_str(&b, "}\n{3}");
	save(&b);
	reader_open(r, name, 31, &f);
	ok(reader_next(r, &it, &f) == 1 && it.len == 3, "the line before comes");
	ok(reader_next(r, &it, &f) == -1 && strcmp(f.code, "too-long") == 0,
	    "a line over the limit is refused: %s", f.text);
	ok(strcmp(f.text,
	       "the line is longer than 100 bytes; allow more with "
	       "--max-bytes")
		== 0,
	    "the limit and the option are named");
	ok(it.offset == 4 && it.number == 2 && it.len == 100, "so is its place");
	fault_clear(&f);
	ok(reader_next(r, &it, &f) == 1 && it.len == 3 && it.number == 3 && it.offset == b.len - 3,
	    "the next line is read");
	ok(reader_next(r, &it, &f) == 0, "no record follows the last");
	reader_free(r);
	buf_release(&b);
}

/* A zstd frame of one raw block and a part of another. */
static void
test_break(struct reader *r)
{
	static const char frame[] = "\x28\xb5\x2f\xfd\0\x58\x30\0\0{1}\n{2"
				    "\x29\0\0"
				    "22";
	struct fault f = FAULT_NONE;
	struct reader_item it;
	struct buf b = { 0 };

	buf_add(&b, frame, sizeof(frame) - 1);
	save(&b);
	reader_open(r, name, 31, &f);
	ok(reader_next(r, &it, &f) == 1 && it.len == 3, "the whole line comes");
	ok(reader_next(r, &it, &f) == -2
		&& strcmp(f.text,
		       "truncated: the zstd "
		       "data stop in the middle, after 8 bytes")
		    == 0,
	    "then the break: %s", f.text);
	ok(it.offset == 4 && it.number == 2 && it.len == 4 && f.at == 4
		&& memcmp(it.data, "{222", 4) == 0,
	    "with its place");
	fault_clear(&f);
	ok(reader_next(r, &it, &f) == 0, "no record follows the last");
	buf_release(&b);
}

/* Items that fill the buffer to its last byte. */
static void
test_full(void)
{
	struct reader *r = reader_new(READER_AUTO, 300000);
	struct fault f = FAULT_NONE;
	struct reader_item it;
	struct buf b = { 0 };
	char padding[READER_PADDING];
	int n = 0;

	for (size_t len = 299900; len <= 300000; len++) {
		memset(buf_reserve(&b, len), 'x', len);
		b.len += len;
		buf_add_str(&b, "\r\n");
	}
	save(&b);
	reader_open(r, name, 31, &f);
	for (; reader_next(r, &it, &f) == 1; n++)
		memcpy(padding, it.data + it.len, READER_PADDING);
	ok(n == 101 && f.text[0] == '\0', "items as long as the buffer: %s", f.text);
	reader_free(r);
	buf_release(&b);
}

int
main(void)
{
	struct reader *r = reader_new(READER_AUTO, 16 << 20);
	struct buf b = { 0 };

	close(mkstemp(name));
	test_refusals(r);
	make_lines(&b, 3000);
	test_places(r, READER_LINES, &b, count_of(&b, '}'));
	buf_clear(&b);
	make_array(&b, 3000);
	test_places(r, READER_ARRAY, &b, 3000);
	buf_clear(&b);
	make_pack(&b, 300);
	test_pack(r, &b, 300);
	test_limit();
	test_break(r);
	test_full();
	reader_free(r);
	buf_release(&b);
	unlink(name);
	return tap_done();
}
