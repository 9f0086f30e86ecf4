/* record_splitter.c - the same items, however the bytes are cut into pieces. */

#include "config.h"

#include <stdio.h>

#include "tests/split_log.h"
#include "tests/tap.h"

static struct buf first, again;

/* Shows the text whole and in pieces of every size. */
static void
says_n(const char *what, enum reader_form form, size_t max_len, const char *text, size_t len,
    enum splitter_more end, const char *want, size_t want_len)
{
	bool same = true;

	split_log(&first, form, max_len, text, len, len + 1, end);
	for (size_t piece = 1; piece <= len; piece++) {
		split_log(&again, form, max_len, text, len, piece, end);
		same = same && again.len == first.len
		    && memcmp(again.data, first.data, again.len) == 0;
	}
	if (!ok(first.len == want_len && memcmp(first.data, want, first.len) == 0, "%s", what))
		printf("# got:\n%s# wanted:\n%s", first.data, want);
	if (!ok(same, "%s, in pieces", what))
		printf("# got:\n%s# last piece:\n%s", first.data, again.data);
}

#define SAYS(what, max_len, text, end, want) \
	says_n(what, READER_AUTO, max_len, text, sizeof(text) - 1, SPLITTER_##end, want, \
	    sizeof(want))

static void
test_lines(void)
{
	static const char lines[] = "item 0:1 [1,\nitem 4:2 2]\n"
				    "item 7:3 \x80\n";

	SAYS("nothing", 9, "", LAST, "");
	SAYS("lines", 9, "{1}\n{22}\n", LAST, "item 0:1 {1}\nitem 4:2 {22}\n");
	SAYS("a last line without its end", 9, "{1}\n{22}", LAST, "item 0:1 {1}\nitem 4:2 {22}\n");
	SAYS("lines that end in CR LF", 9, "{1}\r\n{2}\r\n{3}\r", LAST,
	    "item 0:1 {1}\nitem 5:2 {2}\nitem 10:3 {3}\n");
	SAYS("blank lines are counted and skipped", 9, "\n \t\r\n{1}\n\n  \n{2}\n \n", LAST,
	    "item 5:3 {1}\nitem 13:6 {2}\n");
	SAYS("a byte order mark is no part of the first line", 9, "\xef\xbb\xbf{1}\n{2}\n", LAST,
	    "item 3:1 {1}\nitem 7:2 {2}\n");
	SAYS("half a mark is a text", 9, "\xef\xbb", LAST, "item 0:1 \xef\xbb\n");
	SAYS("white space only", 9, " \n\n ", LAST, "");
	SAYS("a mark only", 9, "\xef\xbb\xbf", LAST, "");
	SAYS("a NUL byte is a byte", 9, "a\0b\n\0\n", LAST, "item 0:1 a\0b\nitem 4:2 \0\n");
	says_n("forced lines", READER_LINES, 9, "[1,\n2]\n\x80\n", 9, SPLITTER_LAST, lines,
	    sizeof(lines));
	SAYS("a cut line is no item", 9, "{1}\n{2", CUT, "item 0:1 {1}\nrest 4:2 {2\n");
	SAYS("a cut between lines", 9, "{1}\n", CUT, "item 0:1 {1}\nrest 4:2 \n");
	SAYS("a cut before the first byte", 9, "", CUT, "rest 0:1 \n");
}

static void
test_long_lines(void)
{
	SAYS("a line of the length allowed", 4, "1234\r\n1234\n1234", LAST,
	    "item 0:1 1234\nitem 6:2 1234\nitem 11:3 1234\n");
	SAYS("one byte more", 4, "12345\n{2}\n", LAST, "too-long@-1 0:1 1234\nitem 6:2 {2}\n");
	SAYS("one byte more before CR LF", 4, "12345\r\n{2}\n", LAST,
	    "too-long@-1 0:1 1234\nitem 7:2 {2}\n");
	SAYS("far too long", 4, "1234567890123\n{2}\n", LAST,
	    "too-long@-1 0:1 1234\nitem 14:2 {2}\n");
	SAYS("too long at the end", 4, "{1}\n12345", LAST, "item 0:1 {1}\ntoo-long@-1 4:2 1234\n");
	SAYS("far too long at the end", 4, "12345678", LAST, "too-long@-1 0:1 1234\n");
	SAYS("too long and cut", 4, "12345678", CUT, "too-long@-1 0:1 1234\nrest 8:1 \n");
	SAYS("blank and too long", 4, "1\n         \n2\n", LAST,
	    "item 0:1 1\ntoo-long@-1 2:2     \nitem 12:3 2\n");
}

static void
test_array(void)
{
	SAYS("an empty array", 9, " [ ] \n", LAST, "");
	SAYS("an array on one line", 9, "[{1},{2}]\n", LAST, "item 1:1 {1}\nitem 5:1 {2}\n");
	SAYS("a pretty-printed array", 30, "\n[\n  {\n    \"a\": [1, {}]\n  },\n  \"x\" , 12\n]\n",
	    LAST,
	    "item 5:3 {\n    \"a\": [1, {}]\n  }\nitem 31:6 \"x\"\n"
	    "item 37:6 12\n");
	SAYS("brackets, commas and quotes within strings", 30,
	    "[{\"a\\\\\":\"},{\\\"]\"},\"\\\\\",\"[,]\"]", LAST,
	    "item 1:1 {\"a\\\\\":\"},{\\\"]\"}\nitem 18:1 \"\\\\\"\n"
	    "item 23:1 \"[,]\"\n");
	SAYS("lines are counted within strings too", 30, "[\"\n\\\n\\\n\",\r\n1]", LAST,
	    "item 1:1 \"\n\\\n\\\n\"\nitem 11:5 1\n");
	SAYS("bare words", 9, "[true ,null,-1.5e3\n]", LAST,
	    "item 1:1 true\nitem 7:1 null\nitem 12:1 -1.5e3\n");
	SAYS("nesting deeper than any parser goes", 99,
	    "[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]],1]", LAST,
	    "item 1:1 [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]\nitem 42:1 1\n");
}

static void
test_bad_array(void)
{
	SAYS("a missing comma", 9, "[{1} {2}]", LAST,
	    "item 1:1 {1}\nbad-json@0 5:1 {\nitem 5:1 {2}\n");
	SAYS("missing elements", 9, "[,{1},\n,]", LAST,
	    "bad-json@0 1:1 ,\n"
	    "item 2:1 {1}\nbad-json@0 7:2 ,\nbad-json@0 8:2 ]\n");
	SAYS("a bracket too many", 9, "[{1}},2]", LAST,
	    "item 1:1 {1}\nbad-json@0 4:1 }\nitem 4:1 }\nitem 6:1 2\n");
	SAYS("bytes after the array", 9, "[1]\n\n x[2]\ny", LAST,
	    "item 1:1 1\ntrailing-bytes@0 6:3 x[2]\ny\n");
	SAYS("many bytes after the array", 9,
	    "[1]123456789 123456789 123456789 "
	    "123456789 123456789 123456789 123456789 ",
	    LAST,
	    "item 1:1 1\n"
	    "trailing-bytes@0 3:1 123456789 123456789 123456789 123456789 "
	    "123456789 123456789 1234\n");
	SAYS("no end within an element", 9, "[{1},\n{2", LAST,
	    "item 1:1 {1}\ntruncated@2 6:2 {2\n");
	SAYS("no end within a word", 9, "[1,2", LAST, "item 1:1 1\ntruncated@1 3:1 2\n");
	SAYS("no end between elements", 9, "[{1}\n", LAST, "item 1:1 {1}\ntruncated@0 5:2 \n");
	SAYS("no end after a comma", 9, "[{1},", LAST, "item 1:1 {1}\ntruncated@0 5:1 \n");
	SAYS("a bracket alone", 9, "[", LAST, "truncated@0 1:1 \n");
	SAYS("cut within an element", 9, "[{1},{2", CUT, "item 1:1 {1}\nrest 5:1 {2\n");
	SAYS("cut after a whole element", 9, "[{1},{2}", CUT,
	    "item 1:1 {1}\nitem 5:1 {2}\nrest 8:1 \n");
	SAYS("cut after the array", 9, "[1] ", CUT, "item 1:1 1\nrest 4:1 \n");
}

static void
test_long_elements(void)
{
	SAYS("an element of the length allowed", 4, "[{22},1234]", LAST,
	    "item 1:1 {22}\nitem 6:1 1234\n");
	SAYS("longer elements", 4, "[{\n\n3},\"234\",12345\n,6]", LAST,
	    "too-long@-1 1:1 {\n\n3\ntoo-long@-1 7:3 \"234\n"
	    "too-long@-1 13:3 1234\nitem 20:4 6\n");
	SAYS("far longer elements", 4, "[{\"\\\"}]\",2345\n6},\"23,]\n4567\",1234567890,6]", LAST,
	    "too-long@-1 1:1 {\"\\\"\ntoo-long@-1 17:2 \"23,\n"
	    "too-long@-1 29:3 1234\nitem 40:3 6\n");
	SAYS("an endless element", 4, "[{2345678", LAST,
	    "too-long@-1 1:1 {234\ntruncated@0 9:1 \n");
	SAYS("an endless element, cut", 4, "[{2345678", CUT, "too-long@-1 1:1 {234\nrest 9:1 \n");
}

/* {"a":1} is 81 a1 61 01. */
static void
test_pack(void)
{
	SAYS("msgpack maps", 9,
	    "\x81\xa1"
	    "a\x01\x80\x81\xa1\n\x02",
	    LAST,
	    "item 0:1 \x81\xa1"
	    "a\x01\nitem 4:2 \x80\nitem 5:3 \x81\xa1\n\x02\n");
	SAYS("the long forms of maps", 9, "\xde\x7f\xff", LAST, "truncated@3 0:1 \xde\x7f\xff\n");
	SAYS("a map that is cut off", 9, "\x80\x81\xa1", LAST,
	    "item 0:1 \x80\ntruncated@2 1:2 \x81\xa1\n");
	SAYS("a map that the source cuts off", 9, "\x80\x81\xa1", CUT,
	    "item 0:1 \x80\nrest 1:2 \x81\xa1\n");
	SAYS("garbage between maps", 9, "\x80\n\x80\x80", LAST,
	    "item 0:1 \x80\nbad-msgpack@0 1:2 \n\n");
	SAYS("a byte that msgpack does not have", 9,
	    "\x80\x81\xa1"
	    "a\xc1\x80",
	    LAST,
	    "item 0:1 \x80\nbad-msgpack@3 1:2 \x81\xa1"
	    "a\xc1\n");
	SAYS("a map of the length allowed", 4,
	    "\x81\xa1"
	    "a\x01\x80",
	    LAST,
	    "item 0:1 \x81\xa1"
	    "a\x01\nitem 4:2 \x80\n");
	SAYS("a map that is too long", 4,
	    "\x80\x81\xa2"
	    "ab\x01\x80",
	    LAST,
	    "item 0:1 \x80\ntoo-long@-1 1:2 \x81\xa2"
	    "ab\n");
}

int
main(void)
{
	test_lines();
	test_long_lines();
	test_array();
	test_bad_array();
	test_long_elements();
	test_pack();
	buf_release(&first);
	buf_release(&again);
	return tap_done();
}
