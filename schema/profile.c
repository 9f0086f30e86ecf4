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
		if (MESSAGE_HAS(&ugc_descriptor, &u[i], direction))
			profile_add(p, &u[i].direction);
	for (size_t i = 0; i < r->feedback.len; i++)
		if (MESSAGE_HAS(&feedback_descriptor, &x[i], direction))
			profile_add(p, &x[i].direction);
}

/* No dimension passed: takes those at the extreme that is nearer to its end; none
 * if all means are equal. */
static void
take_extremes(const struct profile *p, struct direction *d)
{
	uint32_t max = 0, min = UINT32_MAX, full = 2 * p->items;

	for (int i = 0; i < DIMENSIONS; i++) {
		if (p->twice[i] > max)
			max = p->twice[i];
		if (p->twice[i] < min)
			min = p->twice[i];
	}
	if (max == min)
		return;
	for (int i = 0; i < DIMENSIONS; i++)
		if (full - max < min && p->twice[i] == max)
			d->at[i] = DIRECTION_HIGH;
		else if (full - max >= min && p->twice[i] == min)
			d->at[i] = DIRECTION_LOW;
}

/* The same from rounded means: 5/9 and 4/9, equally far from their ends, round so
 * that 5/9 is nearer. */
static void
take_rounded_extremes(const float mean[DIMENSIONS], struct direction *d)
{
	float max = 0, min = 1;

	for (int i = 0; i < DIMENSIONS; i++) {
		max = mean[i] > max ? mean[i] : max;
		min = mean[i] < min ? mean[i] : min;
	}
	for (int i = 0; i < DIMENSIONS && max > min; i++)
		if (1 - (double)max < (double)min && mean[i] >= max)
			d->at[i] = DIRECTION_HIGH;
		else if (1 - (double)max >= (double)min && mean[i] <= min)
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
