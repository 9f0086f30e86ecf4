/* json_diagnose.c - json_diagnose() and the parser refuse the same documents, each at its
 * first wrong byte. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/buf.h"
#include "lib/json/json.h"
#include "lib/json/json_diagnose.h"
#include "tests/tap.h"

static const struct {
	const char *text;
	int at;
	const char *said;
} cases[] = {
	{ "", 0, "document is empty" },
	{ " \n", 0, "document is empty" },
	{ "{\"a\" 1}", 5, "expected ':' after a name, found '1'" },
	{ "{\"a\"}", 4, "expected ':' after a name, found '}'" },
	{ "{\"a\":}", 5, "expected a value, found '}'" },
	{ "{\"a\":1,}", 7, "expected a name in quotes, found '}'" },
	{ "{1:2}", 1, "expected a name in quotes, found '1'" },
	{ "{\"a\":1 \"b\"}", 7, "expected ',' or '}' in a map, found '\"'" },
	{ "[1 2]", 3, "expected ',' or ']' in a list, found '2'" },
	{ "[1}", 2, "expected ',' or ']' in a list, found '}'" },
	{ "[1,]", 3, "expected a value, found ']'" },
	{ "[1,", 3, "expected a value, found the end" },
	{ "[1", 2, "expected ',' or ']' in a list, found the end" },
	{ "{\"a\":[{}", 8, "expected ',' or ']' in a list, found the end" },
	{ "{} {}", 3, "bytes after the document's end" },
	{ "1,", 1, "bytes after the document's end" },
	{ "[\"abc]", 1, "text is not closed" },
	{ "\"abc\\\"", 0, "text is not closed" },
	{ "\"a\x01\"", 2, "control character 0x01 in a text" },
	{ "\"a\x1f\"", 2, "control character 0x1f in a text" },
	{ "\"a\nb\"", 2, "control character 0x0a in a text" },
	{ "\"a\\qb\"", 2, "unknown escape \\q in a text" },
	{ "\"\\\xc3\xa9\"", 1, "unknown escape of byte 0xc3 in a text" },
	{ "\"\\", 1, "text ends in an escape" },
	{ "\"\\u12g4\"", 1, "\\u without four hexadecimal digits in a text" },
	{ "\"\\u123\"", 1, "\\u without four hexadecimal digits in a text" },
	{ "\"\\ud83d\"", 1, "lone surrogate \\ud83d in a text" },
	{ "\"\\ud83d\\u00", 1, "lone surrogate \\ud83d in a text" },
	{ "\"x\\ud83d\\u0041\"", 2, "lone surrogate \\ud83d in a text" },
	{ "\"\\uDE00\"", 1, "lone surrogate \\ude00 in a text" },
	{ "nul", 3, "expected null, found the end" },
	{ "[trve]", 3, "expected true, found 'v'" },
	{ "[falsy]", 5, "expected false, found 'y'" },
	{ "[nulls]", 5, "expected ',' or ']' in a list, found 's'" },
	{ "NaN", 0, "expected a value, found 'N'" },
	{ "'a'", 0, "expected a value, found '''" },
	{ "\x01", 0, "expected a value, found byte 0x01" },
	{ "\xef\xbb\xbf{}", 0, "expected a value, found byte 0xef" },
	{ "01", 0, "number with a leading zero" },
	{ "[-01]", 2, "number with a leading zero" },
	{ "-", 1, "expected a digit, found the end" },
	{ "[1.]", 3, "expected a digit, found ']'" },
	{ "[.5]", 1, "expected a value, found '.'" },
	{ "[1e+]", 4, "expected a digit, found ']'" },
	{ "[+1]", 1, "expected a value, found '+'" },
	{ "[0x1]", 2, "expected ',' or ']' in a list, found 'x'" },
	{ "[1e400]", 1, "number out of range" },
	{ "[-1.5e309]", 1, "number out of range" },
	{ "[18446744073709551616]", 1, "number out of range" },
	{ "[-9223372036854775809]", 1, "number out of range" },
	{ "[99999999999999999999999]", 1, "number out of range" },
	{ "{\"a\":\"\xff\"}", 6, "invalid UTF-8 byte 0xff" },
	{ "[\"\xc3\"]", 2, "invalid UTF-8 byte 0xc3" },
	{ "[\xc3\xa9]", 1, "expected a value, found byte 0xc3" },
	{ "[\xff]", 1, "invalid UTF-8 byte 0xff" },
	{ "[1 \"\xff\"]", 3, "expected ',' or ']' in a list, found '\"'" },
	{ "[1]\xff", 3, "invalid UTF-8 byte 0xff" },
};

static const char *const documents[] = {
	"{}",
	"[]",
	"[ ]",
	"{ }",
	"[[],{},[{}]]",
	" [ 1 , -0 , 0.5 , 1E+2 ] ",
	"{\"a\":{\"b\":[true,false,null]},\"c\":\"\\ud83d\\ude00\\u0000\"}",
	"1.7976931348623157e308",
	"18446744073709551615",
	"-9223372036854775808",
	"\"\x7f\xc3\xa9\"",
	"0e999999999999999999",
	"1e-999999999999999999",
};

static struct json *parser;

/* What both readers say: the fast one, and the slow one that knows why. */
static int
read_both(const char *text, struct fault *f)
{
	struct json_node root;
	size_t len = strlen(text);
	char *padded = calloc(1, len + JSON_PADDING), *exact = malloc(len + !len);
	struct fault by_parse = FAULT_NONE;
	int r;

	memcpy(padded, text, len);
	memcpy(exact, text, len);
	r = json_parse(parser, padded, len, &root, &by_parse);
	fault_clear(f);
	if (json_diagnose(exact, len, f) != r || f->at != by_parse.at)
		r = -9;
	free(padded);
	free(exact);
	return r;
}

static void
test_depth(void)
{
	struct buf b = { 0 };
	struct fault f;

	for (int i = 0; i < JSON_DEPTH; i++)
		buf_add_str(&b, "[ ");
	buf_add(&b, "{}", 3);
	b.len--;
	read_both(b.data, &f);
	ok(strcmp(f.code, "bad-json") == 0, "%d deep is allowed", JSON_DEPTH);
	b.len -= 1;
	buf_add(&b, "\"\":{}", 6);
	ok(read_both(b.data, &f) == -1 && strcmp(f.code, "too-deep") == 0 && f.at == 2 * JSON_DEPTH
		&& strcmp(f.text, "nesting deeper than 512") == 0,
	    "one more is not");
	buf_release(&b);
}

int
main(void)
{
	struct fault f;

	parser = json_new();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *code = strstr(cases[i].said, "UTF-8") ? "bad-utf8" : "bad-json";

		if (!ok(read_both(cases[i].text, &f) == -1 && f.at == cases[i].at
			    && strcmp(f.text, cases[i].said) == 0 && strcmp(f.code, code) == 0,
			"case %zu: %s", i, cases[i].said))
			printf("# %d: %s\n", (int)f.at, f.text);
	}
	for (size_t i = 0; i < sizeof(documents) / sizeof(*documents); i++)
		ok(read_both(documents[i], &f) == 0 && f.text[0] == '\0', "no fault in %s",
		    documents[i]);
	test_depth();
	json_free(parser);
	return tap_done();
}
