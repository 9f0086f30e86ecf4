#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "stages/emit/item_index.h"

enum {
	FROM_EACH_LIST = 48,	/* candidates looked at for each pole of a record */
	LISTS_MAX = 24,		/* poles of a record that are looked up, rarest first */
};

static void *
grown(void *p, size_t n, size_t size)
{
	if ((p = reallocarray(p, n, size)) == NULL)
		arena_exhausted();
	return p;
}

int
pool_add(struct pool *p, const struct emit_item *item, struct fault *f)
{
	if (room_for_row(&p->items, p->len, sizeof(*item), &p->limit, f) < 0)
		return -2;
	p->item = p->items.data;
	p->item[p->len++] = *item;
	return 0;
}

static int
by_user(const void *va, const void *vb)
{
	const struct emit_item *a = va, *b = vb;

	if (a->user != b->user)
		return a->user < b->user ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->is_pair != b->is_pair)
		return a->is_pair ? 1 : -1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* qsort() has no argument for the items; one pool is sorted at a time. */
static const struct emit_item *ranked;

static int
by_rank(const void *va, const void *vb)
{
	const struct emit_item *a = &ranked[*(const uint32_t *)va];
	const struct emit_item *b = &ranked[*(const uint32_t *)vb];

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return by_user(a, b);
}

/* The numbers of all items, by rank. */
static int
make_ranks(const struct pool *p, struct room *to, struct fault *f)
{
	uint32_t *all;

	if (room_resize(to, p->len * sizeof(*all), &p->limit, f) < 0)
		return -2;
	all = to->data;
	for (size_t i = 0; i < p->len; i++)
		all[i] = (uint32_t)i;
	ranked = p->item;
	return room_sort(to, p->len, sizeof(*all), by_rank, &p->limit, f);
}

/* The lists lie one behind the other: counted first, then filled. */
static int
place_lists(struct pool *p, struct fault *f)
{
	size_t total = 0;
	uint32_t *at;

	for (size_t k = 0; k < p->len; k++)
		for (int i = 0; i < DIMENSIONS; i++)
			if (p->item[k].direction.at[i] != DIRECTION_NEUTRAL) {
				p->list_len[i][p->item[k].direction.at[i] / 2]++;
				total++;
			}
	if (room_resize(&p->lists, total * sizeof(*at), &p->limit, f) < 0)
		return -2;
	at = p->lists.data;
	for (int i = 0; i < DIMENSIONS; i++)
		for (int pole = 0; pole < 2; pole++) {
			p->list[i][pole] = at;
			at += p->list_len[i][pole];
			p->list_len[i][pole] = 0;
		}
	return 0;
}

/* Each list gets its items in the order of their ranks. */
static int
make_lists(struct pool *p, struct fault *f)
{
	struct room ranks = { 0 };
	const uint32_t *all;
	int rc = make_ranks(p, &ranks, f);

	if (rc == 0)
		rc = place_lists(p, f);
	all = ranks.data;
	for (size_t k = 0; rc == 0 && k < p->len; k++)
		for (int i = 0; i < DIMENSIONS; i++) {
			unsigned char at = p->item[all[k]].direction.at[i];

			if (at != DIRECTION_NEUTRAL)
				p->list[i][at / 2][p->list_len[i][at / 2]++] = all[k];
		}
	room_release(&ranks);
	return rc;
}

int
pool_ready(struct pool *p, bool is_matched, struct fault *f)
{
	if (room_sort(&p->items, p->len, sizeof(*p->item), by_user, &p->limit,
	    f) < 0)
		return -2;
	p->item = p->items.data;
	return is_matched ? make_lists(p, f) : 0;
}

size_t
pool_user_end(const struct pool *p, size_t i)
{
	uint64_t user = p->item[i].user;

	while (i < p->len && p->item[i].user == user)
		i++;
	return i;
}

static void
make_room(struct pool *p, size_t n)
{
	if (n <= p->found_room)
		return;
	p->found_room = n;
	p->found = grown(p->found, n, sizeof(*p->found));
}

const struct emit_item **
pool_of_user(struct pool *p, size_t begin, size_t end, size_t *n)
{
	make_room(p, end - begin);
	for (size_t i = begin; i < end; i++)
		p->found[i - begin] = &p->item[i];
	*n = end - begin;
	return p->found;
}

struct pole {
	int dimension, pole;
	uint32_t len;
};

static int
by_rarity(const void *va, const void *vb)
{
	const struct pole *a = va, *b = vb;

	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return a->dimension - b->dimension;
}

static int
by_address(const void *va, const void *vb)
{
	const struct emit_item *const *a = va, *const *b = vb;

	return *a < *b ? -1 : *a > *b;
}

/* The first item of a list whose rank is not below, where a walk begins. */
static uint32_t
first_from(const struct pool *p, const struct pole *l, uint64_t rank)
{
	uint32_t low = 0, high = l->len;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (p->item[p->list[l->dimension][l->pole][middle]].rank < rank)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t
add_from(struct pool *p, const struct pole *l, const struct emit_item *record,
    size_t n)
{
	uint64_t key[2] = { record->rank, (uint64_t)l->dimension };
	uint32_t at = first_from(p, l, XXH3_64bits(key, sizeof(key)));
	uint32_t most = l->len < FROM_EACH_LIST ? l->len : FROM_EACH_LIST;

	for (uint32_t i = 0; i < most; i++) {
		const struct emit_item *x =
		    &p->item[p->list[l->dimension][l->pole][(at + i) % l->len]];

		if (x->side == record->side && x->source == record->source)
			p->found[n++] = x;
	}
	return n;
}

const struct emit_item **
pool_matched(struct pool *p, const struct emit_item *record, size_t *n)
{
	struct pole poles[DIMENSIONS];
	size_t lists = 0, found = 0, kept = 0;

	for (int i = 0; i < DIMENSIONS; i++) {
		int pole = record->direction.at[i] / 2;

		if (record->direction.at[i] != DIRECTION_NEUTRAL
		    && p->list_len[i][pole] > 0)
			poles[lists++] = (struct pole){ i, pole,
				p->list_len[i][pole] };
	}
	qsort(poles, lists, sizeof(*poles), by_rarity);
	make_room(p, FROM_EACH_LIST * LISTS_MAX);
	for (size_t k = 0; k < lists && k < LISTS_MAX; k++)
		found = add_from(p, &poles[k], record, found);
	if (found > 0)
		qsort(p->found, found, sizeof(*p->found), by_address);
	for (size_t i = 0; i < found; i++)
		if (i == 0 || p->found[i] != p->found[i - 1])
			p->found[kept++] = p->found[i];
	*n = kept;
	return p->found;
}

void
pool_release(struct pool *p)
{
	room_release(&p->items);
	room_release(&p->lists);
	free(p->found);
	*p = (struct pool){ 0 };
}
