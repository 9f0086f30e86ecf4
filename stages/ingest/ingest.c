/* alignx-ingest - turn dumps and data sets into interactions. */

#include "config.h"

#include <string.h>

#include "lib/core/utf8.h"
#include "stages/ingest/check.h"
#include "stages/ingest/ingest.h"
#include "stages/ingest/recognize.h"

static struct ingest ingest = { .min_chars = 20, .max_chars = 10000, .aspect = -1 };
static struct authors_options author_options;
static struct check_options check_options;
static int source = -1;
static int aspect = -1;

static const struct opt opts[] = {
	{ 's', "source", "kind", OPT_CHOICE, &source,
	    "what the input is: reddit, reddit-comments, reddit-submissions, "
	    "pku-saferlhf, ultrafeedback, helpsteer2, prism, hh-rlhf, oasst, "
	    "alignx, p-soups or generic; required",
	    0, 0,
	    "reddit|reddit-comments|reddit-submissions|pku-saferlhf|ultrafeedback|"
	    "helpsteer2|prism|hh-rlhf|oasst|alignx|p-soups|generic" },
	{ 0, "field", "name=pointer", OPT_LIST, &ingest.fields,
	    "generic: the JSON pointer of id, text, title, user, post, parent, "
	    "community, created or score; may be repeated",
	    0, 0, NULL },
	{ 'k', "key", "file", OPT_FILE, &author_options.key,
	    "the key of the pseudonyms, made on first use (default alignx/key in "
	    "$XDG_DATA_HOME or ~/.local/share)",
	    0, 0, NULL },
	{ 0, "no-scrub", NULL, OPT_FLAG, &ingest.cleaner.keeps_names,
	    "keep user names, handles, e-mail addresses and phone numbers in texts", 0, 0, NULL },
	{ 0, "forget", "file", OPT_FILE, &author_options.forget,
	    "drop all texts of the authors and all texts with the ids listed in file, "
	    "one a line",
	    0, 0, NULL },
	{ 0, "over-18", NULL, OPT_FLAG, &ingest.keeps_over_18, "keep posts marked over_18", 0, 0,
	    NULL },
	{ 0, "keep-bots", NULL, OPT_FLAG, &ingest.keeps_bots,
	    "keep the texts of bots, also of those that say in the text that they are one", 0, 0,
	    NULL },
	{ 0, "bots", "file", OPT_FILE, &author_options.bots,
	    "recognise bots by the names and patterns in file, not by the "
	    "built-in list",
	    0, 0, NULL },
	{ 0, "min-chars", "n", OPT_INT, &ingest.min_chars,
	    "drop comments of fewer than n characters (default 20); posts and "
	    "rated responses need only 1",
	    1, 1e9, NULL },
	{ 0, "max-chars", "n", OPT_INT, &ingest.max_chars,
	    "drop texts of more than n characters (default 10000)", 1, 1e9, NULL },
	{ 0, "aspect", "name", OPT_CHOICE, &aspect,
	    "what chosen and rejected answers were judged for, if the data set does "
	    "not say (default helpfulness; hh-rlhf: harmlessness if the file name "
	    "contains harmless)",
	    0, 0,
	    "harmlessness|instruction-following|honesty|"
	    "truthfulness|helpfulness|coherence|complexity|verbosity" },
	{ 0, "check", NULL, OPT_FLAG, &check_options.is_asked,
	    "only read the files through and say whether they are whole, and up to where they "
	    "are good",
	    0, 0, NULL },
	{ 0, "piece-size", "size", OPT_SIZE, &check_options.piece_size,
	    "with --check: name the piece of the torrent from which on a file is to be mended, "
	    "if its pieces are of this size (for example 16M)",
	    1, 1LL << 40, NULL },
	{ 0, "name", "name", OPT_TEXT, &ingest.name,
	    "record this file name with each text, instead of the operand", 0, 0, NULL },
	{ 0 },
};

static int
begin(struct stage_ctx *t, struct fault *f)
{
	if (check_options.piece_size > 0)
		return fault_stop(f, "--piece-size is only of use with --check");
	if (source < 0)
		return fault_stop(f,
		    "--source must say what the input is, for example "
		    "--source reddit; see --help");
	ingest.source = &ingest_sources[source];
	ingest.aspect = aspect;
	if (ingest.min_chars > ingest.max_chars)
		return fault_stop(f, "--min-chars %ld is more than --max-chars %ld",
		    ingest.min_chars, ingest.max_chars);
	if (ingest.source->is == SOURCE_GENERIC && ingest_generic_check(&ingest, f) < 0)
		return -2;
	author_options.keeps_bots = ingest.keeps_bots;
	author_options.set = dataset_names[ingest.source->is];
	ingest.authors = authors_new(&author_options, t->run_arena, f);
	if (ingest.authors == NULL)
		return -2;
	ingest.no_answer = no_answer_new();
	ingest.json = json_new();
	ingest.parse = parse_new();
	return 0;
}

/* The file name is mended to UTF-8, as all texts in the output are. */
static void
set_place(struct stage_ctx *t)
{
	const char *name = ingest.name != NULL ? ingest.name : t->name;
	struct buf *b = &ingest.file;

	if (b->len == 0 || strcmp(b->data, name) != 0) {
		buf_clear(b);
		buf_add(b, name, strlen(name) + 1);
		utf8_replace_invalid(b->data);
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
	return ingest_row(&ingest, &row, f) < 0 ? -1 : ingest.source->row(&ingest, &row, f);
}

/* A refused row leaves no output and no counts. */
static void
count_texts(struct stage_ctx *t, size_t was, int rc)
{
	static const char *const names[DROP_REASONS] = { "kept", "dropped-deleted", "dropped-bot",
		"dropped-over-18", "dropped-short", "dropped-long", "dropped-forgotten",
		"dropped-with-post", "dropped-tie", "dropped-reversed", "dropped-no-words",
		"dropped-moderation" };

	for (int i = 0; i < DROP_REASONS; i++) {
		if (ingest.texts[i] > 0 && rc >= 0)
			counters_add(t->count, names[i], ingest.texts[i]);
		ingest.texts[i] = 0;
	}
	if (ingest.names_left > 0 && rc >= 0)
		counters_add(t->count, "names-left", ingest.names_left);
	ingest.names_left = 0;
	if (rc < 0) {
		t->out->len = was;
		ingest.last_post.len = 0;
	}
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	size_t was = t->out->len;
	int rc;

	ingest.ctx = t;
	set_place(t);
	rc = read_row(f);
	count_texts(t, was, rc);
	if (rc == -1)
		parse_locate(&t->item, f);
	return rc < 0 ? rc : 0;
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	size_t was = t->out->len;
	int rc = oasst_flat_end(&ingest, f);

	count_texts(t, was, rc);
	oasst_flat_free(ingest.oasst);
	buf_release(&ingest.file);
	text_cleaner_release(&ingest.cleaner);
	buf_release(&ingest.joined);
	authors_free(ingest.authors);
	no_answer_free(ingest.no_answer);
	json_free(ingest.json);
	parse_free(ingest.parse);
	return rc;
}

static bool
only_checks(void)
{
	return check_options.is_asked;
}

static int
check(struct stage_ctx *t, int n, char **operands, struct fault *f)
{
	return check_dumps(&check_options, t, n, operands, f);
}

static const struct tool tool = {
	.name = "alignx-ingest",
	.summary = "turn dumps and data sets into interactions",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_FOREIGN,
	.output = TOOL_BINARY,
	.check = recognize_foreign,
	.begin = begin,
	.step = step,
	.end = end,
	.runs = only_checks,
	.run = check,
};

int
main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
