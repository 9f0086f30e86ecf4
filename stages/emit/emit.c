/* alignx-emit - builds AlignX records from exchanges and pairs. */

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "lib/json/json_write.h"
#include "lib/msgpack/msgpack.h"
#include "lib/io/spool.h"
#include "lib/cli/tool.h"
#include "schema/parse.h"
#include "stages/emit/output_files.h"
#include "stages/emit/manifest.h"
#include "stages/emit/item_index.h"
#include "stages/emit/record.h"

static const char *dir, *tmpdir;
static int mode = PERSONA_AUTHOR;
static long part, per_file = 100000, per_user = 4, ugcs = 4, pairs = 4, min_history = 1, seed;
static double test_share = 0.1, dead_zone = 0.1;
static int compress;
static int64_t memory = (int64_t)1 << 30;
static bool is_merge;

static const struct opt opts[] = {
	{ 'o', "output", "dir", OPT_FILE, &dir,
	    "write records and their manifest to dir, which should be empty", 0, 0, NULL },
	{ 'p', "persona", "mode", OPT_CHOICE, &mode,
	    "whose history a record shows: author, the user's own (the default), "
	    "or matched, texts whose directions agree with the record's",
	    0, 0, "author|matched" },
	{ 0, "part", "n", OPT_INT, &part,
	    "number of this shard, used in the names of files (default 0)", 0, 99999, NULL },
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
	{ 0, "test-share", "x", OPT_REAL, &test_share,
	    "share of users in the test split, from 0 to 1 (default 0.1)", 0, 1, NULL },
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
static struct arena record_arena; /* of the current record */
static msgpack_zone record_zone;
static struct buf packed;
static struct coverage coverage;

static int
begin(struct stage_ctx *t, struct fault *f)
{
	(void)t;
	if (dir == NULL)
		return fault_stop(f, "name the folder to write to with -o");
	if (is_merge)
		return 0;
	parse = parse_new();
	if (!msgpack_zone_init(&record_zone, MSGPACK_ZONE_CHUNK_SIZE))
		arena_out_of_memory();
	items.limit = (struct spill_array_limit){ memory, tmpdir };
	if ((spool = spool_new(memory, tmpdir, f)) == NULL)
		return -2;
	files = output_files_new(dir, part, compress ? ".msgpack.zst" : ".msgpack", per_file, f);
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
		*e = emit_item_of_exchange(&x, dead_zone, test_share, (uint64_t)seed);
	} else if (d == &pair_descriptor) {
		struct pair x;

		if (message_decode(d, &tree, t->record_arena, &x, f) < 0)
			return -1;
		*e = emit_item_of_pair(&x, test_share, (uint64_t)seed);
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
	counters_add(t->count, e.is_pair ? "pairs" : "exchanges", 1);
	if (e.side == SIDE_NEITHER) {
		counters_add(t->count, "dropped-across-split", 1);
		return 0;
	}
	if (poles_count(&e.poles) == 0) {
		counters_add(t->count, "dropped-neutral", 1);
		return 0;
	}
	e.len = (uint32_t)t->item.len;
	if (spool_add(spool, t->item.data, t->item.len, &e.offset, f) < 0)
		return -2;
	return item_index_add(&items, &e, f);
}

static int
put(const struct emit_record *r, const char *stream, int show, enum split split, struct fault *f)
{
	buf_clear(&packed);
	emit_record_pack(r, show, split, &record_arena, &packed);
	return output_files_put(files, stream, &packed, f);
}

/* The variants of a test row show different parts of the same persona. */
static int
put_test(const struct emit_record *r, struct fault *f)
{
	static const struct {
		const char *stream;
		int show;
	} variant[] = {
		{ "test/UGC", SHOW_UGC },
		{ "test/PAIR", SHOW_PAIR },
		{ "test/DEMO", SHOW_DEMOGRAPHIC },
		{ "test/arbitrary", SHOW_ALL },
	};

	for (int i = 0; i < 4; i++)
		if (put(r, variant[i].stream, variant[i].show, SPLIT_TEST, f) < 0)
			return -2;
	return 0;
}

/* Makes a record of one pair: 1 if it was written. */
static int
make_record(struct stage_ctx *t, const struct emit_item *item, const struct emit_item **candidate,
    size_t n, enum persona_mode how, struct fault *f)
{
	struct persona p = persona_choose(item, candidate, n, (size_t)ugcs, (size_t)pairs);
	bool is_test = item->side == SIDE_TEST;
	struct emit_record r = { .mode = how };
	int rc;

	if (p.ugcs + p.pairs < (size_t)min_history) {
		counters_add(t->count, "dropped-no-history", 1);
		return 0;
	}
	if (is_test && (p.ugcs == 0 || p.pairs == 0)) {
		counters_add(t->count, "dropped-test-without-both-histories", 1);
		return 0;
	}
	arena_reset(&record_arena);
	msgpack_zone_clear(&record_zone);
	rc = emit_record_read(&r, spool, item, &p, &record_arena, &record_zone, f);
	if (rc == 0)
		rc = is_test ? put_test(&r, f) : put(&r, "train", SHOW_ALL, SPLIT_TRAIN, f);
	if (rc < 0)
		return -2;
	coverage_add(&coverage, &item->direction);
	t->has_result = true;
	counters_add(t->count, is_test ? "test" : "train", 1);
	counters_add(t->count, dataset_names[item->source], 1);
	return 1;
}

/* Makes records of one user's pairs, in rank order. */
static int
emit_user(struct stage_ctx *t, size_t begin_at, size_t end_at, struct fault *f)
{
	bool is_matched = mode == PERSONA_MATCHED || items.item[begin_at].user == 0;
	long made = 0;

	for (size_t i = begin_at; i < end_at; i++) {
		const struct emit_item *item = &items.item[i];
		const struct emit_item **candidate;
		size_t n;
		int rc;

		if (!item->is_pair)
			continue;
		if (made == per_user && item->user != 0) {
			counters_add(t->count, "dropped-per-user", 1);
			continue;
		}
		candidate = is_matched ? item_index_matched(&items, item, &n)
				       : item_index_of_user(&items, begin_at, end_at, &n);
		rc = make_record(t, item, candidate, n,
		    is_matched ? PERSONA_MATCHED : PERSONA_AUTHOR, f);
		if (rc < 0)
			return rc;
		/* a matched persona serves one record */
		counters_add(t->count, "users", is_matched && rc == 1);
		made += rc;
	}
	counters_add(t->count, "users", !is_matched && made > 0);
	return 0;
}

static void
put_settings(struct buf *b)
{
	buf_printf(b, "{\"persona\":\"%s\",\"seed\":%ld,\"test_share\":",
	    mode == PERSONA_AUTHOR ? "author" : "matched", seed);
	json_write_real(b, test_share);
	buf_add_str(b, ",\"dead_zone\":");
	json_write_real(b, dead_zone);
	buf_printf(b,
	    ",\"per_user\":%ld,\"ugc\":%ld,\"pairs\":%ld,"
	    "\"min_history\":%ld}",
	    per_user, ugcs, pairs, min_history);
}

static void
release(void)
{
	item_index_release(&items);
	spool_free(spool);
	parse_free(parse);
	arena_release(&record_arena);
	msgpack_zone_destroy(&record_zone);
	buf_release(&packed);
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	struct buf settings = { 0 };
	size_t next;
	int rc = 0;

	if (is_merge)
		return manifest_merge(dir, t->out, f);
	rc = item_index_build(&items, f);
	for (size_t i = 0; i < items.len && rc == 0; i = next) {
		next = item_index_user_end(&items, i);
		rc = emit_user(t, i, next, f);
	}
	put_settings(&settings);
	if (rc == 0)
		rc = output_files_close(files, settings.data, &coverage, t->count, f);
	else
		output_files_abandon(files);
	buf_release(&settings);
	release();
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
