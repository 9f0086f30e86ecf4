/* json_write.c - written JSON: escapes, doubles that read back the same, base64, reserved
 * names. */

#include "config.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json/json_write.h"
#include "tests/tap.h"

static struct buf b;

static bool
is_buf(const char *wanted)
{
	bool good = b.len == strlen(wanted) && memcmp(b.data, wanted, b.len) == 0;

	if (!good)
		printf("# %.*s\n", (int)b.len, b.data);
	buf_clear(&b);
	return good;
}

static void
test_text(void)
{
	static const char stays[] = "\x7f/'<>\xe2\x80\xa8\xe2\x80\xa9\xf0\x9f\x98\x80";
	char wanted[64];
	int right = 0;

	json_write_text(&b, "", 0);
	ok(is_buf("\"\""), "an empty text");
	json_write_text(&b, stays, strlen(stays));
	snprintf(wanted, sizeof(wanted), "\"%s\"", stays);
	ok(is_buf(wanted), "only what must be escaped is");
	json_write_text(&b, "\"\\\b\f\n\r\t", 7);
	ok(is_buf("\"\\\"\\\\\\b\\f\\n\\r\\t\""), "short escapes");
	json_write_text(&b, "a\0b\x1f", 4);
	ok(is_buf("\"a\\u0000b\\u001f\""), "long escapes");
	for (size_t at = 0; at < 40; at++) {
		char text[41] = "";

		memset(text, 'x', sizeof(text) - 1);
		text[at] = '\n';
		json_write_text(&b, text, 40);
		right += b.len == 43 && memcmp(b.data + at + 1, "\\n", 2) == 0;
		buf_clear(&b);
	}
	ok(right == 40, "an escape is seen at every place");
}

static void
test_every_byte(void)
{
	int right = 0;

	for (int c = 0; c < 256; c++) {
		char text[24];
		size_t wanted = sizeof(text) + 2;

		memset(text, 'x', sizeof(text));
		text[11] = (char)c;
		if (c == '"' || c == '\\' || (c < ' ' && c != 0 && strchr("\b\f\n\r\t", c)))
			wanted += 1;
		else if (c < ' ')
			wanted += 5;
		json_write_text(&b, text, sizeof(text));
		right += b.len == wanted;
		buf_clear(&b);
	}
	ok(right == 256, "every byte is written as it should be");
}

static void
test_reals(void)
{
	static const struct {
		double x;
		const char *said;
	} cases[] = {
		{ 0, "0.0" },
		{ -0.0, "-0.0" },
		{ 1, "1.0" },
		{ 0.5, "0.5" },
		{ 0.1, "0.1" },
		{ 1e15, "1e+15" },
		{ 123456789012345, "123456789012345.0" },
		{ 1667260800, "1667260800.0" },
		{ 1.0 / 3, "0.3333333333333333" },
		{ DBL_MAX, "1.7976931348623157e+308" },
		{ 5e-324, "5e-324" },
		{ 0.30000000000000004, "0.30000000000000004" },
		{ -1e-7, "-1e-07" },
	};
	uint64_t state = 1;
	int wrong = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		json_write_real(&b, cases[i].x);
		ok(is_buf(cases[i].said), "%s", cases[i].said);
	}
	for (int i = 0; i < 100000; i++) {
		double x;

		state = state * 6364136223846793005u + 1442695040888963407u;
		memcpy(&x, &state, sizeof(x));
		if (!isfinite(x))
			continue;
		json_write_real(&b, x);
		buf_add(&b, "", 1);
		wrong += strtod(b.data, NULL) != x || strpbrk(b.data, ".e") == NULL;
		buf_clear(&b);
	}
	ok(wrong == 0, "reals read back to the same double");
}

static void
test_base64(void)
{
	json_write_base64(&b, "", 0);
	ok(is_buf("\"\""), "no bytes");
	json_write_base64(&b, "f", 1);
	ok(is_buf("\"Zg==\""), "one");
	json_write_base64(&b, "fo", 2);
	ok(is_buf("\"Zm8=\""), "two");
	json_write_base64(&b, "foobar", 6);
	ok(is_buf("\"Zm9vYmFy\""), "six");
	ok(json_is_reserved_name("$bin", 4) && json_is_reserved_name("$$$ext", 6)
		&& !json_is_reserved_name("bin", 3) && !json_is_reserved_name("$bina", 5)
		&& !json_is_reserved_name("", 0) && !json_is_reserved_name("a$bin", 5),
	    "marks");
}

int
main(void)
{
	test_text();
	test_every_byte();
	test_reals();
	test_base64();
	buf_release(&b);
	return tap_done();
}
