#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "lib/core/arena.h"
#include "stages/fit/auc.h"

struct scored {
	double score;
	bool is_yes;
};

static int
by_score(const void *va, const void *vb)
{
	double a = ((const struct scored *)va)->score;
	double b = ((const struct scored *)vb)->score;

	return a < b ? -1 : a > b;
}

double
auc(const double *score, const bool *is_yes, size_t n)
{
	struct scored *s = calloc(n + 1, sizeof(*s));
	double yes = 0, ranks = 0;

	if (s == NULL)
		arena_exhausted();
	for (size_t i = 0; i < n; i++) {
		s[i] = (struct scored){ score[i], is_yes[i] };
		yes += is_yes[i];
	}
	qsort(s, n, sizeof(*s), by_score);
	for (size_t i = 0, j; i < n; i = j) {
		double tied = 0;

		for (j = i; j < n && s[j].score <= s[i].score; j++)
			tied += s[j].is_yes;
		ranks += tied * (double)(i + j + 1) / 2;
	}
	free(s);
	return yes > 0 && yes < (double)n
	    ? (ranks - yes * (yes + 1) / 2) / (yes * ((double)n - yes)) : NAN;
}
