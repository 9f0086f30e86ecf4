#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "lib/core/arena.h"
#include "stages/fit/auc.h"

struct auc_sample {
	double score;
	bool is_positive;
};

static int
by_score(const void *va, const void *vb)
{
	double a = ((const struct auc_sample *)va)->score;
	double b = ((const struct auc_sample *)vb)->score;

	return a < b ? -1 : a > b;
}

double
auc(const double *score, const bool *is_positive, size_t n)
{
	struct auc_sample *s = arena_calloc(n + 1, sizeof(*s));
	double positives = 0, ranks = 0;

	for (size_t i = 0; i < n; i++) {
		s[i] = (struct auc_sample){ score[i], is_positive[i] };
		positives += is_positive[i];
	}
	qsort(s, n, sizeof(*s), by_score);
	for (size_t i = 0, j; i < n; i = j) {
		double tied = 0;

		for (j = i; j < n && s[j].score <= s[i].score; j++)
			tied += s[j].is_positive;
		ranks += tied * (double)(i + j + 1) / 2;
	}
	free(s);
	return positives > 0 && positives < (double)n
	    ? (ranks - positives * (positives + 1) / 2) / (positives * ((double)n - positives))
	    : NAN;
}
