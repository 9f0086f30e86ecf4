#include "config.h"

#include "schema/judge.h"

int
judge_evidence(const struct intensities *x, int i)
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
		d.at[i] = side(judge_evidence(x, i), dead_zone);
	return d;
}

struct direction
judge_pair(const struct intensities *first, const struct intensities *second,
    const unsigned char *wanted, double dead_zone)
{
	struct direction d = direction_neutral();

	for (int i = 0; i < DIMENSIONS; i++)
		if (wanted == NULL || wanted[i])
			d.at[i] = side(judge_evidence(first, i)
			    - judge_evidence(second, i), dead_zone);
	return d;
}
