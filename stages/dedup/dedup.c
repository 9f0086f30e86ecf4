/* alignx-dedup - drops duplicate and near-duplicate texts. */

#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/casefold.h"
#include "lib/core/thread_pool.h"
#include "lib/text/minhash.h"
#include "lib/io/sink.h"
#include "lib/cli/tool.h"
#include "lib/msgpack/msgpack.h"
#include "schema/messages.h"
#include "stages/dedup/decide.h"
#include "stages/dedup/one_run.h"
#include "stages/dedup/record_text.h"

enum mode { MODE_NEAR, MODE_EXACT };
enum { RUN = 1 << 20 }; /* bytes written at once */

static int mode;
static long bands = 14, rows = 8, shingle = 5, threads = 1;
static double min_jaccard;
static int64_t memory = (int64_t)1 << 30;
static const char *tmpdir, *survivors, *sign_file, *drop_file;
static bool is_decide;

static const struct opt opts[] = {
	{ 0, "mode", "how", OPT_CHOICE, &mode,
	    "also drop near duplicates (near, the default), or only exact ones "
	    "(exact)",
	    0, 0, "near|exact" },
	{ 0, "bands", "n", OPT_INT, &bands, "bands of the MinHash sketch (default 14)", 1,
	    MINHASH_BANDS_MAX, NULL },
	{ 0, "rows", "n", OPT_INT, &rows,
	    "hashes in a band (default 8); bands times rows is at most 1024", 1, 128, NULL },
	{ 0, "shingle", "n", OPT_INT, &shingle,
	    "words in a shingle (default 5); shorter texts are compared exactly "
	    "only",
	    1, 64, NULL },
	{ 0, "min-jaccard", "j", OPT_REAL, &min_jaccard,
	    "near duplicates must have an exact Jaccard similarity of at least j "
	    "(default 0: do not compute it)",
	    0, 1, NULL, "verify" },
	{ 0, "survivors", "file", OPT_FILE, &survivors,
	    "write to file the id of each dropped text and of the text that was "
	    "kept for it, as JSON lines",
	    0, 0, NULL },
	{ 0, "sign", "file", OPT_FILE, &sign_file,
	    "write all messages unchanged, and what is to be compared of each to file", 0, 0,
	    NULL },
	{ 0, "decide", NULL, OPT_FLAG, &is_decide,
	    "read what --sign wrote, of any number of files, and list what is to be dropped", 0, 0,
	    NULL },
	{ 0, "drop", "file", OPT_FILE, &drop_file,
	    "drop the messages in the list that --decide made, and write the others", 0, 0, NULL },
	{ 'j', "threads", "n", OPT_INT, &threads,
	    "number of threads (default 1); the output does not depend on it", 1, THREAD_POOL_MAX,
	    NULL },
	{ 'm', "memory", "size", OPT_SIZE, &memory,
	    "keep up to size of records in memory, and up to size of each index; "
	    "the rest goes to disk (default 1G)",
	    1 << 16, 1e15, NULL },
	{ 0, "tmpdir", "dir", OPT_FILE, &tmpdir,
	    "folder for temporary files (default $TMPDIR, else /tmp)", 0, 0, NULL },
	{ 0 },
};

static struct spill_array_limit limit;
static struct one_run one_run;
static struct buf joined, folded, shingles, signature;
static struct minhash sketch;
static struct sink *signatures;
static struct dedup_decide decide;
static struct key_list drops;

static int
check_options(struct fault *f)
{
	const bool is_apart = sign_file != NULL || is_decide || drop_file != NULL;

	if (bands * rows > MINHASH_PERMUTATIONS_MAX)
		return fault_stop(f, "--bands times --rows is more than %d",
		    MINHASH_PERMUTATIONS_MAX);
	if ((sign_file != NULL) + is_decide + (drop_file != NULL) > 1)
		return fault_stop(f, "--sign, --decide and --drop are three runs");
	if (is_apart && (min_jaccard > 0 || survivors != NULL))
		return fault_stop(f,
		    "--min-jaccard and --survivors need the texts, so they do not go with --sign, "
		    "--decide and --drop");
	return 0;
}

static int
read_drops(struct fault *f)
{
	struct fault why = FAULT_NONE;
	FILE *in = fopen(drop_file, "re");
	int rc;

	if (in == NULL)
		return fault_sys(f, "%s", drop_file);
	rc = key_list_read(&drops, in, &limit, &why);
	fclose(in);
	if (rc == -1)
		return fault_stop(f, "%s: this is not a list that alignx-dedup --decide made: %s",
		    drop_file, why.text);
	*f = why;
	return rc;
}

static int
begin(struct stage_ctx *t, struct fault *f)
{
	if (check_options(f) < 0)
		return -2;
	limit = decide.limit = (struct spill_array_limit){ memory, tmpdir };
	minhash_init(&sketch, (size_t)bands, (size_t)rows, (size_t)shingle);
	if (sign_file != NULL)
		return (signatures = sink_open(sign_file, f)) == NULL ? -2 : 0;
	if (drop_file != NULL)
		return read_drops(f);
	t->has_result = is_decide;
	one_run = (struct one_run){ .limit = limit,
		.sketch = mode == MODE_NEAR ? &sketch : NULL,
		.min_jaccard = min_jaccard,
		.threads = (size_t)threads,
		.survivors = survivors };
	return is_decide ? 0 : one_run_begin(&one_run, f);
}

/* The folded text, after its group.  A post is no copy of another, whatever its text. */
static void
put_key(const struct dedup_text *x, struct buf *b)
{
	const size_t id_len = dedup_is_post(x->group) ? x->id_len : 0;
	char *to;

	buf_clear(b);
	to = buf_reserve(b, x->len + id_len + 1);
	to[0] = (char)x->group;
	memcpy(to + 1, x->id, id_len);
	b->len = 1 + id_len + casefold_text(x->text, x->len, to + 1 + id_len);
}

static struct dedup_record
record_of(const struct dedup_text *x)
{
	XXH128_hash_t h;

	put_key(x, &folded);
	h = XXH3_128bits(folded.data, folded.len);
	return (struct dedup_record){ .hash = { h.low64, h.high64 },
		.created = x->created,
		.id = XXH3_64bits(x->id, x->id_len),
		.user = x->user_len > 0 ? XXH3_64bits(x->user, x->user_len) : 0,
		.thread = XXH3_64bits(x->thread, x->thread_len),
		.group = x->group };
}

static int
sign(struct stage_ctx *t, const struct dedup_text *x, struct fault *f)
{
	struct dedup_signature s = { .record = record_of(x) };

	if (mode == MODE_NEAR && !dedup_is_post(x->group)) {
		minhash_shingles(&sketch, folded.data + 1, folded.len - 1, &shingles);
		if (shingles.len > 0) {
			minhash_keys(&sketch, (uint64_t *)(void *)shingles.data,
			    shingles.len / sizeof(uint64_t), s.band);
			s.bands = sketch.bands;
		}
	}
	signature_write(&s, &signature);
	buf_add(t->out, t->item.data, t->item.len);
	if (signature.len < RUN)
		return 0;
	if (sink_write(signatures, signature.data, signature.len, f) < 0)
		return -2;
	buf_clear(&signature);
	return 0;
}

/* The data set that a message is of; NULL: it does not say. */
static const char *
dataset_of(const struct reader_item *item)
{
	struct text source = { 0 };

	return msgpack_find_text(item->data, item->len, "source", &source.ptr, &source.len)
	    ? dataset_named(source.ptr, source.len)
	    : NULL;
}

static void
drop_or_keep(struct stage_ctx *t, const struct dedup_text *x)
{
	const struct dedup_record r = record_of(x);
	const bool is_dropped = key_list_has(&drops, signature_key(&r));

	const char *dataset = dataset_of(&t->item);

	counters_add(t->count, is_dropped ? "dropped" : "kept", 1);
	if (dataset != NULL)
		counters_add_to(t->count, dataset, is_dropped ? "dropped" : "kept", 1);
	if (!is_dropped)
		buf_add(t->out, t->item.data, t->item.len);
}

static int
step_decide(struct stage_ctx *t, struct fault *f)
{
	struct dedup_signature s;

	return signature_read(t->item.data, t->item.len, &s, f) < 0 ? -1
								    : decide_add(&decide, &s, f);
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	struct dedup_text x;

	if (is_decide)
		return step_decide(t, f);
	if (dedup_text_of(t->item.data, t->item.len, &joined, &x, f) < 0)
		return -1;
	if (sign_file != NULL)
		return sign(t, &x, f);
	if (drop_file == NULL)
		return one_run_add(&one_run, t, record_of(&x), f);
	drop_or_keep(t, &x);
	return 0;
}

static int
write_drops(struct stage_ctx *t, struct fault *f)
{
	struct key_list list = { 0 };
	int rc = decide_list(&decide, t->count, &list, f);

	for (size_t i = 0; i < list.len && rc == 0; i++) {
		key_list_put(&list, i, t->out);
		rc = tool_flush(t, f);
	}
	key_list_release(&list);
	return rc;
}

static int
end_signing(struct fault *f)
{
	int rc = sink_write(signatures, signature.data, signature.len, f);

	if (rc == 0)
		return sink_close(signatures, f);
	sink_abandon(signatures);
	return rc;
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	int rc = sign_file != NULL ? end_signing(f)
	    : is_decide            ? write_drops(t, f)
	    : drop_file == NULL    ? one_run_end(&one_run, t, f)
				   : 0;

	one_run_release(&one_run);
	key_list_release(&drops);
	buf_release(&joined);
	buf_release(&folded);
	buf_release(&shingles);
	buf_release(&signature);
	return rc;
}

static const struct tool tool = {
	.name = "alignx-dedup",
	.summary = "drop duplicate and near-duplicate texts",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_MESSAGES,
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
