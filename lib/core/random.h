/* random.h - numbers that look random, and are the same wherever they are drawn.
 *
 * splitmix64 (Steele et al. 2014), from a seed and the number of a stream, so
 * that draws for item i of a job need no others before them. */

#ifndef ALIGNX_LIB_RANDOM_H
#define ALIGNX_LIB_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state;
};

struct random random_stream(uint64_t seed, uint64_t stream);
uint64_t random_bits(struct random *r);

/* Each of 0 to below - 1 with the same chance; below is not 0. */
uint64_t random_below(struct random *r, uint64_t below);

#endif
