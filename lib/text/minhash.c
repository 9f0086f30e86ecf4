#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/target_clones.h"
#include "lib/text/minhash.h"

void
minhash_init(struct minhash *m, size_t bands, size_t rows, size_t shingle)
{
	m->bands = bands;
	m->rows = rows;
	m->shingle = shingle;
	for (uint64_t i = 0; i < bands * rows; i++) {
		m->multiplier[i] = (uint32_t)XXH64(&i, sizeof(i), 1) | 1;
		m->addend[i] = (uint32_t)XXH64(&i, sizeof(i), 2);
	}
}

/* Each word is hashed; the hash of a shingle is that of the hashes of its words. */
size_t
minhash_shingles(const struct minhash *m, const char *folded, size_t len, struct buf *b)
{
	const char *s = folded, *end = s + len;
	size_t words = 0, out = 0;
	uint64_t *hash;

	buf_clear(b);
	while (s < end) {
		const char *space = memchr(s, ' ', (size_t)(end - s));
		size_t n = (size_t)((space != NULL ? space : end) - s);
		uint64_t h = XXH3_64bits(s, n);

		buf_add(b, &h, sizeof(h));
		words++;
		s += n + 1;
	}
	if (words < m->shingle) {
		buf_clear(b);
		return words;
	}
	hash = (uint64_t *)(void *)b->data;
	for (; out + m->shingle <= words; out++)
		hash[out] = XXH3_64bits(hash + out, m->shingle * sizeof(*hash));
	b->len = out * sizeof(*hash);
	return words;
}

/* For each permutation, the least hash of all shingles. */
TARGET_CLONES static void
min_hashes(const uint32_t *multiplier, const uint32_t *addend, size_t permutations,
    const uint64_t *shingle, size_t n, uint32_t *min)
{
	for (size_t k = 0; k < n; k++) {
		uint32_t x = (uint32_t)(shingle[k] ^ shingle[k] >> 32);

		for (size_t i = 0; i < permutations; i++) {
			uint32_t v = x * multiplier[i] + addend[i];

			v ^= v >> 15;
			min[i] = v < min[i] ? v : min[i];
		}
	}
}

void
minhash_keys(const struct minhash *m, const uint64_t *shingle, size_t n, uint64_t *key)
{
	size_t permutations = m->bands * m->rows;
	uint32_t min[MINHASH_PERMUTATIONS_MAX];

	memset(min, 0xff, permutations * sizeof(*min));
	min_hashes(m->multiplier, m->addend, permutations, shingle, n, min);
	for (size_t i = 0; i < m->bands; i++)
		key[i] = XXH3_64bits_withSeed(min + i * m->rows, m->rows * sizeof(*min), i);
}

static int
by_value(const void *va, const void *vb)
{
	const uint64_t *a = va, *b = vb;

	return *a < *b ? -1 : *a > *b;
}

static size_t
sort_unique(uint64_t *a, size_t n)
{
	size_t kept = 0;

	if (n > 0)
		qsort(a, n, sizeof(*a), by_value);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || a[kept - 1] != a[i])
			a[kept++] = a[i];
	return kept;
}

double
minhash_jaccard(uint64_t *a, size_t a_len, uint64_t *b, size_t b_len)
{
	size_t i = 0, k = 0, both = 0;

	a_len = sort_unique(a, a_len);
	b_len = sort_unique(b, b_len);
	while (i < a_len && k < b_len) {
		both += a[i] == b[k];
		if (a[i] == b[k])
			i++, k++;
		else if (a[i] < b[k])
			i++;
		else
			k++;
	}
	return a_len + b_len > 0 ? (double)both / (double)(a_len + b_len - both) : 1;
}
