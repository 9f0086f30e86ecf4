/* random.h - reproducible pseudo-random numbers.
 *
 * splitmix64 (Steele, Lea, Flood 2014), from a seed and the number of a stream: the draws for
 * item i do not depend on other draws, and are the same on every machine. */

#ifndef ALIGNX_LIB_CORE_RANDOM_H
#define ALIGNX_LIB_CORE_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state;
};

struct random random_stream(uint64_t seed, uint64_t stream);

/* Uniform in 0 .. below - 1; below is not 0. */
uint64_t random_below(struct random *r, uint64_t below);

#endif
