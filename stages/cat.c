/* alignx-cat - converts messages from msgpack to JSON lines, and back. */

#include "config.h"

#include <string.h>

#include "lib/cli/tool.h"
#include "schema/parse.h"

enum cat_to { TO_OTHER, TO_JSON, TO_MSGPACK };

static int to = TO_OTHER;
static const char *kind;
static struct parse *parse;

static const struct opt opts[] = {
	{ 't', "to", "format", OPT_CHOICE, &to,
	    "write json, msgpack, or the format that was not read (other, the "
	    "default)",
	    0, 0, "other|json|msgpack" },
	{ 'k', "kind", "kind", OPT_TEXT, &kind,
	    "write only messages of this kind: interaction, exchange, pair, "
	    "record or benchmark",
	    0, 0, "interaction|exchange|pair|record|benchmark" },
	{ 0 },
};

static int
begin(struct stage_ctx *t, struct fault *f)
{
	bool is_known = kind == NULL;

	(void)t;
	for (int i = 0; message_descriptors[i] != NULL && !is_known; i++)
		is_known = strcmp(message_descriptors[i]->name, kind) == 0;
	if (!is_known)
		return fault_stop(f,
		    "--kind: there is no kind '%s'; name interaction, exchange, "
		    "pair, record or benchmark",
		    kind);
	parse = parse_new();
	return 0;
}

static int
write_message(struct stage_ctx *t, const struct descriptor *d, const void *message, struct fault *f)
{
	size_t was = t->out->len;

	if (to == TO_MSGPACK || (to == TO_OTHER && t->item.form != READER_MSGPACK)) {
		if (tool_refuses_terminal("name a file with -o, or say --to json", f))
			return -2;
		message_encode(d, message, t->out);
		return 0;
	}
	if (message_encode_json(d, message, t->out, f) < 0) {
		t->out->len = was;
		return -1;
	}
	buf_add_byte(t->out, '\n');
	return 0;
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	const struct descriptor *d;
	msgpack_object tree;
	void *message;

	if (parse_tree(parse, &t->item, t->record_arena, &tree, f) < 0
	    || (d = message_descriptor_of(&tree, f)) == NULL)
		goto refused;
	if (kind != NULL && strcmp(kind, d->name) != 0)
		return 0;
	message = arena_alloc(t->record_arena, d->size);
	if (message_decode(d, &tree, t->record_arena, message, f) < 0)
		goto refused;
	return write_message(t, d, message, f);
refused:
	parse_locate(&t->item, f);
	return -1;
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	(void)t;
	(void)f;
	parse_free(parse);
	return 0;
}

static const struct tool tool = {
	.name = "alignx-cat",
	.summary = "convert messages from msgpack to JSON lines, and back",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_FOREIGN,
	.output = TOOL_TEXT,
	.begin = begin,
	.step = step,
	.end = end,
};

int
main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
