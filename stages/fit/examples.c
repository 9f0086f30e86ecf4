#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "stages/fit/examples.h"

static uint32_t
find_group(struct examples *x, const struct text *name)
{
	uint64_t hash = name != NULL ? XXH3_64bits_withSeed(name->ptr, name->len, 1)
				     : XXH3_64bits(&x->seen, sizeof(x->seen));
	struct hash_probe p = hash_index_probe(&x->group_index, hash);

	while (hash_probe_next(&p))
		if (x->group[p.number] == hash)
			return p.number;
	hash_index_add(&x->group_index, hash, x->groups);
	x->group = arena_grow_array(x->group, x->groups, &x->groups_capacity, sizeof(*x->group));
	x->group[x->groups] = hash;
	return (uint32_t)x->groups++;
}

/* Where the next example goes; NULL if it is not kept. */
static struct example *
place(struct examples *x)
{
	struct example *one;
	uint64_t at;

	if (x->len < x->max) {
		x->at = arena_grow_array(x->at, x->len, &x->capacity, sizeof(*x->at));
		return &x->at[x->len++];
	}
	at = random_below(&x->rng, x->seen);
	if (at >= x->max)
		return NULL;
	one = &x->at[at];
	free(one->id);
	free(one->value);
	return one;
}

void
examples_add(struct examples *x, const struct model_features *text, const uint8_t label[DIMENSIONS],
    bool is_read, const struct text *group)
{
	struct example *one;

	x->seen++;
	if ((one = place(x)) == NULL)
		return;
	*one = (struct example){ .len = (uint32_t)text->len, .is_read = is_read };
	x->has_read |= is_read;
	memcpy(one->label, label, DIMENSIONS);
	one->group = find_group(x, group);
	one->id = arena_calloc(text->len + 1, sizeof(*one->id));
	one->value = arena_calloc(text->len + 1, sizeof(*one->value));
	for (size_t i = 0; i < text->len; i++) {
		one->id[i] = text->at[i].id;
		one->value[i] = text->at[i].value;
	}
}

/* The stratum of an example: the first pole that it shows. */
static int
stratum_of(const struct example *one)
{
	for (int i = 0; i < DIMENSIONS; i++)
		if (one->label[i] < LABEL_NEUTRAL)
			return 2 * i + one->label[i];
	return 2 * DIMENSIONS;
}

void
examples_assign_folds(struct examples *x, int folds)
{
	static size_t of_stratum[2 * DIMENSIONS + 1][FOLDS_MAX], all[FOLDS_MAX];
	uint8_t *fold = arena_calloc(x->groups + 1, 1);
	size_t *size = arena_calloc(x->groups + 1, sizeof(*size));

	for (size_t i = 0; i < x->len; i++)
		size[x->at[i].group]++;
	for (size_t i = 0; i < x->len; i++) {
		struct example *one = &x->at[i];
		size_t *stratum = of_stratum[stratum_of(one)];
		int best = 0;

		if (size[one->group] == 0) { /* its group has a fold already */
			one->fold = fold[one->group];
			continue;
		}
		for (int k = 1; k < folds; k++)
			if (stratum[k] < stratum[best]
			    || (stratum[k] == stratum[best] && all[k] < all[best]))
				best = k;
		stratum[best] += size[one->group];
		all[best] += size[one->group];
		size[one->group] = 0;
		one->fold = fold[one->group] = (uint8_t)best;
	}
	free(fold);
	free(size);
}

void
examples_release(struct examples *x)
{
	for (size_t i = 0; i < x->len; i++) {
		free(x->at[i].id);
		free(x->at[i].value);
	}
	free(x->at);
	free(x->group);
	hash_index_release(&x->group_index);
}
