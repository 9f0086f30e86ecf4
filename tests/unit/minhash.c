/* minhash.c - shingles, and keys whose agreement estimates the Jaccard similarity. */

#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/casefold.h"
#include "lib/text/minhash.h"
#include "tests/tap.h"

/* Two texts of `words` words of which every step-th differs. */
static void
make(char *a, char *b, int words, int step)
{
	*a = *b = '\0';
	for (int i = 0; i < words; i++) {
		a += sprintf(a, "word%d ", i);
		b += step > 0 && i % step == 0 ? sprintf(b, "other%d ", i)
					       : sprintf(b, "word%d ", i);
	}
}

static size_t
shingles(const struct minhash *m, const char *text, struct buf *b)
{
	static char folded[65536];

	minhash_shingles(m, folded, casefold_text(text, strlen(text), folded), b);
	return b->len / sizeof(uint64_t);
}

/* With one row a band, the share of equal keys estimates Jaccard. */
static double
estimate(const struct minhash *m, struct buf *a, struct buf *b)
{
	uint64_t x[MINHASH_BANDS_MAX], y[MINHASH_BANDS_MAX];
	int equal = 0;

	minhash_keys(m, (uint64_t *)(void *)a->data, a->len / 8, x);
	minhash_keys(m, (uint64_t *)(void *)b->data, b->len / 8, y);
	for (size_t i = 0; i < m->bands; i++)
		equal += x[i] == y[i];
	return (double)equal / (double)m->bands;
}

int
main(void)
{
	static struct minhash m, n;
	static char a[65536], b[65536];
	struct buf x = { 0 }, y = { 0 };
	double worst = 0;

	minhash_init(&m, 14, 8, 5);
	ok(shingles(&m, "one two three four", &x) == 0, "four words have no shingle of five");
	ok(shingles(&m, "One two\tthree  four\nfive", &x) == 1
		&& shingles(&m, "one TWO three four five", &y) == 1
		&& memcmp(x.data, y.data, 8) == 0,
	    "case and white space do not count");
	ok(shingles(&m, "a b c d e f g", &x) == 3, "seven words have three");
	minhash_init(&n, 128, 1, 5);
	for (int step = 8; step < 100; step += 7) {
		size_t x_len, y_len;
		double guess, truth;

		make(a, b, 400, step);
		x_len = shingles(&n, a, &x);
		y_len = shingles(&n, b, &y);
		guess = estimate(&n, &x, &y);
		truth = minhash_jaccard((uint64_t *)(void *)x.data, x_len,
		    (uint64_t *)(void *)y.data, y_len);
		worst = fmax(worst, fabs(guess - truth));
	}
	ok(worst < 0.15, "128 permutations estimate Jaccard within three standard errors");
	ok(worst > 0, "estimates differ from the exact similarity");
	make(a, b, 50, 0);
	shingles(&n, a, &x);
	shingles(&n, b, &y);
	ok(estimate(&n, &x, &y) == 1, "equal texts have equal keys");
	buf_release(&x);
	buf_release(&y);
	return tap_done();
}
