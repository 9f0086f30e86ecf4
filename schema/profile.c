#include "config.h"

#include "schema/profile.h"

void
profile_add(struct profile *p, const struct direction *d)
{
	p->items++;
	for (int i = 0; i < DIMENSIONS; i++)
		p->twice[i] += d->at[i];
}

void
profile_add_history(struct profile *p, const struct record *r)
{
	const struct ugc *u = r->ugc.item;
	const struct feedback *x = r->feedback.item;

	for (size_t i = 0; i < r->ugc.len; i++)
		if (NOUN_HAS(&ugc_layout, &u[i], direction))
			profile_add(p, &u[i].direction);
	for (size_t i = 0; i < r->feedback.len; i++)
		if (NOUN_HAS(&feedback_layout, &x[i], direction))
			profile_add(p, &x[i].direction);
}

/* Nothing passed: the dimensions at whichever extreme is nearer to its end.  A
 * history that is neutral everywhere has none. */
static void
take_extremes(const struct profile *p, struct direction *d)
{
	uint32_t most = 0, least = UINT32_MAX, full = 2 * p->items;

	for (int i = 0; i < DIMENSIONS; i++) {
		if (p->twice[i] > most)
			most = p->twice[i];
		if (p->twice[i] < least)
			least = p->twice[i];
	}
	if (most == least)
		return;
	for (int i = 0; i < DIMENSIONS; i++)
		if (full - most < least && p->twice[i] == most)
			d->at[i] = DIRECTION_HIGH;
		else if (full - most >= least && p->twice[i] == least)
			d->at[i] = DIRECTION_LOW;
}

/* The same by rounded means: 5/9 and 4/9, which are as far from their ends as each
 * other, round so that the first is nearer. */
static void
take_rounded_extremes(const float mean[DIMENSIONS], struct direction *d)
{
	float most = 0, least = 1;

	for (int i = 0; i < DIMENSIONS; i++) {
		most = mean[i] > most ? mean[i] : most;
		least = mean[i] < least ? mean[i] : least;
	}
	for (int i = 0; i < DIMENSIONS && most > least; i++)
		if (1 - (double)most < (double)least && mean[i] >= most)
			d->at[i] = DIRECTION_HIGH;
		else if (1 - (double)most >= (double)least && mean[i] <= least)
			d->at[i] = DIRECTION_LOW;
}

struct direction
profile_direction_as_released(const struct profile *p)
{
	struct direction d = direction_neutral();
	float mean[DIMENSIONS];

	if (p->items == 0)
		return d;
	for (int i = 0; i < DIMENSIONS; i++) {
		mean[i] = (float)p->twice[i] / 2 / (float)p->items;
		if ((double)mean[i] >= 0.6)
			d.at[i] = DIRECTION_HIGH;
		else if ((double)mean[i] <= 0.4)
			d.at[i] = DIRECTION_LOW;
	}
	if (direction_is_neutral(&d))
		take_rounded_extremes(mean, &d);
	return d;
}

struct direction
profile_direction(const struct profile *p)
{
	struct direction d = direction_neutral();

	if (p->items == 0)
		return d;
	/* mean = twice / (2 items); 0.6 = 6/10, so compare 10 twice with 12 items */
	for (int i = 0; i < DIMENSIONS; i++)
		if (10 * (uint64_t)p->twice[i] >= 12 * (uint64_t)p->items)
			d.at[i] = DIRECTION_HIGH;
		else if (10 * (uint64_t)p->twice[i] <= 8 * (uint64_t)p->items)
			d.at[i] = DIRECTION_LOW;
	if (direction_is_neutral(&d))
		take_extremes(p, &d);
	return d;
}
