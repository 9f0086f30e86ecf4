/* alignx-dedup - pass each text on once. */

#include "config.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/json_write.h"
#include "lib/minhash.h"
#include "lib/sink.h"
#include "lib/spool.h"
#include "lib/tool.h"
#include "stages/dedup_groups.h"
#include "stages/dedup_text.h"

enum mode { MODE_NEAR, MODE_EXACT };
enum { THREADS_MAX = 256, BATCH = 256 };

static int mode;
static long bands = 14, rows = 8, shingle = 5, threads = 1;
static double verify;
static int64_t memory = (int64_t)1 << 30;
static const char *tmpdir, *survivors;

static const struct opt opts[] = {
	{ 0, "mode", "how", OPT_CHOICE, &mode,
	    "drop texts that are nearly the same too (near, the default), or "
	    "only those that are the same (exact)", 0, 0, "near|exact" },
	{ 0, "bands", "n", OPT_INT, &bands,
	    "bands of the MinHash sketch (default 14)", 1, MINHASH_BANDS_MAX,
	    NULL },
	{ 0, "rows", "n", OPT_INT, &rows,
	    "values in a band (default 8); bands times rows is at most 1024", 1,
	    128, NULL },
	{ 0, "shingle", "n", OPT_INT, &shingle,
	    "words in a shingle (default 5); shorter texts are only compared "
	    "exactly", 1, 64, NULL },
	{ 0, "verify", "j", OPT_REAL, &verify,
	    "join two texts only if their true Jaccard similarity is at least "
	    "j (default 0: do not look)", 0, 1, NULL },
	{ 0, "survivors", "file", OPT_FILE, &survivors,
	    "tell in file, for each text that is dropped, its id and the id of "
	    "the one that stays, as JSON lines", 0, 0, NULL },
	{ 'j', "threads", "n", OPT_INT, &threads,
	    "sketch with n threads (default 1); the result is the same", 1,
	    THREADS_MAX, NULL },
	{ 'm', "memory", "size", OPT_SIZE, &memory,
	    "keep up to size of records in memory, the rest on disk (default "
	    "1G)", 1 << 16, 1e15, NULL },
	{ 0, "tmpdir", "dir", OPT_FILE, &tmpdir,
	    "folder for what does not fit in memory (default $TMPDIR, /tmp)", 0,
	    0, NULL },
	{ 0 },
};

static struct dedup_record *records;
static size_t records_len, records_room;
static struct spool *spool;
static struct buf joined, folded;
static struct minhash sketch;

static int
begin(struct turn *t, struct fault *f)
{
	(void)t;
	if (bands * rows > MINHASH_LANES_MAX)
		return fault_stop(f, "--bands times --rows is more than %d",
		    MINHASH_LANES_MAX);
	minhash_init(&sketch, (size_t)bands, (size_t)rows, (size_t)shingle);
	return (spool = spool_new(memory, tmpdir, f)) == NULL ? -2 : 0;
}

/* Case (of ASCII) and runs of white space do not count. */
static void
fold(const struct dedup_text *x, struct buf *b)
{
	char *to;
	size_t n = 0;
	int in_blank = 1;

	buf_clear(b);
	to = buf_reserve(b, x->len + 1);
	to[n++] = (char)x->group;
	for (size_t i = 0; i < x->len; i++) {
		unsigned char c = (unsigned char)x->text[i];

		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			if (!in_blank)
				to[n++] = ' ';
			in_blank = 1;
			continue;
		}
		to[n++] = (char)(c >= 'A' && c <= 'Z' ? c | 32 : c);
		in_blank = 0;
	}
	b->len = n - (in_blank && n > 1);
}

static int
step(struct turn *t, struct fault *f)
{
	struct dedup_record *r;
	struct dedup_text x;
	XXH128_hash_t h;

	if (dedup_text_of(t->item.data, t->item.len, &joined, &x, f) < 0)
		return -1;
	if (records_len == UINT32_MAX)
		return fault_stop(f, "more than %u records; spread them with "
		    "alignx-shard first", UINT32_MAX);
	if (records_len == records_room) {
		records_room = records_room > 0 ? 2 * records_room : 4096;
		records = reallocarray(records, records_room, sizeof(*records));
		if (records == NULL)
			arena_exhausted();
	}
	fold(&x, &folded);
	h = XXH3_128bits(folded.data, folded.len);
	r = &records[records_len];
	*r = (struct dedup_record){ .hash = { h.low64, h.high64 },
		.created = x.created, .id = XXH3_64bits(x.id, x.id_len),
		.len = (uint32_t)t->item.len, .group = x.group };
	if (spool_add(spool, t->item.data, t->item.len, &r->offset, f) < 0)
		return -2;
	records_len++;
	return 0;
}

/* What a thread needs to read texts back. */
struct reader_of_texts {
	struct buf noun, joined, shingles;
	struct fault fault;
};

/* The shingles of a record's text: their number, or -1. */
static int64_t
shingles_of(struct reader_of_texts *x, const struct dedup_record *r)
{
	struct dedup_text text;

	buf_clear(&x->noun);
	if (spool_read(spool, r->offset, buf_reserve(&x->noun, r->len), r->len,
	    &x->fault) < 0 || dedup_text_of(x->noun.data, r->len, &x->joined,
	    &text, &x->fault) < 0)
		return -1;
	minhash_shingles(&sketch, text.text, text.len, &x->shingles);
	return (int64_t)(x->shingles.len / sizeof(uint64_t));
}

/* The texts that are left to be sketched, handed out in batches; keys go to
 * places that depend on the text alone, so threads cannot change the result. */
struct sketching {
	const uint32_t *record;		/* those that stayed so far */
	size_t len, next;
	struct dedup_key *key;		/* bands runs of len */
	unsigned char *is_short;
	pthread_mutex_t lock;
	int rc;
	struct fault *fault;
};

static void
sketch_one(struct sketching *s, struct reader_of_texts *x, size_t i, int64_t n)
{
	uint64_t key[MINHASH_BANDS_MAX];

	s->is_short[i] = n == 0;
	if (n == 0)
		return;
	minhash_keys(&sketch, (uint64_t *)(void *)x->shingles.data, (size_t)n, key);
	for (size_t b = 0; b < sketch.bands; b++)
		s->key[b * s->len + i] = (struct dedup_key){ key[b]
		    + records[s->record[i]].group, s->record[i] };
}

static void *
sketch_batches(void *with)
{
	struct sketching *s = with;
	struct reader_of_texts x = { .fault = FAULT_NONE };
	bool is_broken = false;

	while (!is_broken) {
		size_t from, to;

		pthread_mutex_lock(&s->lock);
		from = s->next;
		to = s->next = s->len - from < BATCH ? s->len : from + BATCH;
		pthread_mutex_unlock(&s->lock);
		if (from == to)
			break;
		for (size_t i = from; i < to && !is_broken; i++) {
			int64_t n = shingles_of(&x, &records[s->record[i]]);

			is_broken = n < 0;
			if (!is_broken)
				sketch_one(s, &x, i, n);
		}
	}
	if (is_broken) {
		pthread_mutex_lock(&s->lock);
		if (s->rc == 0)
			*s->fault = x.fault;
		s->rc = -2;
		s->next = s->len;
		pthread_mutex_unlock(&s->lock);
	}
	buf_release(&x.noun);
	buf_release(&x.joined);
	buf_release(&x.shingles);
	return NULL;
}

static int
sketch_all(struct sketching *s)
{
	pthread_t thread[THREADS_MAX];
	long started = 0;

	while (started < threads - 1 && pthread_create(&thread[started], NULL,
	    sketch_batches, s) == 0)
		started++;
	sketch_batches(s);
	while (started > 0)
		pthread_join(thread[--started], NULL);
	return s->rc;
}

/* For --verify: reads two texts and compares all their shingles. */
struct verifying {
	struct reader_of_texts a, b;
};

static bool
is_same(void *with, uint32_t a, uint32_t b)
{
	struct verifying *v = with;
	int64_t n = shingles_of(&v->a, &records[a]);
	int64_t m = shingles_of(&v->b, &records[b]);

	return n > 0 && m > 0 && minhash_jaccard(
	    (uint64_t *)(void *)v->a.shingles.data, (size_t)n,
	    (uint64_t *)(void *)v->b.shingles.data, (size_t)m) >= verify;
}

static void
join_bands(struct sketching *s, uint32_t *parent)
{
	struct verifying v = { { .fault = FAULT_NONE }, { .fault = FAULT_NONE } };

	for (size_t b = 0; b < sketch.bands; b++) {
		struct dedup_key *key = s->key + b * s->len;
		size_t n = 0;

		for (size_t i = 0; i < s->len; i++)
			if (!s->is_short[i])
				key[n++] = key[i];
		dedup_band(records, parent, key, n, verify > 0 ? is_same : NULL, &v);
	}
	buf_release(&v.a.noun);
	buf_release(&v.a.joined);
	buf_release(&v.a.shingles);
	buf_release(&v.b.noun);
	buf_release(&v.b.joined);
	buf_release(&v.b.shingles);
}

static void *
room_for(size_t n, size_t size)
{
	void *p = calloc(n > 0 ? n : 1, size);

	if (p == NULL)
		arena_exhausted();
	return p;
}

static int
near(struct turn *t, struct fault *f)
{
	uint32_t *record = room_for(records_len, sizeof(*record));
	uint32_t *parent = room_for(records_len, sizeof(*parent));
	struct sketching s = { .record = record, .fault = f,
		.lock = PTHREAD_MUTEX_INITIALIZER };

	for (size_t i = 0; i < records_len; i++) {
		parent[i] = (uint32_t)i;
		if (records[i].keeper == i)
			record[s.len++] = (uint32_t)i;
	}
	s.key = room_for(s.len * sketch.bands, sizeof(*s.key));
	s.is_short = room_for(s.len, 1);
	if (sketch_all(&s) == 0) {
		join_bands(&s, parent);
		dedup_settle(records, parent, records_len);
		for (size_t i = 0; i < s.len; i++)
			count_add(t->count, "too-short-for-near", s.is_short[i]);
	}
	free(record);
	free(parent);
	free(s.key);
	free(s.is_short);
	return s.rc;
}

static int
put_id(struct reader_of_texts *x, const struct dedup_record *r, struct buf *b)
{
	struct dedup_text text;

	buf_clear(&x->noun);
	if (spool_read(spool, r->offset, buf_reserve(&x->noun, r->len), r->len,
	    &x->fault) < 0 || dedup_text_of(x->noun.data, r->len, &x->joined,
	    &text, &x->fault) < 0)
		return -2;
	json_put_text(b, text.id, text.id_len);
	return 0;
}

static int
tell_survivors(struct fault *f)
{
	struct reader_of_texts x = { .fault = FAULT_NONE };
	struct sink *s = sink_open(survivors, f);
	struct buf b = { 0 };
	int rc = s != NULL ? 0 : -2;

	for (size_t i = 0; i < records_len && rc == 0; i++) {
		const struct dedup_record *r = &records[i];

		if (r->keeper == i)
			continue;
		buf_clear(&b);
		buf_add_str(&b, "{\"dropped\":");
		rc = put_id(&x, r, &b);
		buf_add_str(&b, ",\"survivor\":");
		if (rc == 0)
			rc = put_id(&x, &records[r->keeper], &b);
		buf_printf(&b, ",\"exact\":%s}\n", r->hash[0]
		    == records[r->keeper].hash[0] ? "true" : "false");
		if (rc == 0)
			rc = sink_write(s, b.data, b.len, f);
	}
	if (rc < 0 && f->text[0] == '\0')
		*f = x.fault;
	buf_release(&b);
	buf_release(&x.noun);
	buf_release(&x.joined);
	if (rc == 0)
		return sink_close(s, f);
	sink_abandon(s);
	return rc;
}

static int
write_kept(struct turn *t, struct fault *f)
{
	for (size_t i = 0; i < records_len; i++) {
		const struct dedup_record *r = &records[i];

		if (r->keeper != i)
			continue;
		if (spool_read(spool, r->offset, buf_reserve(t->out, r->len),
		    r->len, f) < 0)
			return -2;
		t->out->len += r->len;
		count_add(t->count, "kept", 1);
		if (tool_flush(t, f) < 0)
			return -2;
	}
	return 0;
}

static int
end(struct turn *t, struct fault *f)
{
	size_t dropped = 0;
	int rc = 0;

	dedup_exact(records, records_len);
	for (size_t i = 0; i < records_len; i++)
		dropped += records[i].keeper != i;
	count_add(t->count, "dropped-exact", dropped);
	if (mode == MODE_NEAR)
		rc = near(t, f);
	for (size_t i = 0; i < records_len; i++)
		dropped -= records[i].keeper != i;
	count_add(t->count, "dropped-near", (uint64_t)0 - dropped);
	if (rc == 0 && survivors != NULL)
		rc = tell_survivors(f);
	if (rc == 0)
		rc = write_kept(t, f);
	free(records);
	spool_free(spool);
	buf_release(&joined);
	buf_release(&folded);
	return rc;
}

static const struct tool tool = {
	.name = "alignx-dedup",
	.gist = "pass each text on once",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_NOUNS,
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
