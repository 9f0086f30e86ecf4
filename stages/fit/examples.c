#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "stages/fit/examples.h"

enum { FOLDS_MAX = 256 };

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t
random_next(uint64_t *state)
{
	uint64_t x = *state += 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static void *
grow(void *old, size_t n, size_t size)
{
	void *p = reallocarray(old, n, size);

	if (p == NULL)
		arena_exhausted();
	return p;
}

static void
double_slots(struct examples *r)
{
	size_t n = r->slots == 0 ? 1024 : 2 * r->slots;

	free(r->slot);
	r->slot = calloc(n, sizeof(*r->slot));
	if (r->slot == NULL)
		arena_exhausted();
	r->group = grow(r->group, n / 2, sizeof(*r->group));
	r->slots = n;
	for (size_t i = 0; i < r->groups; i++) {
		size_t at = r->group[i] & (n - 1);

		while (r->slot[at] != 0)
			at = (at + 1) & (n - 1);
		r->slot[at] = (uint32_t)i + 1;
	}
}

static uint32_t
group_of(struct examples *r, const struct text *name)
{
	uint64_t hash = name != NULL
	    ? XXH3_64bits_withSeed(name->ptr, name->len, 1)
	    : XXH3_64bits(&r->seen, sizeof(r->seen));
	size_t at;

	if (2 * r->groups >= r->slots)
		double_slots(r);
	at = hash & (r->slots - 1);
	for (; r->slot[at] != 0; at = (at + 1) & (r->slots - 1))
		if (r->group[r->slot[at] - 1] == hash)
			return r->slot[at] - 1;
	r->group[r->groups++] = hash;
	r->slot[at] = (uint32_t)r->groups;
	return r->slot[at] - 1;
}

/* Where a row goes; NULL if it is not kept. */
static struct example *
place(struct examples *r)
{
	struct example *row;
	uint64_t at;

	if (r->len < r->most) {
		if (r->len == r->room) {
			r->room = r->room == 0 ? 1024 : 2 * r->room;
			r->at = grow(r->at, r->room, sizeof(*r->at));
		}
		return &r->at[r->len++];
	}
	at = random_next(&r->random) % r->seen;
	if (at >= r->most)
		return NULL;
	row = &r->at[at];
	free(row->id);
	free(row->value);
	return row;
}

void
examples_add(struct examples *r, const struct ngrams *text,
    const struct intensities *rules, const uint8_t label[DIMENSIONS],
    const struct text *group)
{
	struct example *row;

	r->seen++;
	if ((row = place(r)) == NULL)
		return;
	*row = (struct example){ .len = (uint32_t)text->len, .rules = *rules,
		.has_name = group != NULL };
	memcpy(row->label, label, DIMENSIONS);
	row->group = group_of(r, group);
	row->id = grow(NULL, text->len + 1, sizeof(*row->id));
	row->value = grow(NULL, text->len + 1, sizeof(*row->value));
	for (size_t i = 0; i < text->len; i++) {
		row->id[i] = text->at[i].id;
		row->value[i] = text->at[i].value;
	}
}

/* Which label a group is told apart by: that of its first row, with the pole. */
static int
kind_of(const struct example *row)
{
	for (int i = 0; i < DIMENSIONS; i++)
		if (row->label[i] != LABEL_NEUTRAL)
			return 2 * i + (row->label[i] == LABEL_HIGH);
	return 2 * DIMENSIONS;
}

void
examples_assign_folds(struct examples *r, int folds)
{
	static size_t of_kind[2 * DIMENSIONS + 1][FOLDS_MAX], all[FOLDS_MAX];
	uint8_t *fold = calloc(r->groups + 1, 1);
	size_t *size = calloc(r->groups + 1, sizeof(*size));

	if (fold == NULL || size == NULL)
		arena_exhausted();
	for (size_t i = 0; i < r->len; i++)
		size[r->at[i].group]++;
	for (size_t i = 0; i < r->len; i++) {
		struct example *row = &r->at[i];
		size_t *kind = of_kind[kind_of(row)];
		int best = 0;

		if (size[row->group] == 0) {	/* was dealt out already */
			row->fold = fold[row->group];
			continue;
		}
		for (int k = 1; k < folds; k++)
			if (kind[k] < kind[best]
			    || (kind[k] == kind[best] && all[k] < all[best]))
				best = k;
		kind[best] += size[row->group];
		all[best] += size[row->group];
		size[row->group] = 0;
		row->fold = fold[row->group] = (uint8_t)best;
	}
	free(fold);
	free(size);
}

void
examples_release(struct examples *r)
{
	for (size_t i = 0; i < r->len; i++) {
		free(r->at[i].id);
		free(r->at[i].value);
	}
	free(r->at);
	free(r->slot);
	free(r->group);
}
