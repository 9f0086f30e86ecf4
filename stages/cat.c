/* alignx-cat - converts messages from msgpack to JSON lines, and back. */

#include "config.h"

#include <string.h>

#include "lib/cli/tool.h"
#include "lib/json/json_write.h"
#include "schema/direction_of.h"
#include "schema/parse.h"

enum cat_to { TO_OTHER, TO_JSON, TO_MSGPACK };

static int to = TO_OTHER;
static const double dead_zone = 0.1; /* of the intensities of a text */
static const char *kind, *id, *user, *dimension;
static int wanted = -1, wanted_pole; /* DIRECTION_NEUTRAL: either */
static bool is_named;
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
	{ 'i', "id", "id", OPT_TEXT, &id,
	    "write only the message with this id (of an exchange, that of its comment)", 0, 0,
	    NULL },
	{ 'u', "user", "pseudonym", OPT_TEXT, &user, "write only messages of this user", 0, 0,
	    NULL },
	{ 'd', "dimension", "key", OPT_TEXT, &dimension,
	    "write only messages whose direction or intensities name this dimension; KEY+ or KEY- "
	    "for label 1 or label 0",
	    0, 0, NULL },
	{ 'n', "named", NULL, OPT_FLAG, &is_named,
	    "in JSON, add a field that names what the direction or the intensities state, with "
	    "the kind of evidence",
	    0, 0, NULL },
	{ 0 },
};

/* What a message says of whom: NULL where its kind has none. */
struct cat_view {
	const struct text *id, *user;
	const int8_t *evidence;
	struct direction direction;
};

static struct cat_view
view_text(const struct text *of, const struct text *author, bool is_judged,
    const struct intensities *x)
{
	struct cat_view v = { of, author, NULL, direction_neutral() };

	if (!is_judged)
		return v;
	v.direction = direction_of_text(x, dead_zone);
	if (MESSAGE_HAS(&intensities_descriptor, x, evidence))
		v.evidence = x->evidence;
	return v;
}

static struct cat_view
view_record(const struct descriptor *d, const struct record *r)
{
	const struct provenance *p = &r->provenance;
	struct cat_view v = { NULL, NULL, NULL, direction_neutral() };

	if (MESSAGE_HAS(d, r, direction))
		v.direction = r->direction;
	if (!MESSAGE_HAS(d, r, provenance))
		return v;
	v.id = &p->id;
	v.user = &p->user;
	if (MESSAGE_HAS(&provenance_descriptor, p, evidence))
		v.evidence = p->evidence;
	return v;
}

static struct cat_view
view(const struct descriptor *d, const void *message)
{
	if (d == &interaction_descriptor) {
		const struct interaction *x = message;

		return view_text(&x->id, &x->user, MESSAGE_HAS(d, x, intensities), &x->intensities);
	}
	if (d == &exchange_descriptor) {
		const struct exchange *x = message;

		return view_text(&x->comment.id, &x->user,
		    MESSAGE_HAS(&thread_text_descriptor, &x->comment, intensities),
		    &x->comment.intensities);
	}
	if (d == &pair_descriptor) {
		const struct pair *x = message;

		return (struct cat_view){ &x->id, &x->user,
			MESSAGE_HAS(d, x, evidence) ? x->evidence : NULL, x->direction };
	}
	return view_record(d, message);
}

static bool
is_text(const struct text *t, const char *want)
{
	return want == NULL || (t != NULL && text_is(t, want));
}

static bool
is_selected(const struct cat_view *v)
{
	const unsigned char pole = wanted >= 0 ? v->direction.at[wanted] : DIRECTION_NEUTRAL;

	if (!is_text(v->id, id) || !is_text(v->user, user))
		return false;
	return wanted < 0
	    || (pole != DIRECTION_NEUTRAL
		&& (wanted_pole == DIRECTION_NEUTRAL || pole == wanted_pole));
}

/* Replaces the end of a JSON object by one with a further field. */
static void
put_names(const struct cat_view *v, struct buf *out)
{
	bool is_first = true;

	out->len--;
	buf_add_str(out, ",\"named\":[");
	for (int i = 0; i < DIMENSIONS; i++) {
		const struct dimension *d = &dimension_table[i];
		const char *label = d->label[v->direction.at[i] == DIRECTION_HIGH];

		if (v->direction.at[i] == DIRECTION_NEUTRAL)
			continue;
		buf_printf(out, "%s{\"key\":\"%s\",\"label\":", is_first ? "" : ",", d->key);
		is_first = false;
		json_write_text(out, label, strlen(label));
		if (v->evidence != NULL)
			buf_printf(out, ",\"evidence\":\"%s\"", evidence_kind_word[v->evidence[i]]);
		buf_add_byte(out, '}');
	}
	buf_add_str(out, "]}");
}

/* KEY, KEY+ or KEY-. */
static int
read_dimension(struct fault *f)
{
	size_t len = strlen(dimension);
	const char last = len > 0 ? dimension[len - 1] : ' ';

	wanted_pole = last == '+' ? DIRECTION_HIGH
	    : last == '-'         ? DIRECTION_LOW
				  : DIRECTION_NEUTRAL;
	wanted = dimension_find(dimension, len - (wanted_pole != DIRECTION_NEUTRAL));
	return wanted >= 0 ? 0
			   : fault_stop(f,
			       "--dimension: there is no dimension '%s'; the keys are those of "
			       "dimensions.tsv, such as music, music+ or music-",
			       dimension);
}

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
	if (dimension != NULL && read_dimension(f) < 0)
		return -2;
	if (is_named && to == TO_MSGPACK)
		return fault_stop(f, "--named is for JSON; leave out --to msgpack");
	parse = parse_new();
	return 0;
}

static int
write_message(struct stage_ctx *t, const struct descriptor *d, const void *message, struct fault *f)
{
	const struct cat_view v = view(d, message);
	size_t was = t->out->len;

	if (!is_selected(&v))
		return 0;
	if (to == TO_MSGPACK || (to == TO_OTHER && !is_named && t->item.form != READER_MSGPACK)) {
		if (tool_refuses_terminal("name a file with -o, or say --to json", f))
			return -2;
		message_encode(d, message, t->out);
		return 0;
	}
	if (message_encode_json(d, message, t->out, f) < 0) {
		t->out->len = was;
		return -1;
	}
	if (is_named)
		put_names(&v, t->out);
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
	.summary = "convert messages from msgpack to JSON lines, and back; select them",
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
