/* alignx-emit - builds AlignX records from exchanges and pairs. */

#include "config.h"

#include "lib/json/json_write.h"
#include "lib/io/folder_lock.h"
#include "lib/io/spool.h"
#include "lib/cli/tool.h"
#include "schema/parse.h"
#include "stages/emit/make_records.h"
#include "stages/emit/manifest.h"
#include "stages/emit/split.h"

static const char *dir, *tmpdir;
static int mode = PERSONA_AUTHOR;
static long part = -1, per_file = 100000, per_user = 4, ugcs = 4, pairs = 4, min_history = 1, seed;
static double dead_zone = 0.1;
static int compress, informed;
static int64_t memory = (int64_t)1 << 30;
static bool is_merge;
static struct test_split split = { .options = { .share = 0.1, .max_loss = -1 } };
static const char *write_split, *read_split;

static const struct opt opts[] = {
	{ 'o', "output", "dir", OPT_FILE, &dir,
	    "write records and their manifest to dir, which should be empty", 0, 0, NULL },
	{ 'p', "persona", "mode", OPT_CHOICE, &mode,
	    "whose history a record shows: author, the user's own (the default), "
	    "or matched, texts whose directions agree with the record's",
	    0, 0, "author|matched" },
	{ 0, "part", "n", OPT_INT, &part,
	    "number of this shard, used in the names of files; the manifest is then made with "
	    "--merge when all shards are done (default: there is one)",
	    0, 99999, NULL },
	{ 'n', "records-per-file", "n", OPT_INT, &per_file,
	    "start a new file after n records (default 100000)", 1, 1e9, NULL },
	{ 0, "compress", "how", OPT_CHOICE, &compress,
	    "compression of the files: none (the default) or zstd", 0, 0, "none|zstd" },
	{ 0, "per-user", "n", OPT_INT, &per_user, "at most n records per user (default 4)", 1, 1e6,
	    NULL },
	{ 0, "ugc", "n", OPT_INT, &ugcs, "at most n comments in a history (default 4)", 0,
	    PERSONA_ITEMS_MAX, NULL },
	{ 0, "pairs", "n", OPT_INT, &pairs, "at most n pairs in a history (default 4)", 0,
	    PERSONA_ITEMS_MAX, NULL },
	{ 0, "min-history", "n", OPT_INT, &min_history,
	    "drop records with fewer than n items of history (default 1)", 0, 2 * PERSONA_ITEMS_MAX,
	    NULL },
	{ 0, "test-share", "x", OPT_REAL, &split.options.share,
	    "share of pairs in the test split, from 0 to 1 (default 0.1)", 0, 1, NULL },
	{ 0, "max-loss", "x", OPT_REAL, &split.options.max_loss,
	    "lose at most this share of the pairs to the split, and have fewer test pairs if "
	    "need be (default 1.5 times --test-share, at most 0.3)",
	    0, 1, NULL },
	{ 0, "split", "how", OPT_CHOICE, &split.options.kind,
	    "what is on one side of the split: thread (the default: threads and users), "
	    "community (these and communities), time (the latest threads are test data; users "
	    "and earlier posts in histories are shared) or user (as thread, but authors of rejected texts and posts of "
	    "histories are shared)",
	    0, 0, "thread|community|time|user" },
	{ 0, "write-split", "file", OPT_FILE, &write_split,
	    "only decide which threads and users are test data, and write that to file", 0, 0,
	    NULL },
	{ 0, "read-split", "file", OPT_FILE, &read_split,
	    "use the decision in file, made from all parts with --write-split", 0, 0, NULL },
	{ 0, "informed", "how", OPT_CHOICE, &informed,
	    "keep records whose history says nothing on any of their dimensions apart, in "
	    "dir/uninformed (on, the default), or with the others (off)",
	    0, 0, "on|off" },
	{ 'z', "dead-zone", "x", OPT_REAL, &dead_zone,
	    "an intensity of a comment up to x, from 0 to 1, is neutral (default 0.1)", 0, 1,
	    NULL },
	{ 0, "seed", "n", OPT_INT, &seed,
	    "seed of the split, the order and all choices (default 0)", 0, 9e15, NULL },
	{ 'm', "memory", "size", OPT_SIZE, &memory,
	    "keep up to size of texts in memory, and up to size of each index; "
	    "the rest goes to disk (default 1G)",
	    1 << 16, 1e15, NULL },
	{ 0, "tmpdir", "dir", OPT_FILE, &tmpdir,
	    "folder for temporary files (default $TMPDIR, else /tmp)", 0, 0, NULL },
	{ 0, "merge", NULL, OPT_FLAG, &is_merge,
	    "read no messages; merge dir/manifest/*.json into dir/manifest.json and print a summary",
	    0, 0, NULL },
	{ 0 },
};

static struct item_index items;
static struct spool *spool;
static struct parse *parse;
static struct output_files *files;

static int
check_options(struct fault *f)
{
	if (dir == NULL && write_split == NULL)
		return fault_stop(f, "name the folder to write to with -o");
	if (write_split != NULL && (read_split != NULL || is_merge))
		return fault_stop(f, "--write-split goes with neither --read-split nor --merge");
	return 0;
}

/* In the order in which pairs get lost, whatever comes first in the input. */
static const char *const counted[] = { "exchanges", "neutral-exchanges", "exchanges-across-split",
	"pairs", "dropped-across-split", "dropped-no-history",
	"dropped-test-without-both-histories", "dropped-per-user", "dropped-chosen-twice",
	"uninformed", "train", "test", "users" };

static int
begin(struct stage_ctx *t, struct fault *f)
{
	if (check_options(f) < 0)
		return -2;
	if (is_merge)
		return 0;
	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		counters_add(t->count, counted[i], 0);
	parse = parse_new();
	split.options.seed = (uint64_t)seed;
	split.limit = items.limit = (struct spill_array_limit){ memory, tmpdir };
	if (read_split != NULL && split_read(&split, read_split, f) < 0)
		return -2;
	if (write_split != NULL)
		return 0;
	if ((spool = spool_new(memory, tmpdir, f)) == NULL)
		return -2;
	if (part < 0 && (make_folders(dir, f) < 0 || folder_lock(dir, 0, f) < 0))
		return -2;
	files = output_files_new(dir, part < 0 ? 0 : part, compress ? ".msgpack.zst" : ".msgpack",
	    per_file, f);
	return files == NULL ? -2 : 0;
}

/* Reads an exchange or a pair; -1 for anything else. */
static int
read_item(struct stage_ctx *t, struct emit_item *e, struct fault *f)
{
	const struct descriptor *d;
	msgpack_object tree;

	if (parse_tree(parse, &t->item, t->record_arena, &tree, f) < 0
	    || (d = message_descriptor_of(&tree, f)) == NULL)
		return -1;
	if (d == &exchange_descriptor) {
		struct exchange x;

		if (message_decode(d, &tree, t->record_arena, &x, f) < 0)
			return -1;
		*e = emit_item_of_exchange(&x, dead_zone, (uint64_t)seed);
	} else if (d == &pair_descriptor) {
		struct pair x;

		if (message_decode(d, &tree, t->record_arena, &x, f) < 0)
			return -1;
		*e = emit_item_of_pair(&x, (uint64_t)seed);
	} else {
		return fault_set(f, "wrong-kind",
		    "expected an exchange or a "
		    "pair from alignx-pair, found a %s",
		    d->name);
	}
	return 0;
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	struct emit_item e;

	if (is_merge)
		return fault_stop(f,
		    "--merge reads no input; give it "
		    "</dev/null");
	if (read_item(t, &e, f) < 0) {
		parse_locate(&t->item, f);
		return -1;
	}
	counters_add_for(t->count, dataset_names[e.source], e.is_pair ? "pairs" : "exchanges", 1);
	if (read_split == NULL && split_add(&split, &e, f) < 0)
		return -2;
	if (write_split != NULL)
		return 0;
	if (poles_count(&e.poles) == 0) {
		counters_add_for(t->count, dataset_names[e.source], "neutral-exchanges", 1);
		return 0;
	}
	e.len = (uint32_t)t->item.len;
	if (spool_add(spool, t->item.data, t->item.len, &e.offset, f) < 0)
		return -2;
	return item_index_add(&items, &e, f);
}

static void
put_settings(struct buf *b)
{
	buf_printf(b, "{\"persona\":\"%s\",\"seed\":%ld,\"split\":",
	    mode == PERSONA_AUTHOR ? "author" : "matched", seed);
	split_put_json(&split, b);
	buf_add_str(b, ",\"dead_zone\":");
	json_write_real(b, dead_zone);
	buf_printf(b,
	    ",\"per_user\":%ld,\"ugc\":%ld,\"pairs\":%ld,\"min_history\":%ld,"
	    "\"informed\":\"%s\"}",
	    per_user, ugcs, pairs, min_history, informed == 0 ? "on" : "off");
}

/* Keeps what stands on a side, as a record or in a history. */
static void
set_sides(struct counters *count)
{
	size_t kept = 0;

	for (size_t i = 0; i < items.len; i++) {
		struct emit_item e = items.item[i];

		split_set_sides(&split, &e);
		if (e.side == SIDE_NEITHER)
			counters_add_for(count, dataset_names[e.source],
			    e.is_pair ? "dropped-across-split" : "exchanges-across-split", 1);
		if (e.history_side != SIDE_NEITHER)
			items.item[kept++] = e;
	}
	items.len = kept;
}

static int
make(struct stage_ctx *t, struct fault *f)
{
	struct make_records m = { .items = &items,
		.spool = spool,
		.files = files,
		.count = t->count,
		.mode = (enum persona_mode)mode,
		.ugcs = (size_t)ugcs,
		.pairs = (size_t)pairs,
		.min_history = (size_t)min_history,
		.per_user = per_user,
		.is_informed_only = informed == 0 };
	struct buf settings = { 0 };
	int rc;

	set_sides(t->count);
	rc = item_index_build(&items, f);
	if (rc == 0)
		rc = make_records(&m, f);
	t->has_result = m.made > 0;
	put_settings(&settings);
	if (rc == 0)
		rc = output_files_close(files, settings.data, &m.coverage, t->count, f);
	else
		output_files_abandon(files);
	buf_release(&settings);
	return rc;
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	int rc = 0;

	if (is_merge)
		return manifest_merge(dir, t->out, f);
	if (read_split == NULL)
		rc = split_decide(&split, f);
	if (rc == 0 && write_split != NULL) {
		rc = split_write(&split, write_split, f);
		t->has_result = true;
	} else if (rc == 0)
		rc = make(t, f);
	if (rc == 0 && write_split == NULL && part < 0)
		rc = manifest_merge(dir, t->out, f);
	item_index_release(&items);
	split_release(&split);
	spool_free(spool);
	parse_free(parse);
	return rc < 0 ? -2 : 0;
}

static const struct tool tool = {
	.name = "alignx-emit",
	.summary = "build AlignX records from exchanges and pairs",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_MESSAGES,
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
