#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "stages/emit/item_index.h"

enum {
	FROM_EACH_LIST = 48, /* candidates from the list of each pole of a record */
	LISTS_MAX = 24,      /* lists used for a record, shortest first */
};

int
item_index_add(struct item_index *x, const struct emit_item *item, struct fault *f)
{
	if (spill_array_reserve(&x->items, x->len, sizeof(*item), &x->limit, f) < 0)
		return -2;
	x->item = x->items.data;
	x->item[x->len++] = *item;
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

/* The items of the index that is being sorted: qsort() takes no argument. */
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
make_ranks(const struct item_index *x, struct spill_array *to, struct fault *f)
{
	uint32_t *all;

	if (spill_array_resize(to, x->len * sizeof(*all), &x->limit, f) < 0)
		return -2;
	all = to->data;
	for (size_t i = 0; i < x->len; i++)
		all[i] = (uint32_t)i;
	ranked = x->item;
	return spill_array_sort(to, x->len, sizeof(*all), by_rank, &x->limit, f);
}

/* The lists follow each other in one array: counted first, filled later. */
static int
place_lists(struct item_index *x, struct fault *f)
{
	size_t total = 0;
	uint32_t *at;

	for (size_t k = 0; k < x->len; k++)
		for (int i = 0; i < DIMENSIONS; i++)
			if (x->item[k].direction.at[i] != DIRECTION_NEUTRAL) {
				x->list_len[i][x->item[k].direction.at[i] / 2]++;
				total++;
			}
	if (spill_array_resize(&x->lists, total * sizeof(*at), &x->limit, f) < 0)
		return -2;
	at = x->lists.data;
	for (int i = 0; i < DIMENSIONS; i++)
		for (int pole = 0; pole < 2; pole++) {
			x->list[i][pole] = at;
			at += x->list_len[i][pole];
			x->list_len[i][pole] = 0;
		}
	return 0;
}

/* Each list gets its items in the order of their ranks. */
static int
make_lists(struct item_index *x, struct fault *f)
{
	struct spill_array ranks = { 0 };
	const uint32_t *all;
	int rc = make_ranks(x, &ranks, f);

	if (rc == 0)
		rc = place_lists(x, f);
	all = ranks.data;
	for (size_t k = 0; rc == 0 && k < x->len; k++)
		for (int i = 0; i < DIMENSIONS; i++) {
			unsigned char at = x->item[all[k]].direction.at[i];

			if (at != DIRECTION_NEUTRAL)
				x->list[i][at / 2][x->list_len[i][at / 2]++] = all[k];
		}
	spill_array_release(&ranks);
	return rc;
}

int
item_index_build(struct item_index *x, struct fault *f)
{
	if (spill_array_sort(&x->items, x->len, sizeof(*x->item), by_user, &x->limit, f) < 0)
		return -2;
	x->item = x->items.data;
	return make_lists(x, f);
}

size_t
item_index_user_end(const struct item_index *x, size_t i)
{
	uint64_t user = x->item[i].user;

	while (i < x->len && x->item[i].user == user)
		i++;
	return i;
}

static void
reserve_found(struct item_index *x, size_t n)
{
	if (n <= x->found_room)
		return;
	free(x->found);
	x->found_room = n;
	x->found = arena_calloc(n, sizeof(*x->found));
}

const struct emit_item **
item_index_of_user(struct item_index *x, size_t begin, size_t end, size_t *n)
{
	reserve_found(x, end - begin);
	for (size_t i = begin; i < end; i++)
		x->found[i - begin] = &x->item[i];
	*n = end - begin;
	return x->found;
}

struct pole_list {
	int dimension, pole;
	uint32_t len;
};

static int
by_rarity(const void *va, const void *vb)
{
	const struct pole_list *a = va, *b = vb;

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

/* The first item of a list whose rank is at least this. */
static uint32_t
first_from(const struct item_index *x, const struct pole_list *l, uint64_t rank)
{
	uint32_t low = 0, high = l->len;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (x->item[x->list[l->dimension][l->pole][middle]].rank < rank)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t
add_from(struct item_index *x, const struct pole_list *l, const struct emit_item *record, size_t n)
{
	uint64_t key[2] = { record->rank, (uint64_t)l->dimension };
	uint32_t at = first_from(x, l, XXH3_64bits(key, sizeof(key)));
	uint32_t most = l->len < FROM_EACH_LIST ? l->len : FROM_EACH_LIST;

	for (uint32_t i = 0; i < most; i++) {
		const struct emit_item *item =
		    &x->item[x->list[l->dimension][l->pole][(at + i) % l->len]];

		if (emit_item_is_on_side_of(item, record) && item->source == record->source)
			x->found[n++] = item;
	}
	return n;
}

const struct emit_item **
item_index_matched(struct item_index *x, const struct emit_item *record, size_t *n)
{
	struct pole_list poles[DIMENSIONS];
	size_t lists = 0, found = 0, kept = 0;

	for (int i = 0; i < DIMENSIONS; i++) {
		int pole = record->direction.at[i] / 2;

		if (record->direction.at[i] != DIRECTION_NEUTRAL && x->list_len[i][pole] > 0)
			poles[lists++] = (struct pole_list){ i, pole, x->list_len[i][pole] };
	}
	qsort(poles, lists, sizeof(*poles), by_rarity);
	reserve_found(x, FROM_EACH_LIST * LISTS_MAX);
	for (size_t k = 0; k < lists && k < LISTS_MAX; k++)
		found = add_from(x, &poles[k], record, found);
	if (found > 0)
		qsort(x->found, found, sizeof(*x->found), by_address);
	for (size_t i = 0; i < found; i++)
		if (i == 0 || x->found[i] != x->found[i - 1])
			x->found[kept++] = x->found[i];
	*n = kept;
	return x->found;
}

void
item_index_release(struct item_index *x)
{
	spill_array_release(&x->items);
	spill_array_release(&x->lists);
	free(x->found);
	*x = (struct item_index){ 0 };
}
