/* utf8.c - validation against a second validator, counts, repair and places. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "lib/core/utf8.h"
#include "tests/tap.h"

static void
test_places(void)
{
	static const struct {
		const char *text;
		size_t bad;
	} cases[] = {
		{ "", 0 },
		{ "plain", 5 },
		{ "na\xc3\xafve", 6 },
		{ "\xf0\x9f\x98\x80", 4 },
		{ "\xf4\x8f\xbf\xbf", 4 },
		{ "a\xff", 1 },
		{ "ab\x80", 2 },
		{ "\xc0\x80", 0 },
		{ "\xc1\xbf", 0 },
		{ "\xe0\x9f\xbf", 0 },
		{ "a\xed\xa0\x80", 1 },
		{ "\xed\x9f\xbf", 3 },
		{ "\xf0\x8f\xbf\xbf", 0 },
		{ "\xf4\x90\x80\x80", 0 },
		{ "\xf5\x80\x80\x80", 0 },
		{ "ab\xc3", 2 },
		{ "ab\xe2\x82", 2 },
		{ "ab\xf0\x9f\x98", 2 },
		{ "\xc3(", 0 },
		{ "\xe2\x82(", 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t len = strlen(cases[i].text);
		bool is_valid = cases[i].bad == len;

		ok(utf8_first_invalid(cases[i].text, len) == cases[i].bad
			&& utf8_is_valid(cases[i].text, len) == is_valid,
		    "case %zu: %s at %zu", i, is_valid ? "ends" : "is bad", cases[i].bad);
	}
	ok(utf8_first_invalid("ab\xc3\xa9", 3) == 2 && !utf8_is_valid("ab\xc3\xa9", 3),
	    "bytes after the end are not read");
	ok(utf8_count("a\xc3\xa9\xf0\x9f\x94\xac", 7) == 3, "code points are counted");
	ok(utf8_first_invalid("a\0b", 3) == 3 && utf8_is_valid("a\0b", 3), "NUL is text");
}

/* simdjson and our own walk agree on every sequence, at every length. */
static void
test_agreement(void)
{
	char text[80];
	uint32_t differ = 0;

	memset(text, 'x', sizeof(text));
	for (uint32_t c = 0; c < 1 << 24; c += c < 0x800000 ? 0x1f3 : 1) {
		size_t at = c % 70, len = at + 3 + c % 3;

		memcpy(text + at, (char[]){ (char)(c >> 16), (char)(c >> 8), (char)c }, 3);
		differ += utf8_is_valid(text, len) != (utf8_first_invalid(text, len) == len);
		memset(text + at, 'x', 3);
	}
	ok(differ == 0, "two validators agree on %u sequences", 1u << 23);
}

static void
test_mending(void)
{
	char text[] = "a\xff"
		      "b\xc3\xa9\xe2\x82"
		      "c",
	     good[] = "\xc3\xa9";

	utf8_replace_invalid(text);
	ok(strcmp(text, "a?b\xc3\xa9??c") == 0, "each bad byte becomes a question mark");
	utf8_replace_invalid(good);
	ok(strcmp(good, "\xc3\xa9") == 0, "good text stays");
}

int
main(void)
{
	test_places();
	test_agreement();
	test_mending();
	return tap_done();
}
