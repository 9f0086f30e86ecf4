/* json.c - any bytes are read as JSON or refused with a place; what was read can be written,
 * and reads back as the same tree. */

#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json/json.h"
#include "lib/json/json_diagnose.h"
#include "lib/json/json_write.h"
#include "lib/msgpack/msgpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct json *parser;
static struct arena arena;
static struct buf text, packed, again;

static void
must(bool good)
{
	if (!good)
		__builtin_trap();
}

/* Parses the buffer; the bytes after it look like more of it. */
static bool
parse(struct buf *b, struct json_node *root)
{
	struct fault f = FAULT_NONE, why = FAULT_NONE;
	int r;

	memset(buf_reserve(b, JSON_PADDING), '0', JSON_PADDING);
	r = json_parse(parser, b->data, b->len, root, &f);
	must(r == json_diagnose(b->data, b->len, &why));
	must(r == (f.text[0] != '\0' ? -1 : 0));
	must(r == 0 || (f.at >= 0 && (size_t)f.at <= b->len));
	return r == 0;
}

static bool
to_tree(const struct json_node *root, msgpack_object *tree)
{
	struct fault f = FAULT_NONE;
	int r = json_to_msgpack(root, &arena, tree, &f);

	must(r == 0 || f.text[0] != '\0');
	return r == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "a", "author", "", "$bin" };
	struct json_node root, out[4];
	struct fault f = FAULT_NONE;
	msgpack_object tree;

	if (parser == NULL)
		parser = json_new();
	arena_reset(&arena);
	buf_clear(&text);
	buf_add(&text, data, size);
	if (!parse(&text, &root))
		return 0;
	must(json_pick(&root, names, 4, out, &f) == (f.text[0] != '\0' ? -1 : 0));
	json_at(&root, "/a/0/~1");
	if (!to_tree(&root, &tree))
		return 0;
	buf_clear(&packed);
	msgpack_write_object(&packed, &tree);
	buf_clear(&text);
	must(json_write_msgpack(&text, &tree, &f) == 0);
	must(parse(&text, &root) && to_tree(&root, &tree));
	buf_clear(&again);
	msgpack_write_object(&again, &tree);
	must(packed.len == again.len);
	must(memcmp(packed.data, again.data, again.len) == 0);
	return 0;
}
