#include "config.h"

#include "schema/direction_of.h"

/* For dimension i, from -JUDGE_SCALE to JUDGE_SCALE. */
static int
evidence_of(const struct intensities *x, int i)
{
	return x->value[i] * x->confidence[i];
}

static unsigned char
side(int evidence, double dead_zone)
{
	double beyond = dead_zone * JUDGE_SCALE;

	return evidence > beyond ? DIRECTION_HIGH
	    : evidence < -beyond ? DIRECTION_LOW : DIRECTION_NEUTRAL;
}

struct direction
judge_text(const struct intensities *x, double dead_zone)
{
	struct direction d;

	for (int i = 0; i < DIMENSIONS; i++)
		d.at[i] = side(evidence_of(x, i), dead_zone);
	return d;
}

struct direction
judge_pair(const struct intensities *first, const struct intensities *second,
    const unsigned char *wanted, double dead_zone)
{
	struct direction d = direction_neutral();

	for (int i = 0; i < DIMENSIONS; i++)
		if (wanted == NULL || wanted[i])
			d.at[i] = side(evidence_of(first, i)
			    - evidence_of(second, i), dead_zone);
	return d;
}
