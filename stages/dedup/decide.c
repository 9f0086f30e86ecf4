#include "config.h"

#include "stages/dedup/decide.h"

enum { SPAM = 2 }; /* copies of a text by its user under other posts that make it spam */

int
decide_add(struct dedup_decide *d, const struct dedup_signature *s, struct fault *f)
{
	struct dedup_record r = s->record;

	if (s->bands > 0 && d->bands > 0 && s->bands != d->bands)
		return fault_set(f, "bad-signature",
		    "this was made with %zu bands, others with %zu", s->bands, d->bands);
	if (d->len == UINT32_MAX)
		return fault_stop(f, "more than %u texts", UINT32_MAX);
	if (s->bands > 0)
		d->bands = s->bands;
	r.offset = d->keys_len; /* of its keys */
	r.len = (uint32_t)s->bands;
	if (spill_array_reserve(&d->records, d->len, sizeof(r), &d->limit, f) < 0
	    || spill_array_reserve(&d->keys, d->keys_len + s->bands, sizeof(uint64_t), &d->limit, f)
		< 0)
		return -2;
	((struct dedup_record *)d->records.data)[d->len++] = r;
	for (size_t b = 0; b < s->bands; b++)
		((uint64_t *)d->keys.data)[d->keys_len++] = s->band[b];
	return 0;
}

/* The keys of one band, of the records that are left. */
static size_t
list_band(const struct dedup_decide *d, size_t band, struct dedup_key *key)
{
	const struct dedup_record *r = d->records.data;
	const uint64_t *keys = d->keys.data;
	size_t n = 0;

	for (size_t i = 0; i < d->len; i++)
		if (r[i].representative == i && r[i].len > 0)
			key[n++] = (struct dedup_key){ keys[r[i].offset + band] + r[i].group,
				(uint32_t)i };
	return n;
}

static int
join_near(struct dedup_decide *d, struct fault *f)
{
	struct spill_array parents = { 0 }, keys = { 0 }, scratch = { 0 };
	const size_t size = (d->len + 1) * sizeof(struct dedup_key);
	uint32_t *parent;
	int rc = spill_array_resize(&parents, (d->len + 1) * sizeof(*parent), &d->limit, f) < 0
		|| spill_array_resize(&keys, size, &d->limit, f) < 0
		|| spill_array_resize(&scratch, size, &d->limit, f) < 0
	    ? -2
	    : 0;

	parent = parents.data;
	for (size_t i = 0; i < d->len && rc == 0; i++)
		parent[i] = (uint32_t)i;
	for (size_t b = 0; b < d->bands && rc == 0; b++)
		dedup_join_band(d->records.data, parent, keys.data, scratch.data,
		    list_band(d, b, keys.data), NULL, NULL);
	if (rc == 0)
		dedup_set_representatives(d->records.data, parent, d->len);
	spill_array_release(&parents);
	spill_array_release(&keys);
	spill_array_release(&scratch);
	return rc;
}

/* A copy that the user of a text wrote under another post. */
struct own_copy {
	uint64_t kept, key; /* number of the text that is kept; the copy */
};

static int
by_copy(const void *va, const void *vb)
{
	const struct own_copy *a = va, *b = vb;

	if (a->kept != b->kept)
		return a->kept < b->kept ? -1 : 1;
	return a->key < b->key ? -1 : a->key > b->key;
}

/* Sets, for each text that is kept, whether its user wrote it under many posts. */
static int
find_spam(const struct dedup_decide *d, bool *is_spam, struct fault *f)
{
	const struct dedup_record *r = d->records.data;
	struct spill_array copies = { 0 };
	struct own_copy *c;
	size_t n = 0, run = 0;
	int rc = 0;

	for (size_t i = 0; i < d->len && rc == 0; i++) {
		const struct dedup_record *kept = &r[r[i].representative];

		if (r[i].user == 0 || r[i].user != kept->user || r[i].thread == kept->thread)
			continue;
		if ((rc = spill_array_reserve(&copies, n, sizeof(*c), &d->limit, f)) == 0)
			((struct own_copy *)copies.data)[n++] = (struct own_copy){
				r[i].representative, signature_key(&r[i])
			};
	}
	if (rc == 0)
		rc = spill_array_sort(&copies, n, sizeof(*c), by_copy, &d->limit, f);
	c = copies.data;
	for (size_t i = 0; i < n && rc == 0; i++) {
		const bool is_same = i > 0 && c[i].kept == c[i - 1].kept;

		/* a comment that is in two dumps is one copy */
		run = is_same ? run + (c[i].key != c[i - 1].key) : 1;
		is_spam[c[i].kept] = run >= SPAM;
	}
	spill_array_release(&copies);
	return rc;
}

/* The keys of what is dropped.  Other copies of the same id are not listed: they have one key. */
static int
list_keys(struct dedup_decide *d, struct key_list *list, struct counters *count, struct fault *f)
{
	const struct dedup_record *r = d->records.data;
	struct spill_array marks = { 0 };
	const bool *is_spam;
	uint64_t spam = 0;
	int rc = spill_array_resize(&marks, d->len + 1, &d->limit, f);

	if (rc == 0)
		rc = find_spam(d, marks.data, f);
	is_spam = marks.data;
	for (size_t i = 0; i < d->len && rc == 0; i++) {
		const bool is_own_spam = is_spam[r[i].representative];

		spam += is_own_spam;
		if (is_own_spam || r[i].id != r[r[i].representative].id)
			rc = key_list_add(list, signature_key(&r[i]), &d->limit, f);
	}
	counters_add(count, "dropped-spam", spam);
	spill_array_release(&marks);
	return rc < 0 ? rc : key_list_sort(list, &d->limit, f);
}

int
decide_list(struct dedup_decide *d, struct counters *count, struct key_list *list, struct fault *f)
{
	size_t exact;
	int rc = dedup_exact(d->records.data, d->len, &d->limit, f);

	exact = rc == 0 ? dedup_count_dropped(d->records.data, d->len) : 0;
	if (rc == 0 && d->bands > 0)
		rc = join_near(d, f);
	if (rc == 0)
		rc = list_keys(d, list, count, f);
	if (rc == 0) {
		counters_add(count, "dropped-exact", exact);
		counters_add(count, "dropped-near",
		    dedup_count_dropped(d->records.data, d->len) - exact);
	}
	spill_array_release(&d->records);
	spill_array_release(&d->keys);
	return rc;
}
