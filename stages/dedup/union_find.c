#include "config.h"

#include <stdlib.h>

#include "stages/dedup/union_find.h"

enum { HEADS_MAX = 8 }; /* texts of a bucket that another is compared with */

/* Is record a kept rather than b? */
static bool
is_before(const struct dedup_record *r, uint32_t a, uint32_t b)
{
	const struct dedup_record *x = &r[a], *y = &r[b];

	if (x->created != y->created)
		return x->created < y->created;
	if (x->id != y->id)
		return x->id < y->id;
	if (x->hash[0] != y->hash[0])
		return x->hash[0] < y->hash[0];
	return a < b;
}

/* An open-addressing table of records by hash; a slot holds number + 1.  Not a hash_index:
 * the table may exceed memory and goes to disk. */
int
dedup_exact(struct dedup_record *r, size_t n, const struct spill_array_limit *l, struct fault *f)
{
	size_t slots = 1024, mask;
	struct spill_array spilled = { 0 };
	uint32_t *slot;

	while (slots < 2 * n)
		slots *= 2;
	mask = slots - 1;
	if (spill_array_resize(&spilled, slots * sizeof(*slot), l, f) < 0)
		return -2;
	slot = spilled.data;
	for (size_t i = 0; i < n; i++) {
		size_t at = r[i].hash[0] & mask;
		uint32_t had;

		r[i].representative = (uint32_t)i;
		while (slot[at] != 0
		    && (r[slot[at] - 1].hash[0] != r[i].hash[0]
			|| r[slot[at] - 1].hash[1] != r[i].hash[1]))
			at = (at + 1) & mask;
		had = slot[at];
		if (had == 0 || is_before(r, (uint32_t)i, had - 1))
			slot[at] = (uint32_t)i + 1;
		if (had != 0) {
			/* the loser points to the winner */
			uint32_t representative = slot[at] - 1;

			r[had - 1].representative = representative;
			r[i].representative = representative;
		}
	}
	for (size_t i = 0; i < n; i++)
		while (r[r[i].representative].representative != r[i].representative)
			r[i].representative = r[r[i].representative].representative;
	spill_array_release(&spilled);
	return 0;
}

static uint32_t
root(uint32_t *parent, uint32_t x)
{
	while (parent[x] != x)
		x = parent[x] = parent[parent[x]];
	return x;
}

static void
join(const struct dedup_record *r, uint32_t *parent, uint32_t a, uint32_t b)
{
	a = root(parent, a);
	b = root(parent, b);
	if (a == b)
		return;
	if (is_before(r, a, b))
		parent[b] = a;
	else
		parent[a] = b;
}

/* By key, then by number: the same order for any number of threads. */
static int
by_key(const void *va, const void *vb)
{
	const struct dedup_key *a = va, *b = vb;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->record < b->record ? -1 : a->record > b->record;
}

/* A stable radix sort, 16 bits a pass; small bands use qsort(). */
static void
sort_keys(struct dedup_key *key, struct dedup_key *scratch, size_t n)
{
	struct dedup_key *from = key, *to = scratch;

	if (n < 4096) {
		if (n > 0)
			qsort(key, n, sizeof(*key), by_key);
		return;
	}
	for (int shift = 0; shift < 64; shift += 16) {
		static size_t at[1 << 16];
		struct dedup_key *swap;
		size_t sum = 0;

		for (size_t i = 0; i < 1 << 16; i++)
			at[i] = 0;
		for (size_t i = 0; i < n; i++)
			at[from[i].key >> shift & 0xffff]++;
		for (size_t i = 0; i < 1 << 16; i++) {
			size_t here = at[i];

			at[i] = sum;
			sum += here;
		}
		for (size_t i = 0; i < n; i++)
			to[at[from[i].key >> shift & 0xffff]++] = from[i];
		swap = from;
		from = to;
		to = swap;
	}
	/* four passes: the result is in key again */
}

static void
join_bucket(const struct dedup_record *r, uint32_t *parent, const struct dedup_key *key, size_t n,
    dedup_same_fn *same, void *with)
{
	uint32_t head[HEADS_MAX];
	size_t heads = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < heads && same != NULL && !same(with, head[k], key[i].record))
			k++;
		if (k < heads)
			join(r, parent, head[k], key[i].record);
		else if (heads < HEADS_MAX)
			head[heads++] = key[i].record;
	}
}

void
dedup_join_band(const struct dedup_record *r, uint32_t *parent, struct dedup_key *key,
    struct dedup_key *scratch, size_t n, dedup_same_fn *same, void *with)
{
	size_t next;

	sort_keys(key, scratch, n);
	for (size_t i = 0; i < n; i = next) {
		for (next = i + 1; next < n && key[next].key == key[i].key;)
			next++;
		if (next - i > 1)
			join_bucket(r, parent, key + i, next - i, same, with);
	}
}

void
dedup_set_representatives(struct dedup_record *r, uint32_t *parent, size_t n)
{
	for (size_t i = 0; i < n; i++)
		r[i].representative = root(parent, r[i].representative);
}

size_t
dedup_count_dropped(const struct dedup_record *r, size_t n)
{
	size_t dropped = 0;

	for (size_t i = 0; i < n; i++)
		dropped += r[i].representative != i;
	return dropped;
}
