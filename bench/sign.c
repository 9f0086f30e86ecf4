/* sign - sketches each line of a file and prints texts a second.
 *
 * usage: sign FILE: the texts are read, then folded and sketched as
 * alignx-dedup does it, in one thread; the hash is over all keys. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "lib/core/file.h"
#include "lib/core/casefold.h"
#include "lib/text/minhash.h"

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	static struct minhash m;
	struct arena a = { 0 };
	struct fault f = FAULT_NONE;
	struct buf folded = { 0 }, shingles = { 0 };
	uint64_t key[MINHASH_BANDS_MAX], hash = 0;
	size_t len, texts = 0, signed_texts = 0;
	double started;
	const char *s, *end;

	if (argc != 2 || (s = file_read(argv[1], (size_t)1 << 33, &a, &len, &f)) == NULL) {
		fprintf(stderr, "sign: %s\n", argc != 2 ? "usage: sign FILE" : f.text);
		return 2;
	}
	minhash_init(&m, 14, 8, 5);
	started = now();
	for (end = s + len; s < end; texts++) {
		const char *line = memchr(s, '\n', (size_t)(end - s));
		size_t n = (size_t)((line != NULL ? line : end) - s);
		size_t to = casefold_text(s, n, buf_reserve(&folded, n));

		minhash_shingles(&m, folded.data, to, &shingles);
		if (shingles.len > 0) {
			minhash_keys(&m, (uint64_t *)(void *)shingles.data,
			    shingles.len / sizeof(uint64_t), key);
			hash = XXH3_64bits_withSeed(key, m.bands * sizeof(*key), hash);
			signed_texts++;
		}
		s += n + 1;
	}
	printf("%zu texts, %zu long enough, %.0f a second, hash %016llx\n", texts, signed_texts,
	    (double)texts / (now() - started), (unsigned long long)hash);
	buf_release(&folded);
	buf_release(&shingles);
	arena_release(&a);
	return 0;
}
