#include "config.h"

#include <stdbool.h>
#include <stdlib.h>

#include "lib/core/arena.h"
#include "lib/core/casefold.h"
#include "lib/core/thread_pool.h"
#include "stages/dedup/near.h"
#include "stages/dedup/record_text.h"

enum { BATCH = 256 }; /* texts in an item of the job */

/* Makes shingles of texts; one for each thread. */
struct shingler {
	struct dedup_reread back;
	struct buf folded, shingles;
	struct fault fault;
};

/* The job of sketching all texts; its items are batches of texts. */
struct sketching {
	struct dedup_near *near;
	const struct dedup_record *records;
	const uint32_t *record; /* numbers of the records that are left */
	size_t len;
	struct dedup_key *key; /* one run of len for each band */
	unsigned char *is_short;
	struct shingler *shingler; /* one for each worker */
};

static void
shingler_release(struct shingler *x)
{
	dedup_reread_release(&x->back);
	buf_release(&x->folded);
	buf_release(&x->shingles);
}

static uint64_t *
shingles_in(const struct shingler *x)
{
	return (uint64_t *)(void *)x->shingles.data;
}

/* The shingles of a record's text: their number, or -1. */
static int64_t
shingles_of(const struct sketching *s, struct shingler *x, uint32_t record)
{
	const struct dedup_record *r = &s->records[record];
	struct dedup_text text;
	size_t len;

	if (dedup_text_reread(s->near->spool, r->offset, r->len, &x->back, &text, &x->fault) < 0)
		return -1;
	buf_clear(&x->folded);
	len = casefold_text(text.text, text.len, buf_reserve(&x->folded, text.len));
	minhash_shingles(s->near->sketch, x->folded.data, len, &x->shingles);
	return (int64_t)(x->shingles.len / sizeof(uint64_t));
}

static void
sketch_one(struct sketching *s, struct shingler *x, size_t i, int64_t n)
{
	const struct minhash *sketch = s->near->sketch;
	uint64_t key[MINHASH_BANDS_MAX];

	s->is_short[i] = n == 0;
	if (n == 0)
		return;
	minhash_keys(sketch, shingles_in(x), (size_t)n, key);
	for (size_t b = 0; b < sketch->bands; b++)
		s->key[b * s->len + i] = (struct dedup_key){
			key[b] + s->records[s->record[i]].group, s->record[i]
		};
}

static void
sketch_batch(void *with, size_t batch, size_t worker)
{
	struct sketching *s = with;
	struct shingler *x = &s->shingler[worker];
	size_t from = batch * BATCH;
	size_t to = s->len - from < BATCH ? s->len : from + BATCH;

	for (size_t i = from; i < to && x->fault.text[0] == '\0'; i++) {
		int64_t n = shingles_of(s, x, s->record[i]);

		if (n >= 0)
			sketch_one(s, x, i, n);
	}
}

static int
sketch_all(struct sketching *s, struct fault *f)
{
	struct thread_pool *pool = thread_pool_new(s->near->threads, f);
	size_t threads = s->near->threads;
	int rc = 0;

	if (pool == NULL)
		return -2;
	s->shingler = arena_calloc(threads, sizeof(*s->shingler));
	for (size_t i = 0; i < threads; i++)
		s->shingler[i].fault = FAULT_NONE;
	thread_pool_run(pool, (s->len + BATCH - 1) / BATCH, sketch_batch, s);
	for (size_t i = 0; i < threads; i++) {
		if (rc == 0 && s->shingler[i].fault.text[0] != '\0') {
			*f = s->shingler[i].fault;
			rc = -2;
		}
		shingler_release(&s->shingler[i]);
	}
	free(s->shingler);
	thread_pool_free(pool);
	return rc;
}

/* Compares all shingles of two texts. */
struct jaccard_check {
	const struct sketching *s;
	struct shingler a, b;
};

static bool
is_similar(void *with, uint32_t a, uint32_t b)
{
	struct jaccard_check *v = with;
	int64_t n = shingles_of(v->s, &v->a, a);
	int64_t m = shingles_of(v->s, &v->b, b);

	return n > 0 && m > 0
	    && minhash_jaccard(shingles_in(&v->a), (size_t)n, shingles_in(&v->b), (size_t)m)
	    >= v->s->near->min_jaccard;
}

/* Each table is limited in memory by itself. */
struct near_tables {
	struct spill_array record, parent, key, scratch, is_short;
};

static void
release(struct near_tables *t)
{
	spill_array_release(&t->record);
	spill_array_release(&t->parent);
	spill_array_release(&t->key);
	spill_array_release(&t->scratch);
	spill_array_release(&t->is_short);
}

static int
make_tables(struct near_tables *t, const struct dedup_near *near, size_t n, size_t kept,
    struct fault *f)
{
	const struct spill_array_limit *l = &near->limit;
	size_t keys = kept * sizeof(struct dedup_key);

	return spill_array_resize(&t->record, kept * sizeof(uint32_t), l, f) < 0
		|| spill_array_resize(&t->parent, n * sizeof(uint32_t), l, f) < 0
		|| spill_array_resize(&t->key, keys * near->sketch->bands, l, f) < 0
		|| spill_array_resize(&t->scratch, keys, l, f) < 0
		|| spill_array_resize(&t->is_short, kept, l, f) < 0
	    ? -2
	    : 0;
}

static void
join_bands(struct sketching *s, uint32_t *parent, struct dedup_key *scratch)
{
	struct jaccard_check v = { .s = s, .a.fault = FAULT_NONE, .b.fault = FAULT_NONE };

	for (size_t b = 0; b < s->near->sketch->bands; b++) {
		struct dedup_key *key = s->key + b * s->len;
		size_t n = 0;

		for (size_t i = 0; i < s->len; i++)
			if (!s->is_short[i])
				key[n++] = key[i];
		dedup_join_band(s->records, parent, key, scratch, n,
		    s->near->min_jaccard > 0 ? is_similar : NULL, &v);
	}
	shingler_release(&v.a);
	shingler_release(&v.b);
}

/* Lists the records that are left, but for posts; every record is its own parent. */
static void
list_records(struct sketching *s, size_t n, uint32_t *record, uint32_t *parent)
{
	for (size_t i = 0; i < n; i++) {
		parent[i] = (uint32_t)i;
		if (s->records[i].representative == i && !dedup_is_post(s->records[i].group))
			record[s->len++] = (uint32_t)i;
	}
	s->record = record;
}

int
dedup_near(struct dedup_near *near, struct dedup_record *records, size_t n, struct fault *f)
{
	struct near_tables t = { 0 };
	struct sketching s = { .near = near, .records = records };
	size_t kept = 0;
	int rc;

	for (size_t i = 0; i < n; i++)
		kept += records[i].representative == i && !dedup_is_post(records[i].group);
	if (make_tables(&t, near, n, kept, f) < 0) {
		release(&t);
		return -2;
	}
	s.key = t.key.data;
	s.is_short = t.is_short.data;
	list_records(&s, n, t.record.data, t.parent.data);
	if ((rc = sketch_all(&s, f)) == 0) {
		join_bands(&s, t.parent.data, t.scratch.data);
		dedup_set_representatives(records, t.parent.data, n);
		for (size_t i = 0; i < s.len; i++)
			near->too_short += s.is_short[i];
	}
	release(&t);
	return rc;
}
