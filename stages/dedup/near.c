#include "config.h"

#include <pthread.h>
#include <stdbool.h>

#include "lib/core/casefold.h"
#include "stages/dedup/near.h"
#include "stages/dedup/record_text.h"

enum { BATCH = 256 };		/* texts a thread takes at a time */

/* The texts to be sketched, handed out in batches. */
struct sketching {
	struct dedup_near *near;
	const struct dedup_record *records;
	const uint32_t *record;		/* those that stayed so far */
	size_t len, next;
	struct dedup_key *key;		/* bands runs of len */
	unsigned char *is_short;
	pthread_mutex_t lock;
	int rc;
	struct fault *fault;
};

/* What a thread needs to read texts back. */
struct shingler {
	struct dedup_back back;
	struct buf folded, shingles;
	struct fault fault;
};

static void
shingler_release(struct shingler *x)
{
	dedup_back_release(&x->back);
	buf_release(&x->folded);
	buf_release(&x->shingles);
}

static uint64_t *
shingles(const struct shingler *x)
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

	if (dedup_text_back(s->near->spool, r->offset, r->len, &x->back, &text,
	    &x->fault) < 0)
		return -1;
	buf_clear(&x->folded);
	len = fold_text(text.text, text.len, buf_reserve(&x->folded, text.len));
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
	minhash_keys(sketch, shingles(x), (size_t)n, key);
	for (size_t b = 0; b < sketch->bands; b++)
		s->key[b * s->len + i] = (struct dedup_key){ key[b]
		    + s->records[s->record[i]].group, s->record[i] };
}

static bool
take_batch(struct sketching *s, size_t *from, size_t *to)
{
	pthread_mutex_lock(&s->lock);
	*from = s->next;
	*to = s->next = s->len - *from < BATCH ? s->len : *from + BATCH;
	pthread_mutex_unlock(&s->lock);
	return *from < *to;
}

static void
give_up(struct sketching *s, const struct fault *why)
{
	pthread_mutex_lock(&s->lock);
	if (s->rc == 0)
		*s->fault = *why;
	s->rc = -2;
	s->next = s->len;
	pthread_mutex_unlock(&s->lock);
}

static void *
sketch_batches(void *with)
{
	struct sketching *s = with;
	struct shingler x = { .fault = FAULT_NONE };
	size_t from, to;
	int64_t n = 0;

	while (n >= 0 && take_batch(s, &from, &to))
		for (size_t i = from; i < to && n >= 0; i++)
			if ((n = shingles_of(s, &x, s->record[i])) >= 0)
				sketch_one(s, &x, i, n);
	if (n < 0)
		give_up(s, &x.fault);
	shingler_release(&x);
	return NULL;
}

static int
sketch_all(struct sketching *s)
{
	pthread_t thread[DEDUP_THREADS_MAX];
	size_t started = 0;

	while (started + 1 < s->near->threads && pthread_create(&thread[started],
	    NULL, sketch_batches, s) == 0)
		started++;
	sketch_batches(s);
	while (started > 0)
		pthread_join(thread[--started], NULL);
	return s->rc;
}

/* Reads two texts and compares all their shingles. */
struct verifying {
	const struct sketching *s;
	struct shingler a, b;
};

static bool
is_same(void *with, uint32_t a, uint32_t b)
{
	struct verifying *v = with;
	int64_t n = shingles_of(v->s, &v->a, a);
	int64_t m = shingles_of(v->s, &v->b, b);

	return n > 0 && m > 0 && minhash_jaccard(shingles(&v->a), (size_t)n,
	    shingles(&v->b), (size_t)m) >= v->s->near->verify;
}

/* The tables: what stays in memory of each is limited. */
struct tables {
	struct room record, parent, key, beside, is_short;
};

static void
release(struct tables *t)
{
	room_release(&t->record);
	room_release(&t->parent);
	room_release(&t->key);
	room_release(&t->beside);
	room_release(&t->is_short);
}

static int
make_tables(struct tables *t, const struct dedup_near *near, size_t n,
    size_t kept, struct fault *f)
{
	const struct room_limit *l = &near->limit;
	size_t keys = kept * sizeof(struct dedup_key);

	return room_resize(&t->record, kept * sizeof(uint32_t), l, f) < 0
	    || room_resize(&t->parent, n * sizeof(uint32_t), l, f) < 0
	    || room_resize(&t->key, keys * near->sketch->bands, l, f) < 0
	    || room_resize(&t->beside, keys, l, f) < 0
	    || room_resize(&t->is_short, kept, l, f) < 0 ? -2 : 0;
}

static void
join_bands(struct sketching *s, uint32_t *parent, struct dedup_key *beside)
{
	struct verifying v = { .s = s, .a.fault = FAULT_NONE,
		.b.fault = FAULT_NONE };

	for (size_t b = 0; b < s->near->sketch->bands; b++) {
		struct dedup_key *key = s->key + b * s->len;
		size_t n = 0;

		for (size_t i = 0; i < s->len; i++)
			if (!s->is_short[i])
				key[n++] = key[i];
		dedup_band(s->records, parent, key, beside, n,
		    s->near->verify > 0 ? is_same : NULL, &v);
	}
	shingler_release(&v.a);
	shingler_release(&v.b);
}

/* The records that stayed so far, and every record as its own parent. */
static void
list(struct sketching *s, size_t n, uint32_t *record, uint32_t *parent)
{
	for (size_t i = 0; i < n; i++) {
		parent[i] = (uint32_t)i;
		if (s->records[i].keeper == i)
			record[s->len++] = (uint32_t)i;
	}
	s->record = record;
}

int
dedup_near(struct dedup_near *near, struct dedup_record *records, size_t n,
    struct fault *f)
{
	struct tables t = { 0 };
	struct sketching s = { .near = near, .records = records, .fault = f,
		.lock = PTHREAD_MUTEX_INITIALIZER };
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		kept += records[i].keeper == i;
	if (make_tables(&t, near, n, kept, f) < 0) {
		release(&t);
		return -2;
	}
	s.key = t.key.data;
	s.is_short = t.is_short.data;
	list(&s, n, t.record.data, t.parent.data);
	if (sketch_all(&s) == 0) {
		join_bands(&s, t.parent.data, t.beside.data);
		dedup_settle(records, t.parent.data, n);
		for (size_t i = 0; i < s.len; i++)
			near->too_short += s.is_short[i];
	}
	release(&t);
	return s.rc;
}
