/* normalize_text.c - normalize_text() on white space, control characters and Unicode. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/text/normalize_text.h"
#include "tests/tap.h"

static struct buf out;

/* The cleaned text, which must also be clean itself. */
static bool
gives(const char *raw, size_t len, const char *wanted)
{
	static struct buf again;
	bool is_changed = normalize_text(raw, len, &out);
	size_t n = strlen(wanted);

	if (!is_changed)
		return len == n && memcmp(raw, wanted, n) == 0;
	if (out.len != n || memcmp(out.data, wanted, n) != 0) {
		printf("# '%.*s'\n", (int)out.len, out.data);
		return false;
	}
	return !normalize_text(out.data, out.len, &again)
	    || (again.len == n && memcmp(again.data, wanted, n) == 0);
}

#define IS(raw, wanted, what) ok(gives(raw, sizeof(raw) - 1, wanted), what)

static void
test_space(void)
{
	IS("as it is", "as it is", "a clean text stays");
	ok(!normalize_text("as it is", 8, &out), "a text that needs no change is not copied");
	ok(!normalize_text("", 0, &out), "an empty text is clean");
	IS("a\r\nb\rc\n\rd", "a\nb\nc\n\nd", "CR LF and CR become LF");
	IS("a  b   c", "a b c", "a run of blanks becomes one");
	IS("a \t b", "a b", "a run of blanks becomes one blank");
	IS("a\tb\t\tc", "a\tb\tc", "a tab stays a tab");
	IS("a \nb\t\n c", "a\nb\n c", "blanks at the end of a line go");
	IS("a\n\n\n\nb", "a\n\nb", "one empty line stays of many");
	IS("a\n \n\t\n\nb", "a\n\nb", "lines of blanks are empty");
	IS("  a b  ", "a b", "blanks at both ends go");
	IS("\n\n a\n\n", "a", "empty lines at both ends go");
	IS(" \n\t ", "", "nothing is left of blanks");
	IS("a\xc2\xa0"
	   "b\xe3\x80\x80"
	   "c",
	    "a b c", "Unicode's blanks are blanks");
	IS("a\xe2\x80\xa8"
	   "b\xe2\x80\xa9"
	   "c\xc2\x85"
	   "d",
	    "a\nb\nc\nd", "line ends of all kinds become line feeds");
}

static void
test_control(void)
{
	IS("a\0b\x01\x1f\x7f"
	   "c",
	    "abc", "control characters go, NUL too");
	IS("a\x01 \x02 b", "a b", "blanks that they parted are one run");
	IS("\xef\xbb\xbf"
	   "a\xef\xbb\xbf"
	   "b",
	    "ab", "byte order marks go");
	IS("a\xc2\x80\xc2\x9f"
	   "b",
	    "ab", "so do the controls above 0x7f");
	IS("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xac\xef\xb8\x8f",
	    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xac\xef\xb8\x8f",
	    "an emoji keeps its joiner and its variation");
}

static void
test_nfc(void)
{
	IS("e\xcc\x81", "\xc3\xa9", "a letter and its accent become one");
	IS("\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9", "what is composed stays");
	IS("caf"
	   "e\xcc\x81 au lait",
	    "caf\xc3\xa9 au lait", "also amid a text");
	IS("a\xcc\xa3\xcc\x88", "\xe1\xba\xa1\xcc\x88", "marks are ordered");
	IS("a\xcc\x88\xcc\xa3", "\xe1\xba\xa1\xcc\x88", "either way round");
	IS("\xe2\x84\xab", "\xc3\x85", "the Angstrom sign is a letter");
	IS("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c", "Hangul is composed");
	IS("\xe0\xa5\x98", "\xe0\xa4\x95\xe0\xa4\xbc", "what must not be composed is not");
	IS("a \xcc\x81", "a \xcc\x81", "a mark on a blank stays there");
	IS("\xcc\x81"
	   "a",
	    "\xcc\x81"
	    "a",
	    "a mark on nothing, too");
	IS("e\n\xcc\x81", "e\n\xcc\x81", "a mark is not moved over a line end");
}

/* Texts are looked at eight bytes at a time: try all places and lengths. */
static void
test_places(void)
{
	char raw[200], wanted[200];
	bool is_good = true;

	for (size_t len = 3; len < 50; len++)
		for (size_t at = 0; at < len; at++)
			for (int c = 1; c < 0x80; c += c == 0x1f ? 0x60 : 1) {
				memset(raw, 'x', len);
				raw[at] = (char)c;
				memset(wanted, 'x', len);
				wanted[len - 1] = '\0';
				if (strchr("\t\n\r", c) == NULL)
					is_good &= gives(raw, len, wanted);
			}
	ok(is_good, "a control character is found wherever it is");
	is_good = true;

	for (size_t len = 3; len < 110; len++)
		for (size_t at = 1; at + 2 < len; at++) {
			memset(raw, 'x', len);
			memcpy(raw + at, "  ", 2);
			memset(wanted, 'x', len);
			wanted[at] = ' ';
			wanted[len - 1] = '\0';
			is_good &= gives(raw, len, wanted);
			memcpy(raw + at, "\n\n", 2);
			memset(wanted, 'x', len);
			memcpy(wanted + at, "\n\n", 2);
			wanted[len] = '\0';
			is_good &= gives(raw, len, wanted);
			if (at + 3 < len) {
				raw[at + 2] = '\n';
				wanted[len - 1] = '\0';
				is_good &= gives(raw, len, wanted);
			}
		}
	ok(is_good, "a gap is found wherever it is");
}

/* Canonical ordering is quadratic in a run of marks, unless it is bounded. */
static void
test_marks(void)
{
	const size_t marks = 500000;
	char *text = malloc(1 + 2 * marks + 1);
	clock_t began = clock();

	text[0] = 'a';
	for (size_t i = 0; i < marks; i++)
		memcpy(text + 1 + 2 * i, i % 2 ? "\xcc\x81" : "\xcc\xa3", 2);
	ok(normalize_text(text, 1 + 2 * marks, &out), "a tower of marks is cut");
	ok(out.len <= 3 + 2 * NORMALIZE_MARKS_MAX,
	    "the tower has at most NORMALIZE_MARKS_MAX marks");
	ok(clock() - began < 5 * CLOCKS_PER_SEC, "the tower is cut in less than 5 seconds");
	free(text);
}

/* Marks are cut where it makes no difference to a second run. */
static void
test_marks_again(void)
{
	static const char *const letters[] = { "a", "\xc3\xa9", "\xc7\x98", "\xe1\xba\xb9",
		"\xe0\xa5\x98", "\xed\x95\x9c" }; /* a, e acute, u diaeresis acute, e dot
						   below, a letter that NFC takes apart, Hangul */
	static const char *const marks[] = { "\xcc\x81", "\xcc\xa3", "\xcd\x84" };
	struct buf in = { 0 }, again = { 0 };

	for (size_t i = 0; i < sizeof(letters) / sizeof(*letters); i++) {
		bool is_same = true;

		for (size_t n = 0; n < 60; n++)
			for (size_t k = 0; k < 3; k++) {
				buf_clear(&in);
				buf_add_str(&in, letters[i]);
				for (size_t m = 0; m < n; m++)
					buf_add_str(&in, marks[k == 2 ? 2 : (m + k) % 2]);
				if (!normalize_text(in.data, in.len, &out))
					continue;
				is_same &= !normalize_text(out.data, out.len, &again)
				    || (again.len == out.len
					&& memcmp(again.data, out.data, out.len) == 0);
			}
		ok(is_same, "%s with up to 60 marks is normal after one run", letters[i]);
	}
	buf_release(&in);
	buf_release(&again);
}

int
main(void)
{
	test_space();
	test_control();
	test_nfc();
	test_places();
	test_marks();
	test_marks_again();
	buf_release(&out);
	return tap_done();
}
