/* alignx-ingest - turn raw dumps into interactions. */

#include "config.h"

#include <string.h>

#include "lib/core/utf8.h"
#include "stages/ingest/ingest.h"

static struct ingest ingest = { .min_chars = 20, .max_chars = 10000,
	.aspect = -1 };
static struct ingest_people_options people;
static int kind = -1;
static int aspect = -1;

static const struct opt opts[] = {
	{ 's', "source", "kind", OPT_CHOICE, &kind,
	    "what the input is: reddit, reddit-comments, reddit-submissions, "
	    "pku-saferlhf, ultrafeedback, helpsteer2, prism, hh-rlhf, oasst, "
	    "alignx, p-soups or generic; must be given", 0, 0,
	    "reddit|reddit-comments|reddit-submissions|pku-saferlhf|ultrafeedback|"
	    "helpsteer2|prism|hh-rlhf|oasst|alignx|p-soups|generic" },
	{ 0, "field", "name=pointer", OPT_LIST, &ingest.fields,
	    "generic: where id, text, title, user, post, parent, community, "
	    "created or score is, as a JSON pointer; may be given again", 0, 0,
	    NULL },
	{ 'k', "key", "file", OPT_FILE, &people.key,
	    "the key of the pseudonyms, made on first use (default alignx/key in "
	    "$XDG_DATA_HOME or ~/.local/share)", 0, 0, NULL },
	{ 0, "no-scrub", NULL, OPT_FLAG, &ingest.keeps_names,
	    "keep u/names, e-mail addresses and phone numbers in texts", 0, 0,
	    NULL },
	{ 0, "forget", "file", OPT_FILE, &people.forget,
	    "drop what the authors in file wrote, and texts with the ids in it, "
	    "one a line", 0, 0, NULL },
	{ 0, "over-18", NULL, OPT_FLAG, &ingest.keeps_over_18,
	    "keep posts that are marked over_18", 0, 0, NULL },
	{ 0, "keep-bots", NULL, OPT_FLAG, &people.keeps_bots,
	    "keep what programs wrote", 0, 0, NULL },
	{ 0, "bots", "file", OPT_FILE, &people.bots,
	    "tell programs by the names and patterns in file, not by the list "
	    "that is built in", 0, 0, NULL },
	{ 0, "min-chars", "n", OPT_INT, &ingest.min_chars,
	    "drop comments of fewer than n characters (default 20); posts and "
	    "rated responses need only 1", 1, 1e9, NULL },
	{ 0, "max-chars", "n", OPT_INT, &ingest.max_chars,
	    "drop texts of more than n characters (default 10000)", 1, 1e9, NULL },
	{ 0, "aspect", "name", OPT_CHOICE, &aspect,
	    "what chosen and rejected are about, where the set does not tell "
	    "(default helpfulness; hh-rlhf: harmlessness if the file's name holds "
	    "harmless)", 0, 0, "harmlessness|instruction-following|honesty|"
	    "truthfulness|helpfulness|coherence|complexity|verbosity" },
	{ 0, "name", "name", OPT_TEXT, &ingest.name,
	    "what to call the file in each text's place (default the operand)",
	    0, 0, NULL },
	{ 0 },
};

static int
begin(struct turn *t, struct fault *f)
{
	if (kind < 0)
		return fault_stop(f, "--source must say what the input is; see "
		    "--help");
	ingest.source = &ingest_sources[kind];
	ingest.aspect = aspect;
	if (ingest.min_chars > ingest.max_chars)
		return fault_stop(f, "--min-chars %ld is more than --max-chars %ld",
		    ingest.min_chars, ingest.max_chars);
	if (ingest.source->is == SOURCE_GENERIC
	    && ingest_generic_check(&ingest, f) < 0)
		return -2;
	people.set = source_words[ingest.source->is];
	ingest.people = ingest_people_new(&people, t->life, f);
	if (ingest.people == NULL)
		return -2;
	ingest.json = json_new();
	ingest.parse = parse_new();
	return 0;
}

/* What the file is called in places; texts in nouns are UTF-8. */
static void
set_place(struct turn *t)
{
	const char *name = ingest.name != NULL ? ingest.name : t->name;
	struct buf *b = &ingest.file;

	if (b->len == 0 || strcmp(b->data, name) != 0) {
		buf_clear(b);
		buf_add(b, name, strlen(name) + 1);
		utf8_mend(b->data);
	}
	ingest.place.file = (struct text){ b->data, b->len - 1 };
	ingest.place.byte = (int64_t)t->item.offset;
	ingest.place.line = (int64_t)t->item.number;
}

static int
read_row(struct fault *f)
{
	struct json_node row;

	if (ingest.source->item != NULL)
		return ingest.source->item(&ingest, f);
	return ingest_row(&ingest, &row, f) < 0 ? -1
	    : ingest.source->row(&ingest, &row, f);
}

/* A row that is refused leaves nothing behind, not even counts. */
static void
settle(struct turn *t, size_t was, int rc)
{
	static const char *const names[INGEST_FATES] = { "kept",
		"dropped-deleted", "dropped-bot", "dropped-over-18",
		"dropped-short", "dropped-long", "dropped-forgotten",
		"dropped-with-post" };

	for (int i = 0; i < INGEST_FATES; i++) {
		if (ingest.fates[i] > 0 && rc >= 0)
			count_add(t->count, names[i], ingest.fates[i]);
		ingest.fates[i] = 0;
	}
	if (rc < 0) {
		t->out->len = was;
		ingest.last_post.len = 0;
	}
}

static int
step(struct turn *t, struct fault *f)
{
	size_t was = t->out->len;
	int rc;

	ingest.turn = t;
	set_place(t);
	rc = read_row(f);
	settle(t, was, rc);
	if (rc == -1)
		parse_locate(&t->item, f);
	return rc < 0 ? rc : 0;
}

static int
end(struct turn *t, struct fault *f)
{
	(void)t;
	(void)f;
	buf_release(&ingest.file);
	buf_release(&ingest.cleaned);
	buf_release(&ingest.scrubbed);
	buf_release(&ingest.stripped);
	buf_release(&ingest.joined);
	json_free(ingest.json);
	parse_free(ingest.parse);
	return 0;
}

static const struct tool tool = {
	.name = "alignx-ingest",
	.gist = "turn raw dumps into interactions",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_FOREIGN,
	.output = TOOL_BINARY,
	.begin = begin,
	.step = step,
	.end = end,
};

int
main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
