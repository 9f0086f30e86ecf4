#include "config.h"

#include <stdbool.h>

#include "schema/direction_of.h"

/* The evidence on dimension i, from -DIRECTION_OF_SCALE to DIRECTION_OF_SCALE. */
static int
evidence_of(const struct intensities *x, int i)
{
	return x->value[i] * x->confidence[i];
}

static unsigned char
pole_of(int evidence, double dead_zone)
{
	double threshold = dead_zone * DIRECTION_OF_SCALE;

	return evidence > threshold ? DIRECTION_HIGH
	    : evidence < -threshold ? DIRECTION_LOW
				    : DIRECTION_NEUTRAL;
}

struct direction
direction_of_text(const struct intensities *x, double dead_zone)
{
	struct direction d;

	for (int i = 0; i < DIMENSIONS; i++)
		d.at[i] = pole_of(evidence_of(x, i), dead_zone);
	return d;
}

struct direction
direction_of_difference(const struct intensities *first, const struct intensities *second,
    const unsigned char *compared, double dead_zone)
{
	struct direction d = direction_neutral();

	for (int i = 0; i < DIMENSIONS; i++)
		if (compared == NULL || compared[i])
			d.at[i] = pole_of(evidence_of(first, i) - evidence_of(second, i),
			    dead_zone);
	return d;
}

/* Does one text surely show a pole that the other surely does not? */
static bool
only_one_shows(const struct intensities *one, const struct intensities *other, int i,
    double dead_zone)
{
	const bool is_same_pole = evidence_of(other, i) != 0
	    && (one->value[i] > 0) == (other->value[i] > 0);

	return pole_of(evidence_of(one, i), dead_zone) != DIRECTION_NEUTRAL
	    && one->confidence[i] >= DIRECTION_SHOWN
	    && !(is_same_pole && other->confidence[i] > DIRECTION_NOT_SHOWN);
}

struct direction
direction_of_pair(const struct intensities *first, const struct intensities *second,
    double dead_zone)
{
	struct direction d = direction_neutral();

	for (int i = 0; i < DIMENSIONS; i++)
		if (only_one_shows(first, second, i, dead_zone))
			d.at[i] = pole_of(evidence_of(first, i), dead_zone);
		else if (only_one_shows(second, first, i, dead_zone))
			d.at[i] = pole_of(-evidence_of(second, i), dead_zone);
	return d;
}
