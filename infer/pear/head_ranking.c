#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "infer/pear/head_ranking.h"
#include "lib/core/arena.h"

static int
by_relative_effect(const void *a, const void *b)
{
	const struct ranked_head *x = a, *y = b;

	if (x->relative_effect != y->relative_effect)
		return x->relative_effect > y->relative_effect ? -1 : 1;
	if (x->layer != y->layer)
		return x->layer < y->layer ? -1 : 1;
	return x->head < y->head ? -1 : x->head > y->head;
}

void
head_ranking_make(const struct head_effects *run, size_t runs, size_t layers, size_t heads,
    struct ranked_head *out)
{
	const double n = (double)runs;

	for (size_t i = 0; i < layers * heads; i++) {
		double mean = 0, square = 0, effect = 0;

		for (size_t r = 0; r < runs; r++) {
			mean += run[r].effect[i] / run[r].clean.metric / n;
			effect += run[r].effect[i] / n;
		}
		for (size_t r = 0; r < runs; r++)
			square += pow(run[r].effect[i] / run[r].clean.metric - mean, 2);
		out[i] = (struct ranked_head){ i / heads, i % heads, mean,
			runs > 1 ? sqrt(square / (n - 1) / n) : (double)NAN, effect };
	}
	qsort(out, layers * heads, sizeof(*out), by_relative_effect);
}

struct ranked_value {
	double value;
	size_t at;
};

static int
by_value(const void *a, const void *b)
{
	const struct ranked_value *x = a, *y = b;

	return x->value < y->value ? -1 : x->value > y->value;
}

static double *
ranks(const double *value, size_t n)
{
	struct ranked_value *place = calloc(n, sizeof(*place));
	double *rank = calloc(n, sizeof(*rank));

	if (place == NULL || rank == NULL)
		arena_out_of_memory();
	for (size_t i = 0; i < n; i++)
		place[i] = (struct ranked_value){ value[i], i };
	qsort(place, n, sizeof(*place), by_value);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && place[end].value <= place[i].value; end++)
			;
		for (size_t k = i; k < end; k++)
			rank[place[k].at] = (double)(i + end - 1) / 2;
	}
	free(place);
	return rank;
}

double
head_ranking_spearman(const double *a, const double *b, size_t n)
{
	double *x = ranks(a, n), *y = ranks(b, n);
	double mean = (double)(n - 1) / 2, xx = 0, yy = 0, xy = 0;

	for (size_t i = 0; i < n; i++) {
		xx += (x[i] - mean) * (x[i] - mean);
		yy += (y[i] - mean) * (y[i] - mean);
		xy += (x[i] - mean) * (y[i] - mean);
	}
	free(x);
	free(y);
	return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0;
}
