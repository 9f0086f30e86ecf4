/* json_to_msgpack.c - JSON to trees and back: json_to_msgpack() and json_write_msgpack(). */

#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json/json.h"
#include "lib/json/json_write.h"
#include "lib/msgpack/msgpack.h"
#include "tests/tap.h"

static struct json *parser;
static struct arena arena;
static struct buf text, out;
static struct fault fault;

/* Reads JSON text (it can be long, so it is not a literal) as a tree. */
static bool
grow(const char *s, msgpack_object *tree)
{
	struct json_node root;

	fault_clear(&fault);
	buf_clear(&text);
	buf_add_str(&text, s);
	buf_reserve(&text, JSON_PADDING);
	return json_parse(parser, text.data, text.len, &root, &fault) == 0
	    && json_to_msgpack(&root, &arena, tree, &fault) == 0;
}

static bool
writes(const msgpack_object *tree, const char *wanted)
{
	buf_clear(&out);
	fault_clear(&fault);
	return json_write_msgpack(&out, tree, &fault) == 0 && out.len == strlen(wanted)
	    && memcmp(out.data, wanted, out.len) == 0;
}

static void
test_round_trips(void)
{
	static const char *const same[] = {
		"null",
		"true",
		"0",
		"-1",
		"18446744073709551615",
		"-9223372036854775808",
		"1.0",
		"0.1",
		"-0.0",
		"1e+300",
		"5e-324",
		"\"\"",
		"\"a\\\"\\\\\\u0000\\n\xe2\x80\xa8\"",
		"[]",
		"{}",
		"[1,[2,{\"a\":[]}],\"x\"]",
		"{\"b\":1,\"a\":{\"c\":null}}",
		"{\"$bin\":\"\"}",
		"{\"$bin\":\"QUI=\"}",
		"{\"$ext\":-1,\"$bin\":\"QQ==\"}",
		"{\"$$bin\":\"QUI=\"}",
		"{\"$$$ext\":1}",
		"{\"$other\":1}",
		"{\"$\":1}",
		"[{\"$bin\":\"AP+A\"},{\"$$bin\":{\"$bin\":\"AP+A\"}}]",
	};
	msgpack_object tree;

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
		ok(grow(same[i], &tree) && writes(&tree, same[i]), "%s", same[i]);
}

static void
test_types(void)
{
	msgpack_object t;

	ok(grow("-5", &t) && t.type == MSGPACK_OBJECT_NEGATIVE_INTEGER && t.via.i64 == -5,
	    "an integer below zero");
	ok(grow("5", &t) && t.type == MSGPACK_OBJECT_POSITIVE_INTEGER && t.via.u64 == 5,
	    "an integer above");
	ok(grow("5.0", &t) && t.type == MSGPACK_OBJECT_FLOAT64 && t.via.f64 == 5,
	    "a real stays one");
	ok(grow("{\"$bin\":\"AAE=\"}", &t) && t.type == MSGPACK_OBJECT_BIN && t.via.bin.size == 2
		&& memcmp(t.via.bin.ptr, "\0\1", 2) == 0,
	    "a bin");
	ok(grow("{\"$ext\":-128,\"$bin\":\"AAE=\"}", &t) && t.type == MSGPACK_OBJECT_EXT
		&& t.via.ext.type == -128 && t.via.ext.size == 2,
	    "an extension");
	ok(grow("{\"$$bin\":\"AAE=\"}", &t) && t.type == MSGPACK_OBJECT_MAP
		&& t.via.map.ptr[0].key.via.str.size == 4,
	    "a field called $bin");
	for (const char **s = (const char *[]){ "{\"$bin\":5}", "{\"$ext\":1}",
		 "{\"$ext\":128,\"$bin\":\"\"}", "{\"$ext\":-129,\"$bin\":\"\"}",
		 "{\"$bin\":\"\",\"$ext\":1}", "{\"$bin\":\"\",\"a\":1}", NULL };
	     *s != NULL; s++)
		ok(grow(*s, &t) && t.type == MSGPACK_OBJECT_MAP, "a map: %s", *s);
}

static bool
refuses(const char *s, const char *code, const char *pointer)
{
	msgpack_object tree;

	if (grow(s, &tree))
		return false;
	if (strcmp(fault.code, code) == 0 && strcmp(fault.pointer, pointer) == 0)
		return true;
	printf("# %s %s %s\n", fault.code, fault.pointer, fault.text);
	return false;
}

static void
test_refusals(void)
{
	ok(refuses("{\"a\":1,\"b\":2,\"a\":3}", "doubled-field", "/a"), "doubled");
	ok(refuses("{\"x\":[0,{\"a/b\":1,\"a\\/b\":1}]}", "doubled-field", "/x/1/a~1b"),
	    "doubled, deep, spelt in two ways");
	ok(refuses("{\"$bin\":1,\"$$bin\":1}", "doubled-field", "/$bin"),
	    "doubled after the mark is off");
	ok(refuses("[{\"$bin\":\"A\"}]", "bad-json", "/0/$bin"), "no base64");
	ok(refuses("[{\"$bin\":\"QR==\"}]", "bad-json", "/0/$bin"),
	    "base64 that would be written otherwise");
}

static void
test_depth(void)
{
	char s[2 * MSGPACK_DEPTH + 3] = "";
	msgpack_object tree;

	memset(s, '[', MSGPACK_DEPTH);
	memset(s + MSGPACK_DEPTH, ']', MSGPACK_DEPTH);
	ok(grow(s, &tree) && writes(&tree, s), "as deep as msgpack can be read");
	ok(grow("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
		"[],[],[],[],[],[],[],[],[],[],[],[]]",
	       &tree),
	    "what is side by side is not deep");
	memset(s, '[', MSGPACK_DEPTH + 1);
	memset(s + MSGPACK_DEPTH + 1, ']', MSGPACK_DEPTH + 1);
	ok(!grow(s, &tree) && strcmp(fault.code, "too-deep") == 0
		&& strlen(fault.pointer) == 2 * MSGPACK_DEPTH,
	    "one deeper is refused");
}

static void
test_many_names(void)
{
	msgpack_object tree;
	struct buf b = { 0 };
	size_t n = 50000;

	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%c\"name%zu\":%zu", i == 0 ? '{' : ',', i, i);
	buf_add(&b, "}", 2);
	ok(grow(b.data, &tree) && tree.via.map.size == n
		&& tree.via.map.ptr[n - 1].val.via.u64 == n - 1 && writes(&tree, b.data),
	    "a map of many names keeps their order");
	b.len -= 2;
	buf_add(&b, ",\"name77\":1}", 13);
	ok(refuses(b.data, "doubled-field", "/name77"),
	    "a name that occurs twice among many is refused");
	buf_release(&b);
}

/* Trees that came from msgpack and have no JSON. */
static void
test_no_json(void)
{
	msgpack_object real = { .type = MSGPACK_OBJECT_FLOAT64, .via.f64 = NAN },
		       list = { .type = MSGPACK_OBJECT_ARRAY, .via.array = { 1, &real } };
	msgpack_object_kv kv = { { .type = MSGPACK_OBJECT_STR, .via.str = { 1, "a" } }, list };
	msgpack_object map = { .type = MSGPACK_OBJECT_MAP, .via.map = { 1, &kv } };

	fault_clear(&fault);
	ok(json_write_msgpack(&out, &map, &fault) == -1 && strcmp(fault.code, "no-json") == 0
		&& strcmp(fault.pointer, "/a/0") == 0,
	    "no number: %s", fault.text);
	real.via.f64 = -INFINITY;
	fault_clear(&fault);
	ok(json_write_msgpack(&out, &map, &fault) == -1, "infinite: %s", fault.text);
	real.via.f64 = 1;
	kv.key.type = MSGPACK_OBJECT_NIL;
	fault_clear(&fault);
	ok(json_write_msgpack(&out, &map, &fault) == -1, "%s", fault.text);
}

int
main(void)
{
	parser = json_new();
	test_round_trips();
	test_types();
	test_refusals();
	test_depth();
	test_many_names();
	test_no_json();
	json_free(parser);
	arena_release(&arena);
	buf_release(&text);
	buf_release(&out);
	return tap_done();
}
