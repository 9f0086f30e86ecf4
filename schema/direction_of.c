#include "config.h"

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
direction_of_pair(const struct intensities *first, const struct intensities *second,
    const unsigned char *compared, double dead_zone)
{
	struct direction d = direction_neutral();

	for (int i = 0; i < DIMENSIONS; i++)
		if (compared == NULL || compared[i])
			d.at[i] = pole_of(evidence_of(first, i) - evidence_of(second, i),
			    dead_zone);
	return d;
}
