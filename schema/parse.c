#include "config.h"

#include <stdlib.h>

#include "lib/json/json.h"
#include "lib/json/json_locate.h"
#include "lib/msgpack/msgpack.h"
#include "schema/message_unpack.h"
#include "schema/parse.h"

struct parse {
	struct json *json;
	msgpack_zone zone;
	bool is_as_packed; /* the last message, and where its fields end */
	struct message_packed packed;
};

struct parse *
parse_new(void)
{
	struct parse *p = calloc(1, sizeof(*p));

	if (p == NULL || (p->json = json_new()) == NULL
	    || !msgpack_zone_init(&p->zone, MSGPACK_ZONE_CHUNK_SIZE))
		arena_out_of_memory();
	return p;
}

void
parse_free(struct parse *p)
{
	if (p == NULL)
		return;
	json_free(p->json);
	msgpack_zone_destroy(&p->zone);
	free(p);
}

int
parse_tree(struct parse *p, const struct reader_item *item, struct arena *a, msgpack_object *out,
    struct fault *f)
{
	struct json_node root;

	if (item->form == READER_MSGPACK) {
		msgpack_zone_clear(&p->zone);
		return msgpack_parse(item->data, item->len, &p->zone, out, f);
	}
	if (json_parse(p->json, item->data, item->len, &root, f) < 0)
		return -1;
	return json_to_msgpack(&root, a, out, f);
}

/* A refused tree may be another kind of message; then that is the fault. */
static void
blame_kind(const struct descriptor *expected, const msgpack_object *tree, struct fault *f)
{
	struct fault other = FAULT_NONE;
	const struct descriptor *is = message_descriptor_of(tree, &other);

	if (is == NULL || is == expected)
		return;
	fault_set(&other, "wrong-kind", "expected the kind %s, found %s", expected->name, is->name);
	*f = other;
}

int
parse_message(struct parse *p, const struct descriptor *d, const struct reader_item *item,
    struct arena *a, void *out, struct fault *f)
{
	msgpack_object tree;

	p->is_as_packed = item->form == READER_MSGPACK
	    && message_unpack(d, item->data, item->len, a, out, &p->packed);
	if (p->is_as_packed)
		return 0;
	if (parse_tree(p, item, a, &tree, f) < 0)
		return -1;
	if (message_decode(d, &tree, a, out, f) == 0)
		return 0;
	blame_kind(d, &tree, f);
	parse_locate(item, f);
	return -1;
}

void
parse_repack(const struct parse *p, const struct descriptor *d, const void *message, size_t from,
    struct buf *b)
{
	if (p->is_as_packed)
		message_repack(d, message, &p->packed, from, b);
	else
		message_encode(d, message, b);
}

void
parse_locate(const struct reader_item *item, struct fault *f)
{
	if (f->at >= 0 || f->pointer[0] == '\0')
		return;
	f->at = item->form == READER_MSGPACK ? msgpack_locate(item->data, item->len, f->pointer)
					     : json_locate(item->data, item->len, f->pointer);
}
