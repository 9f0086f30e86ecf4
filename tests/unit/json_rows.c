#include "config.h"
#include <stdint.h>
#include <stdlib.h>
#include "tests/rows_agree.h"
#include "tests/tap.h"

static struct buf text;

/* Reads a row that stands before bytes which look like more of it. */
static bool
reads(const char *row, size_t len)
{
	bool is_sure;

	buf_clear(&text);
	buf_add(&text, row, len);
	memset(buf_reserve(&text, JSON_PADDING), '1', JSON_PADDING);
	if (!rows_agree(text.data, text.len, &is_sure)) {
		ok(false, "as a tree: %s", row);
		return false;
	}
	return is_sure;
}

static bool
reads_text(const char *row)
{
	return reads(row, strlen(row));
}

/* The row that others are compared with from then on. */
static void
compare_with(const char *row)
{
	json_rows_free(rows);
	rows = json_rows_new(rows_names, ROWS_NAMES);
	if (rows_parser == NULL)
		rows_parser = json_new();
	ok(reads_text(row), "%s", row);
}

#define ROW "{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"some text\",\"z\":{}}"

static void
test_sure(void)
{
	static const char *const good[] = { ROW,
		"{\"id\":\"b\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":123,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":1,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12.5,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":-12,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":null,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":true,\"n\":12,\"y\":[1,[2,{\"u\":3}],{}],\"body\":\"\",\"z\":0}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"\\u00e9\\ud83d\\ude00\\n\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"caf\xc3\xa9\",\"z\":{}}",
		"{\"id\":\"a\",\"n\":12,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"w\":1,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"body\":\"some text\",\"id\":\"a\"}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"some text\"}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"some text\",\"z\":{},\"caf\xc3\xa9\":1}",
		" { \"id\" : \"a\" , \"x\" : null , \"n\" : 12 } ",
		"{\"meta\":{\"a\":[1,2],\"b\":\"\\n\"},\"n\":0}",
		"{\"x\":\"http:\\/\\/a\\/b\",\"n\":999999999999999}" };

	compare_with(ROW);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ok(reads_text(good[i]), "%s", good[i]);
}

static void
test_doubt(void)
{
	static const char *const bad[] = { "", "{", "[]", "1", "{}",
		"{\"id\":\"a\",\"x\":nul,\"n\":12,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":nulll,\"n\":12,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null \"n\":12}",
		"{\"id\":\"a\",\"x\":null,\"n\":012,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12.,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12 1,\"y\":[],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"some text\",\"z\":{}},",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"some text\",\"z\":{}}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"some text\",\"z\":{}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"some text\",\"z\":{},}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"some text",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[,],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[1,],\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[},\"body\":\"some text\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"some\ttext\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"some\\xtext\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"\\u12g4\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"\\ud83d\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"\\ude00\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":\"\\ud83d \",\"n\":12}",
		"{\"id\":\"a\",\"x\":\"\\ud83d\\u0041\"}", "{\"w\":1\"id\":\"a\",\"x\":null}",
		"{\"id\":\"a\",\"x\":\"\\q\",\"n\":12}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"\xff\",\"z\":{}}",
		"{\"id\":\"a\",\"x\":\"\xc3\",\"n\":12}", "{\"id\":\"a\",\"\xc3\":1}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"n\":12,\"y\":[]}",
		"{\"id\":\"a\",\"x\":null,\"n\":12,\"y\":[],\"body\":\"some text\",\"z\":{},\"id\":\"a\"}",
		"{\"id\" \"a\"}", "{\"id\",\"a\"}", "{id:1}", "{\"id\":}", "{\"id\"}",
		"{,\"id\":1}", "{\"a\":1 {\"b\":2}", "{\"a\":1,,\"b\":2}",
		"{\"a\":[{]}", "{\"a\":[}]}", "{\"a\":{\"b\"}}", "{\"a\":[1 2]}",
		"{\"a\":1e999}", "{\"a\":-}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":0x1}" };

	compare_with(ROW);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!reads_text(bad[i]), "doubt: %s", bad[i]);
	ok(!reads("{\"a\":\"b\0c\"}", 11), "doubt: a NUL byte in a text");
	ok(!reads("{\"a\":1}\0", 8), "doubt: a NUL byte behind the row");
	ok(reads_text(ROW), "and the next row is read as ever");
}

static uint64_t state = 1;

static unsigned
below(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

static void
put_value(struct buf *b)
{
	static const char *const values[] = { "null", "true", "false", "0", "17",
		"-3", "1.25", "1e3", "\"\"", "\"abc\"", "[]", "{}", "[1,\"a\"]",
		"{\"id\":[{}]}", "\"a\\nb\"", "\"\\u20ac\"", "\"caf\xc3\xa9\"",
		"123456789012345678", "\"a text that is longer than a register\"" };

	buf_add_str(b, values[below(sizeof(values) / sizeof(values[0]))]);
}

/* A row whose names are mostly in one order. */
static void
make_row(struct buf *b)
{
	static const char *const all[] = { "a", "id", "bb", "n", "body_", "body",
		"meta", "edited", "caf\xc3\xa9", "z" };
	char before = '{';

	buf_clear(b);
	for (unsigned i = 0; i < 10; i++) {
		if (below(20) == 0)
			continue;
		buf_printf(b, "%c\"%s\":", before, all[below(20) ? i : below(10)]);
		put_value(b);
		before = ',';
	}
	buf_add_byte(b, '}');
}

/* Every row as a tree has it, half of them with a byte that is another. */
static void
test_made_up(void)
{
	static const char bytes[] = "\"\\{}[]:, 0-.eE\n\t\x01\x80\xc3ntu";
	unsigned sure = 0, rows_made = 40000;
	struct buf b = { 0 };
	int failed = tap_failed;

	for (unsigned i = 0; i < rows_made; i++) {
		make_row(&b);
		if (below(2))
			b.data[below((unsigned)b.len)] = bytes[below(sizeof(bytes))];
		sure += reads(b.data, b.len);
	}
	ok(failed == tap_failed, "rows that are made up agree");
	ok(sure > rows_made / 8, "and %u of %u raise no doubt", sure, rows_made);
	buf_release(&b);
}

int
main(void)
{
	test_sure();
	test_doubt();
	test_made_up();
	json_rows_free(rows);
	json_free(rows_parser);
	return tap_done();
}
