#include "config.h"

#include "lib/core/random.h"

static uint64_t
mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

struct random
random_stream(uint64_t seed, uint64_t stream)
{
	return (struct random){ mix(mix(seed + 0x9e3779b97f4a7c15u)
	    + stream * 0xd1342543de82ef95u) };
}

static uint64_t
bits(struct random *r)
{
	return mix(r->state += 0x9e3779b97f4a7c15u);
}

uint64_t
random_below(struct random *r, uint64_t below)
{
	uint64_t rest = UINT64_MAX % below + 1, x;

	/* draws above the last whole multiple of `below` are rejected */
	do
		x = bits(r);
	while (rest != below && x > UINT64_MAX - rest);
	return x % below;
}
