/* alignx-profile - infers preference profiles from histories, and converts profiles. */

#include "config.h"

#include <inttypes.h>

#include "lib/json/json_write.h"
#include "lib/cli/tool.h"
#include "schema/parse.h"
#include "schema/profile.h"
#include "stages/profile/formats.h"
#include "stages/profile/users.h"

enum profile_to { TO_JSON, TO_TEXT, TO_VECTOR };

static int from, to;
static bool is_rounded;
static double dead_zone = 0.1;
static const char *state_file, *tmpdir;
static int64_t memory = (int64_t)1 << 30;

static const struct opt opts[] = {
	{ 0, "from", "what", OPT_CHOICE, &from,
	    "read the directions of each history (the default), the profile or the "
	    "direction of each row, or lines that are a profile text or a vector",
	    0, 0, "history|profile|direction|text|vector" },
	{ 0, "to", "format", OPT_CHOICE, &to,
	    "write JSON lines with text and vector (the default), or lines of text or of "
	    "vectors alone",
	    0, 0, "json|text|vector" },
	{ 0, "released-rounding", NULL, OPT_FLAG, &is_rounded,
	    "round means as the released code of AlignX does: 3 of 5 passes, 2 of 5 does "
	    "not",
	    0, 0, NULL, "compat" },
	{ 0, "update", "file", OPT_FILE, &state_file,
	    "keep the sums of each user in file, add the input to them, and write the "
	    "profiles that changed",
	    0, 0, NULL },
	{ 'z', "dead-zone", "x", OPT_REAL, &dead_zone,
	    "an intensity up to x, from 0 to 1, is neutral (default 0.1)", 0, 1, NULL },
	{ 'm', "memory", "size", OPT_SIZE, &memory,
	    "keep up to size of users in memory, and up to size of their names and of "
	    "their order; the rest goes to disk (default 1G)",
	    1 << 16, 1e15, NULL },
	{ 0, "tmpdir", "dir", OPT_FILE, &tmpdir,
	    "folder for temporary files (default $TMPDIR, else /tmp)", 0, 0, NULL },
	{ 0 },
};

static struct parse *parse;
static struct profile_users users;
static struct buf text;
static uint64_t number;

static int
begin(struct stage_ctx *t, struct fault *f)
{
	if (state_file != NULL && from != PROFILE_FROM_HISTORY)
		return fault_stop(f, "--update adds histories; drop --from");
	(void)t;
	parse = parse_new();
	users.limit = (struct spill_array_limit){ memory, tmpdir };
	return state_file != NULL ? profile_users_read(&users, state_file, f) : 0;
}

static struct direction
direction_of_sums(const struct profile *p)
{
	return is_rounded ? profile_direction_as_released(p) : profile_direction(p);
}

static void
put_vector(const struct direction *d, struct buf *b)
{
	static const char *const published[] = { "0", "0.5", "1" };

	for (int i = 0; i < DIMENSIONS; i++)
		buf_printf(b, "%c%s", i > 0 ? ',' : '[', published[d->at[i]]);
	buf_add_byte(b, ']');
}

/* Writes the profile of a user or, if user is NULL, of a row. */
static void
put(const struct direction *d, const struct text *user, uint32_t items, struct buf *b)
{
	buf_clear(&text);
	direction_render(d, &text);
	if (to == TO_TEXT) {
		buf_add(b, text.data, text.len);
	} else if (to == TO_VECTOR) {
		put_vector(d, b);
	} else {
		if (user != NULL) {
			buf_add_str(b, "{\"user\":");
			json_write_text(b, user->ptr, user->len);
		} else {
			buf_printf(b, "{\"row\":%" PRIu64, number);
		}
		if (items > 0)
			buf_printf(b, ",\"items\":%" PRIu32, items);
		buf_add_str(b, ",\"profile\":");
		json_write_text(b, text.data, text.len);
		buf_add_str(b, ",\"direction\":");
		put_vector(d, b);
		buf_add_byte(b, '}');
	}
	buf_add_byte(b, '\n');
}

/* A profile in another format. */
static int
convert(struct stage_ctx *t, struct fault *f)
{
	struct direction d;

	if (profile_format_read((enum profile_from)from, parse, &t->item, t->record_arena, &d, f)
	    < 0)
		return -1;
	put(&d, NULL, 0, t->out);
	return 0;
}

static int
take_row(struct stage_ctx *t, const struct descriptor *d, const msgpack_object *tree,
    struct fault *f)
{
	struct profile sums = { 0 };
	struct direction direction;
	struct record r;

	if (message_decode(d, tree, t->record_arena, &r, f) < 0)
		return -1;
	profile_add_history(&sums, &r);
	if (sums.items == 0)
		return fault_set(f, "no-profile", "this row has no history with directions");
	direction = direction_of_sums(&sums);
	put(&direction, NULL, sums.items, t->out);
	return 0;
}

/* An interaction is an item of its user's history. */
static int
take_interaction(struct stage_ctx *t, const msgpack_object *tree, struct fault *f)
{
	struct interaction x;
	struct direction d = direction_neutral();
	struct profile_user *user;

	if (message_decode(&interaction_descriptor, tree, t->record_arena, &x, f) < 0)
		return -1;
	if (!MESSAGE_HAS(&interaction_descriptor, &x, intensities))
		return fault_set(f, "missing-field",
		    "this interaction has no intensities; "
		    "run alignx-extract and alignx-map first");
	if (!MESSAGE_HAS(&interaction_descriptor, &x, user)) {
		counters_add(t->count, "without-user", 1);
		return 0;
	}
	for (int i = 0; i < DIMENSIONS; i++) {
		int v = x.intensities.value[i], edge = (int)(100 * dead_zone + 0.5);

		if (v > edge)
			d.at[i] = DIRECTION_HIGH;
		else if (v < -edge)
			d.at[i] = DIRECTION_LOW;
	}
	if ((user = profile_users_get(&users, &x.user, f)) == NULL)
		return -2;
	profile_add(&user->sums, &d);
	user->is_new = true;
	return 0;
}

static int
take_history(struct stage_ctx *t, struct fault *f)
{
	const struct descriptor *d;
	msgpack_object tree;

	if (parse_tree(parse, &t->item, t->record_arena, &tree, f) < 0
	    || (d = message_descriptor_of(&tree, f)) == NULL)
		return -1;
	if (d == &interaction_descriptor)
		return take_interaction(t, &tree, f);
	if (state_file == NULL && (d == &record_descriptor || d == &benchmark_descriptor))
		return take_row(t, d, &tree, f);
	return fault_set(f, "wrong-kind", "expected interactions%s, found %s",
	    state_file == NULL ? ", records or rows of a test set" : "", d->name);
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	int rc;

	number++;
	rc = from == PROFILE_FROM_HISTORY ? take_history(t, f) : convert(t, f);
	if (rc == -1)
		parse_locate(&t->item, f);
	return rc;
}

static bool
reads_lines(void)
{
	return from == PROFILE_FROM_TEXT || from == PROFILE_FROM_VECTOR;
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	int rc = profile_users_sort(&users, f);

	for (size_t i = 0; i < users.len && rc == 0; i++) {
		const struct profile_user *user = profile_users_at(&users, i);
		struct text name = profile_users_name(&users, user);
		struct direction d = direction_of_sums(&user->sums);

		if (!user->is_new)
			continue;
		put(&d, &name, user->sums.items, t->out);
		rc = tool_flush(t, f);
	}
	if (rc == 0 && state_file != NULL)
		rc = profile_users_write(&users, state_file, f);
	profile_users_release(&users);
	parse_free(parse);
	buf_release(&text);
	return rc;
}

static const struct tool tool = {
	.name = "alignx-profile",
	.summary = "infer preference profiles from histories",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_FOREIGN,
	.reads_lines = reads_lines,
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
