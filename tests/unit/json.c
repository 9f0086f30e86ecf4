/* json.c - values, texts and nodes of JSON documents; what is not JSON is refused. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/buf.h"
#include "lib/json/json.h"
#include "tests/tap.h"

static struct json *parser;
static struct buf text;
static struct fault fault;

/* Parses a string, with digits and quotes where only padding should be. */
static bool
parse(const char *s, struct json_node *root)
{
	fault_clear(&fault);
	buf_clear(&text);
	buf_add_str(&text, s);
	memset(buf_reserve(&text, JSON_PADDING), '1', JSON_PADDING);
	return json_parse(parser, text.data, text.len, root, &fault) == 0;
}

static bool
is_text(const struct json_node *node, const char *s, size_t len)
{
	return node->kind == JSON_TEXT && node->text.len == len
	    && memcmp(node->text.ptr, s, len) == 0;
}

static void
test_scalars(void)
{
	struct json_node n;

	ok(parse("null", &n) && n.kind == JSON_NULL, "null");
	ok(parse(" true ", &n) && n.kind == JSON_BOOL && n.truth, "true");
	ok(parse("false", &n) && n.kind == JSON_BOOL && !n.truth, "false");
	ok(parse("12", &n) && n.kind == JSON_INT && n.integer == 12,
	    "a number ends with the document, not with the padding");
	ok(parse("-9223372036854775808", &n) && n.kind == JSON_INT && n.integer == INT64_MIN,
	    "the least integer");
	ok(parse("9223372036854775807", &n) && n.kind == JSON_INT && n.integer == INT64_MAX,
	    "the largest signed integer");
	ok(parse("9223372036854775808", &n) && n.kind == JSON_UINT
		&& n.natural == (uint64_t)INT64_MAX + 1,
	    "one more is unsigned");
	ok(parse("18446744073709551615", &n) && n.kind == JSON_UINT && n.natural == UINT64_MAX,
	    "the largest integer");
	ok(!parse("18446744073709551616", &n), "a larger one is refused");
	ok(parse("1.0", &n) && n.kind == JSON_REAL && n.real == 1, "1.0 is real");
	ok(parse("5e-324", &n) && n.real == 5e-324, "the least real");
	ok(parse("1e-400", &n) && n.real == 0, "a smaller one is zero");
	ok(!parse("1e400", &n), "a real that is too large is refused");
}

static void
test_texts(void)
{
	struct json_node n;

	ok(parse("\"a\\u0000b\"", &n) && is_text(&n, "a\0b", 3), "NUL in a text");
	ok(parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", &n) && is_text(&n, "\"\\/\b\f\n\r\t", 8),
	    "short escapes");
	ok(parse("\"\\u00e9\\ud83d\\ude00\"", &n) && is_text(&n, "\xc3\xa9\xf0\x9f\x98\x80", 6),
	    "long escapes");
	memset(text.data, 'z', text.cap);
	ok(is_text(&n, "\xc3\xa9\xf0\x9f\x98\x80", 6), "texts do not need the document");
	for (const char **bad = (const char *[]){ "\"\\ud83d\"", "\"\\ude00\"",
		 "\"\\ud83d\\u0041\"", "\"\\ud83d\\ud83d\"", "\"\\ude00\\ud83d\"", NULL };
	     *bad != NULL; bad++)
		ok(!parse(*bad, &n), "lone surrogate %s", *bad);
}

static void
test_picking(void)
{
	static const char *const names[] = { "body", "author", "missing", "id", "", "caf\xc3\xa9" };
	static const char *const lone[] = { "z" }, *const like[] = { "xAr" };
	struct json_node n, out[6];

	ok(parse("{\"id\":7,\"author_flair\":[{\"body\":1}],\"author\":\"ann\","
		 "\"x\":{\"id\":9},\"body\":null,\"x\":1,\"\":true,\"caf\\u00e9\":2}",
	       &n)
		&& json_pick(&n, names, 6, out, &fault) == 0,
	    "fields are picked");
	ok(out[0].kind == JSON_NULL && is_text(&out[1], "ann", 3) && out[2].kind == JSON_ABSENT
		&& out[3].integer == 7 && out[4].truth && out[5].integer == 2,
	    "each in its place, whatever the order, depth and spelling");
	ok(parse("{\"z\":1,\"y\":2,\"z\":null}", &n) && json_pick(&n, lone, 1, out, &fault) == -1
		&& strcmp(fault.code, "doubled-field") == 0 && strcmp(fault.pointer, "/z") == 0,
	    "a doubled field is refused");
	ok(parse("{\"xA\":1}", &n) && json_pick(&n, like, 1, out, &fault) == 0
		&& out[0].kind == JSON_ABSENT,
	    "a name that another begins with is not it");
	ok(parse("[1]", &n) && json_pick(&n, names, 6, out, &fault) == 0
		&& out[3].kind == JSON_ABSENT,
	    "a list has no fields");
	ok(parse("{}", &n) && json_pick(&n, names, 6, out, &fault) == 0
		&& out[3].kind == JSON_ABSENT,
	    "nor has an empty map");
}

static void
test_picking_many(void)
{
	enum { MANY = 200 };
	static char name[MANY][8];
	const char *names[MANY];
	struct json_node n, out[MANY];
	struct buf b = { 0 };
	int right = 0;

	for (int i = 0; i < MANY; i++) {
		snprintf(name[i], sizeof(name[i]), "f%d", i);
		names[i] = name[i];
		buf_printf(&b, "%c\"f%d\":%d", i == 0 ? '{' : ',', MANY - 1 - i, MANY - 1 - i);
	}
	buf_add(&b, "}", 2);
	ok(parse(b.data, &n) && json_pick(&n, names, MANY, out, &fault) == 0,
	    "many fields are picked");
	for (int i = 0; i < MANY; i++)
		right += out[i].kind == JSON_INT && out[i].integer == i;
	ok(right == MANY, "each of many names leads to its value");
	buf_release(&b);
}

static void
test_walking(void)
{
	struct json_node n, name, value;
	struct json_walk w;

	parse("{\"a\":[10,[20],30],\"b\":{},\"c\":[]}", &n);
	ok(json_count(&n) == 3, "members are counted");
	json_walk_begin(&w, &n);
	ok(json_walk_next(&w, &name, &value) && is_text(&name, "a", 1) && value.kind == JSON_LIST,
	    "the first member");
	ok(json_walk_next(&w, NULL, &value) && value.kind == JSON_MAP,
	    "the second, without its name");
	ok(json_walk_next(&w, &name, &value) && is_text(&name, "c", 1)
		&& !json_walk_next(&w, &name, &value),
	    "the last");
	json_walk_begin(&w, &value);
	ok(!json_walk_next(&w, NULL, &value), "an empty list has no members");
	n = json_at(&n, "/a");
	json_walk_begin(&w, &n);
	ok(json_walk_next(&w, NULL, &value) && value.integer == 10
		&& json_walk_next(&w, NULL, &value) && value.kind == JSON_LIST
		&& json_walk_next(&w, NULL, &value) && value.integer == 30
		&& !json_walk_next(&w, NULL, &value),
	    "lists are walked past lists");
	json_walk_begin(&w, &value);
	ok(!json_walk_next(&w, NULL, &value), "a scalar has no members");
}

static void
test_pointers(void)
{
	struct json_node n;

	parse("{\"a\":[0,{\"x/y\":\"deep\",\"\":5}],\"1\":6}", &n);
	ok(json_at(&n, "").kind == JSON_MAP, "nothing is the whole");
	ok(json_at(&n, "/a/1/x~1y").kind == JSON_TEXT, "names and indices");
	ok(json_at(&n, "/a/1/").integer == 5, "the empty name");
	ok(json_at(&n, "/1").integer == 6, "a number can be a name");
	for (const char **no =
		 (const char *[]){ "/b", "/a/2", "/a/-", "/a/01", "/a/0/x", "a", "/a/1/x", NULL };
	     *no != NULL; no++)
		ok(json_at(&n, *no).kind == JSON_ABSENT, "nothing at %s", *no);
}

static bool
parse_nested(size_t depth, const char *inner)
{
	struct json_node n;
	char *s = calloc(1, 2 * depth + strlen(inner) + 1);
	bool good;

	memset(s, '[', depth);
	strcat(s, inner);
	memset(s + depth + strlen(inner), ']', depth);
	good = parse(s, &n);
	free(s);
	return good;
}

static void
test_bounds(void)
{
	struct json_node n;
	char *longer = malloc(300001);
	int good = 0;

	ok(parse_nested(JSON_DEPTH, "1"), "nesting as deep as allowed");
	ok(!parse_nested(JSON_DEPTH + 1, "1") && strcmp(fault.code, "too-deep") == 0,
	    "one deeper is refused");
	ok(!parse_nested(1000000, "") && strcmp(fault.code, "too-deep") == 0,
	    "a million deeper is refused");
	for (size_t len = 2; len < 300000; len = len * 3 / 2) {
		memset(longer, ' ', len);
		longer[0] = '"';
		longer[len - 1] = '"';
		longer[len] = '\0';
		good += parse(longer, &n) && n.text.len == len - 2;
	}
	ok(good == 30, "documents can get longer and longer");
	ok(!parse("", &n) && n.kind == JSON_ABSENT, "nothing is no document");
	free(longer);
}

int
main(void)
{
	parser = json_new();
	test_scalars();
	test_texts();
	test_picking();
	test_picking_many();
	test_walking();
	test_pointers();
	test_bounds();
	json_free(parser);
	buf_release(&text);
	return tap_done();
}
