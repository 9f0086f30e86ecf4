/* minhash.h - MinHash sketches, which estimate the Jaccard similarity of texts.
 *
 * A text is a set of shingles, runs of n consecutive words.  Under a random order of all
 * shingles, the chance that two texts have the same first one is their Jaccard similarity J
 * (Broder 1997).  bands x rows such values are grouped into bands (locality-sensitive
 * hashing, Indyk and Motwani 1998): two texts that agree on all rows of any band are
 * candidates, with probability 1 - (1 - J^rows)^bands.  For 14 x 8 and J = 0.5, 0.7, 0.8, 0.9
 * that is .05, .57, .92, 1.0. */

#ifndef ALIGNX_LIB_TEXT_MINHASH_H
#define ALIGNX_LIB_TEXT_MINHASH_H

#include <stddef.h>
#include <stdint.h>

#include "lib/core/buf.h"

enum { MINHASH_PERMUTATIONS_MAX = 1024, MINHASH_BANDS_MAX = 128 };

/* Settings, and a hash function x -> x * multiplier + addend for each permutation. */
struct minhash {
	size_t bands, rows, shingle; /* shingle: words */
	uint32_t multiplier[MINHASH_PERMUTATIONS_MAX], addend[MINHASH_PERMUTATIONS_MAX];
};

/* bands * rows is at most MINHASH_PERMUTATIONS_MAX, bands at most MINHASH_BANDS_MAX. */
void minhash_init(struct minhash *m, size_t bands, size_t rows, size_t shingle);

/* Hashes of the shingles of a text from casefold_text(), in order, as uint64_t in b (cleared
 * first).  A text of fewer words than a shingle has none.  Returns the number of words. */
size_t minhash_shingles(const struct minhash *m, const char *folded, size_t len, struct buf *b);

/* One key for each band, from n > 0 shingles. */
void minhash_keys(const struct minhash *m, const uint64_t *shingle, size_t n, uint64_t *key);

/* The exact Jaccard similarity of two sets of shingles; sorts both in place. */
double minhash_jaccard(uint64_t *a, size_t a_len, uint64_t *b, size_t b_len);

#endif
