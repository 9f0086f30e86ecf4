/* msgpack.c - msgpack_extent() and msgpack_check(): every cut, every wrong length, every fault
 * with its byte. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/msgpack/msgpack.h"
#include "tests/tap.h"

static struct fault fault;

static int64_t
extent(const char *p, size_t len)
{
	fault_clear(&fault);
	return msgpack_extent(p, len, &fault);
}

#define LITERAL(s) (s), sizeof(s) - 1

/* Every type of the format, with the bytes that it takes. */
static void
test_extents(void)
{
	static const struct {
		const char *name, *head;
		size_t head_len, body;
	} types[] = {
		{ "fixint", LITERAL("\x7f"), 0 },
		{ "below zero", LITERAL("\xe0"), 0 },
		{ "nil", LITERAL("\xc0"), 0 },
		{ "false", LITERAL("\xc2"), 0 },
		{ "true", LITERAL("\xc3"), 0 },
		{ "fixstr", LITERAL("\xbf"), 31 },
		{ "bin8", LITERAL("\xc4\x05"), 5 },
		{ "bin16", LITERAL("\xc5\x01\x02"), 258 },
		{ "bin32", LITERAL("\xc6\x00\x01\x00\x00"), 65536 },
		{ "ext8", LITERAL("\xc7\x05"), 6 },
		{ "ext16", LITERAL("\xc8\x01\x02"), 259 },
		{ "ext32", LITERAL("\xc9\x00\x01\x00\x00"), 65537 },
		{ "float32", LITERAL("\xca"), 4 },
		{ "float64", LITERAL("\xcb"), 8 },
		{ "uint8", LITERAL("\xcc"), 1 },
		{ "uint16", LITERAL("\xcd"), 2 },
		{ "uint32", LITERAL("\xce"), 4 },
		{ "uint64", LITERAL("\xcf"), 8 },
		{ "int8", LITERAL("\xd0"), 1 },
		{ "int16", LITERAL("\xd1"), 2 },
		{ "int32", LITERAL("\xd2"), 4 },
		{ "int64", LITERAL("\xd3"), 8 },
		{ "fixext1", LITERAL("\xd4"), 2 },
		{ "fixext2", LITERAL("\xd5"), 3 },
		{ "fixext4", LITERAL("\xd6"), 5 },
		{ "fixext8", LITERAL("\xd7"), 9 },
		{ "fixext16", LITERAL("\xd8"), 17 },
		{ "str8", LITERAL("\xd9\x05"), 5 },
		{ "str16", LITERAL("\xda\x01\x02"), 258 },
		{ "str32", LITERAL("\xdb\x00\x01\x00\x00"), 65536 },
		{ "fixarray", LITERAL("\x9f"), 15 },
		{ "array16", LITERAL("\xdc\x01\x02"), 258 },
		{ "array32", LITERAL("\xdd\x00\x01\x00\x00"), 65536 },
		{ "fixmap", LITERAL("\x8f"), 30 },
		{ "map16", LITERAL("\xde\x01\x02"), 516 },
		{ "map32", LITERAL("\xdf\x00\x01\x00\x00"), 131072 },
	};
	char *p = calloc(1, 1 << 18);

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		size_t n = types[i].head_len + types[i].body;
		bool good;

		memset(p, 0, n);
		memcpy(p, types[i].head, types[i].head_len);
		good = extent(p, n) == (int64_t)n && extent(p, n + 7) == (int64_t)n;
		for (size_t cut = 0; cut < n; cut += cut < 300 ? 1 : 997)
			good &= extent(p, cut) == 0 && fault.text[0] == '\0';
		ok(good, "%s ends after %zu bytes, and is cut before", types[i].name, n);
	}
	free(p);
}

static bool
faults(const char *p, size_t len, const char *code, int64_t at)
{
	return extent(p, len) == -1 && strcmp(fault.code, code) == 0 && fault.at == at;
}

static void
test_hostile(void)
{
	char deep[MSGPACK_DEPTH + 2];

	ok(extent(LITERAL("\xdd\xff\xff\xff\xff\xc0\xc0\xc0\xc0\xc0")) == 0,
	    "four billion objects in ten bytes are not there yet");
	ok(extent(LITERAL("\xdf\xff\xff\xff\xff\xc0\xc0\xc0\xc0\xc0")) == 0,
	    "nor are eight billion");
	ok(extent(LITERAL("\xdb\xff\xff\xff\xff"
			  "abcde"))
		== 0,
	    "nor are four billion bytes");
	ok(faults(LITERAL("\xc1"), "bad-msgpack", 0), "%s", fault.text);
	ok(faults(LITERAL("\x92\x01\xc1"), "bad-msgpack", 2), "deeper: %s", fault.text);
	memset(deep, '\x91', sizeof(deep));
	deep[MSGPACK_DEPTH] = '\x01';
	ok(extent(deep, sizeof(deep)) == MSGPACK_DEPTH + 1, "as deep as allowed");
	deep[MSGPACK_DEPTH] = '\x91';
	ok(faults(deep, sizeof(deep), "too-deep", MSGPACK_DEPTH), "%s", fault.text);
	deep[MSGPACK_DEPTH] = '\x90';
	ok(faults(deep, sizeof(deep), "too-deep", MSGPACK_DEPTH), "empty lists count");
}

static bool
grow(const char *p, size_t len, msgpack_zone *zone, msgpack_object *tree)
{
	fault_clear(&fault);
	msgpack_zone_clear(zone);
	return msgpack_parse(p, len, zone, tree, &fault) == 0;
}

static bool
faults_at(const char *code, int64_t at)
{
	return strcmp(fault.code, code) == 0 && fault.at == at;
}

static void
test_trees(void)
{
	static const char map[] = "\x82\xa1"
				  "a\x92\x01\xa2\xc3\xa9\xa1"
				  "b\xc4\x01\xff";
	msgpack_zone *zone = msgpack_zone_new(8192);
	msgpack_object t;
	char deep[MSGPACK_DEPTH + 1];

	ok(grow(LITERAL(map), zone, &t) && t.type == MSGPACK_OBJECT_MAP && t.via.map.size == 2,
	    "a tree");
	ok(t.via.map.ptr[0].key.via.str.ptr == map + 2
		&& t.via.map.ptr[1].val.via.bin.ptr == map + sizeof(map) - 2,
	    "texts and bins are views");
	ok(!grow(LITERAL("\x92\x01\xa3"
			 "a\xff"
			 "b"),
	       zone, &t)
		&& faults_at("bad-utf8", 4),
	    "%s", fault.text);
	ok(!grow(LITERAL("\x81\xa1\xc3\x01"), zone, &t) && faults_at("bad-utf8", 2),
	    "names are checked too");
	ok(!grow(LITERAL(map) - 1, zone, &t) && faults_at("bad-msgpack", sizeof(map) - 2), "%s",
	    fault.text);
	ok(!grow(LITERAL("\x01\x02\x03"), zone, &t) && faults_at("bad-msgpack", 1)
		&& strcmp(fault.text, "2 bytes after the end of the object") == 0,
	    "%s", fault.text);
	ok(!grow(LITERAL("\xdd\xff\xff\xff\xff\xc0"), zone, &t), "%s", fault.text);
	ok(!grow("", 0, zone, &t) && faults_at("bad-msgpack", 0), "%s", fault.text);
	memset(deep, '\x91', MSGPACK_DEPTH);
	deep[MSGPACK_DEPTH] = '\x01';
	ok(grow(deep, sizeof(deep), zone, &t), "msgpack-c holds what is allowed");
	msgpack_zone_free(zone);
}

static bool
find_int(const void *map, size_t len, const char *name, int64_t *x)
{
	struct msgpack_value v;

	msgpack_find_all(map, len, &name, 1, &v);
	return msgpack_value_int(&v, x);
}

static void
test_finding(void)
{
	static const char map[] = "\x87\xa1"
				  "a\x81\xa1"
				  "b\x01\xa1"
				  "b\xa2hi\xa1"
				  "c\xd1\xff\x00\xa1"
				  "d\xc0\xc0\x05\xa1"
				  "e\xcf\xff\xff\xff\xff\xff\xff\xff\xff"
				  "\xa3xyz\xcd\x01\x00";
	const void *value;
	const char *text;
	size_t n;
	int64_t x;

	ok(extent(LITERAL(map)) == sizeof(map) - 1, "the map is sound");
	ok(msgpack_find(LITERAL(map), "a", &value, &n) && n == 4 && value == map + 3,
	    "a field that is a map");
	ok(msgpack_find_text(LITERAL(map), "b", &text, &n) && n == 2 && memcmp(text, "hi", 2) == 0,
	    "a text, of the top level");
	ok(find_int(LITERAL(map), "c", &x) && x == -256, "an integer below zero");
	ok(find_int(LITERAL(map), "xyz", &x) && x == 256, "one above");
	ok(!find_int(LITERAL(map), "e", &x), "one that is too large");
	ok(!find_int(LITERAL("\x81\xa1"
			     "f\xca\0\0\0\0"),
	       "f", &x)
		&& !find_int(LITERAL(map), "b", &x)
		&& !msgpack_find_text(LITERAL(map), "c", &text, &n),
	    "wrong types");
	ok(!msgpack_find(LITERAL(map), "xy", &value, &n)
		&& !msgpack_find(LITERAL(map), "", &value, &n),
	    "no such field");
	ok(!msgpack_find(LITERAL("\x91\xa1"
				 "a"),
	       "a", &value, &n)
		&& !msgpack_find("", 0, "a", &value, &n)
		&& !msgpack_find(LITERAL("\x82\xa1"), "a", &value, &n),
	    "no map");
}

static void
test_integers(void)
{
	static const int64_t values[] = { 0, 1, 127, 128, 255, 256, 65535, 65536, UINT32_MAX,
		(int64_t)UINT32_MAX + 1, INT64_MAX, -1, -32, -33, -128, -129, -32768, -32769,
		INT32_MIN, (int64_t)INT32_MIN - 1, INT64_MIN };
	struct buf b = { 0 };
	int64_t x;

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		buf_clear(&b);
		msgpack_write_map(&b, 1);
		msgpack_write_str(&b, "x");
		msgpack_write_int(&b, values[i]);
		ok(find_int(b.data, b.len, "x", &x) && x == values[i], "%lld comes back",
		    (long long)values[i]);
	}
	buf_release(&b);
}

static void
test_locating(void)
{
	static const char p[] = "\x82\xa1"
				"a\x93\x01\xa2hi\x81\xa3x/y\x05\xa1"
				"b\xc0";
	static const struct {
		const char *pointer;
		int64_t at;
	} cases[] = {
		{ "", 0 },
		{ "/a", 3 },
		{ "/a/0", 4 },
		{ "/a/1", 5 },
		{ "/a/2", 8 },
		{ "/a/2/x~1y", 13 },
		{ "/b", 16 },
		{ "/c", -1 },
		{ "/a/3", -1 },
		{ "/a/x", -1 },
		{ "/a/0/0", -1 },
		{ "a", -1 },
		{ "/b/", -1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(msgpack_locate(LITERAL(p), cases[i].pointer) == cases[i].at, "'%s' is at %d",
		    cases[i].pointer, (int)cases[i].at);
	ok(msgpack_locate(LITERAL("\x81\xc4\x01"
				  "a\x01"),
	       "/a")
		== -1,
	    "names that are not texts have no pointer");
}

static void
test_writing(void)
{
	struct buf b = { 0 };
	static const char wanted[] =
	    "\x9b\x81\xa1k\xa2\xc3\xa9\xc4\x02\x00\xff\xff"
	    "\xcf\xff\xff\xff\xff\xff\xff\xff\xff\xcb\x3f\xe0\0\0\0\0\0\0\xc3\xc2\xc0"
	    "\xc0\x90\xd9\x28";
	msgpack_object nil = { .type = MSGPACK_OBJECT_NIL };
	msgpack_object most = { .type = MSGPACK_OBJECT_POSITIVE_INTEGER, .via.u64 = UINT64_MAX };
	char text[40];

	memset(text, 'x', sizeof(text));
	msgpack_write_list(&b, 11);
	msgpack_write_map(&b, 1);
	msgpack_write_str(&b, "k");
	msgpack_write_text(&b, "\xc3\xa9", 2);
	msgpack_write_bin(&b, "\0\xff", 2);
	msgpack_write_int(&b, -1);
	msgpack_write_object(&b, &most);
	msgpack_write_real(&b, 0.5);
	msgpack_write_bool(&b, true);
	msgpack_write_bool(&b, false);
	msgpack_write_object(&b, &nil);
	msgpack_write_object(&b, &nil);
	msgpack_write_list(&b, 0);
	msgpack_write_text(&b, text, sizeof(text));
	ok(b.len == sizeof(wanted) - 1 + sizeof(text)
		&& memcmp(b.data, wanted, sizeof(wanted) - 1) == 0,
	    "what is written");
	ok(extent(b.data, b.len) == (int64_t)b.len, "is one object");
	buf_release(&b);
}

int
main(void)
{
	test_extents();
	test_hostile();
	test_trees();
	test_finding();
	test_integers();
	test_locating();
	test_writing();
	return tap_done();
}
