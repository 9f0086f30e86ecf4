/* alignx-shard - splits a stream into files by a hash of post or user. */

#include "config.h"

#include <string.h>
#include <sys/resource.h>
#include <xxhash.h>

#include "lib/msgpack/msgpack.h"
#include "lib/io/earlier_files.h"
#include "lib/io/folder_lock.h"
#include "lib/io/sink.h"
#include "lib/cli/tool.h"

enum shard_by { BY_POST, BY_USER };
enum { SHARDS_MAX = 4096, HELD_MAX = 64 * 1024 };

static long shards = 16, seed;
static int by, compress;
static const char *dir;

static const struct opt opts[] = {
	{ 'n', "shards", "n", OPT_INT, &shards, "write n files (default 16)", 1, SHARDS_MAX, NULL },
	{ 0, "by", "key", OPT_CHOICE, &by,
	    "put messages of the same post (the default) or user into the same file", 0, 0,
	    "post|user" },
	{ 'o', "output", "dir", OPT_FILE, &dir, "write dir/part-00000.msgpack and so on", 0, 0,
	    NULL },
	{ 0, "compress", "how", OPT_CHOICE, &compress,
	    "compression of the files: none (the default) or zstd", 0, 0, "none|zstd" },
	{ 0, "seed", "n", OPT_INT, &seed, "seed of the hash (default 0)", 0, 9e15, NULL },
	{ 0 },
};

static struct sink *sink[SHARDS_MAX];
static struct buf held[SHARDS_MAX];

/* Every shard is an open file. */
static void
raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int
begin(struct stage_ctx *t, struct fault *f)
{
	struct buf name = { 0 };

	(void)t;
	if (dir == NULL)
		return fault_stop(f, "name the folder to write to with -o");
	if (make_folders(dir, f) < 0 || folder_lock(dir, 0, f) < 0)
		return -2;
	if (earlier_files_refuse(dir, "part-[0-9]*.msgpack", f) < 0
	    || earlier_files_refuse(dir, "part-[0-9]*.msgpack.zst", f) < 0)
		return -2;
	raise_file_limit();
	for (long i = 0; i < shards; i++) {
		buf_clear(&name);
		buf_printf(&name, "%s/part-%05ld.msgpack%s", dir, i, compress ? ".zst" : "");
		if ((sink[i] = sink_open(name.data, f)) == NULL)
			break;
	}
	buf_release(&name);
	return sink[shards - 1] != NULL ? 0 : -2;
}

/* A text field of a message, or of a map in it. */
static bool
find_text(const struct reader_item *item, const char *in, const char *field, const char **text,
    size_t *len)
{
	const void *map = item->data;
	size_t map_len = item->len;

	return (in == NULL || msgpack_find(item->data, item->len, in, &map, &map_len))
	    && msgpack_find_text(map, map_len, field, text, len);
}

/* Messages without a user (alignment sets) are split by post, so that they do not pile
 * up in one shard. */
static bool
key_of(const struct reader_item *item, const char **text, size_t *len)
{
	if (by == BY_USER
	    && (find_text(item, NULL, "user", text, len)
		|| find_text(item, "provenance", "user", text, len)))
		return true;
	return find_text(item, "post", "id", text, len) || find_text(item, NULL, "post", text, len)
	    || find_text(item, "provenance", "id", text, len)
	    || find_text(item, NULL, "prompt", text, len);
}

static int
flush(long i, struct fault *f)
{
	int rc = sink_write(sink[i], held[i].data, held[i].len, f);

	buf_clear(&held[i]);
	return rc;
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	const char *key;
	size_t len;
	long i;

	if (!key_of(&t->item, &key, &len))
		return fault_set(f, "missing-field",
		    "this message has no "
		    "post, user or prompt to split by");
	i = (long)(XXH3_64bits_withSeed(key, len, (uint64_t)seed) % (uint64_t)shards);
	buf_add(&held[i], t->item.data, t->item.len);
	return held[i].len >= HELD_MAX ? flush(i, f) : 0;
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	int rc = 0;

	t->has_result = true;
	for (long i = 0; i < shards; i++) {
		if (rc == 0)
			rc = flush(i, f);
		if (rc == 0)
			rc = sink_close(sink[i], f);
		else
			sink_abandon(sink[i]);
		buf_release(&held[i]);
	}
	return rc;
}

static const struct tool tool = {
	.name = "alignx-shard",
	.summary = "split a stream into files by a hash of post or user",
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
