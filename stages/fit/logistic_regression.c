#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "stages/fit/logistic_regression.h"

enum { ROUNDS = 50 };
static const double ridge = 1e-3; /* keeps coefficients finite for separable classes */

void
logistic_regression_add(struct logistic_regression *o, const double x[LOGISTIC_REGRESSION_INPUTS],
    bool is_positive)
{
	if (o->len == o->capacity) {
		o->capacity = o->capacity == 0 ? 1024 : 2 * o->capacity;
		o->x = reallocarray(o->x, o->capacity, sizeof(*o->x));
		o->is_positive = reallocarray(o->is_positive, o->capacity, sizeof(*o->is_positive));
		if (o->x == NULL || o->is_positive == NULL)
			arena_out_of_memory();
	}
	memcpy(o->x[o->len], x, sizeof(*o->x));
	o->is_positive[o->len++] = is_positive;
}

/* Gradient and negative Hessian of the log-likelihood less the penalty. */
static void
differentiate(const struct logistic_regression *o, const double w[LOGISTIC_REGRESSION_INPUTS],
    double g[LOGISTIC_REGRESSION_INPUTS],
    double h[LOGISTIC_REGRESSION_INPUTS][LOGISTIC_REGRESSION_INPUTS])
{
	for (int a = 0; a < LOGISTIC_REGRESSION_INPUTS; a++) {
		g[a] = -ridge * w[a];
		for (int b = 0; b < LOGISTIC_REGRESSION_INPUTS; b++)
			h[a][b] = a == b ? ridge : 0;
	}
	for (size_t i = 0; i < o->len; i++) {
		double z = 0, p;

		for (int a = 0; a < LOGISTIC_REGRESSION_INPUTS; a++)
			z += w[a] * o->x[i][a];
		p = 1 / (1 + exp(-z));
		for (int a = 0; a < LOGISTIC_REGRESSION_INPUTS; a++) {
			g[a] += (o->is_positive[i] - p) * o->x[i][a];
			for (int b = 0; b < LOGISTIC_REGRESSION_INPUTS; b++)
				h[a][b] += p * (1 - p) * o->x[i][a] * o->x[i][b];
		}
	}
}

/* Solves h x = g in place by Gaussian elimination; h is symmetric and positive definite. */
static void
solve(double h[LOGISTIC_REGRESSION_INPUTS][LOGISTIC_REGRESSION_INPUTS],
    double g[LOGISTIC_REGRESSION_INPUTS])
{
	for (int a = 0; a < LOGISTIC_REGRESSION_INPUTS; a++)
		for (int b = a + 1; b < LOGISTIC_REGRESSION_INPUTS; b++) {
			double r = h[b][a] / h[a][a];

			for (int c = a; c < LOGISTIC_REGRESSION_INPUTS; c++)
				h[b][c] -= r * h[a][c];
			g[b] -= r * g[a];
		}
	for (int a = LOGISTIC_REGRESSION_INPUTS - 1; a >= 0; a--) {
		for (int c = a + 1; c < LOGISTIC_REGRESSION_INPUTS; c++)
			g[a] -= h[a][c] * g[c];
		g[a] /= h[a][a];
	}
}

void
logistic_regression_fit(const struct logistic_regression *o, double out[LOGISTIC_REGRESSION_INPUTS])
{
	double g[LOGISTIC_REGRESSION_INPUTS],
	    h[LOGISTIC_REGRESSION_INPUTS][LOGISTIC_REGRESSION_INPUTS], largest;

	memset(out, 0, LOGISTIC_REGRESSION_INPUTS * sizeof(*out));
	for (int round = 0; round < ROUNDS; round++) {
		differentiate(o, out, g, h);
		solve(h, g);
		largest = 0;
		for (int a = 0; a < LOGISTIC_REGRESSION_INPUTS; a++) {
			/* a long step may overshoot */
			out[a] += fmax(-2, fmin(2, g[a]));
			largest = fmax(largest, fabs(g[a]));
		}
		if (largest < 1e-9)
			break;
	}
}

void
logistic_regression_release(struct logistic_regression *o)
{
	free(o->x);
	free(o->is_positive);
	*o = (struct logistic_regression){ 0 };
}

double
logistic_regression_prior_shift(const struct logistic_regression *o)
{
	size_t positives = 0;

	for (size_t i = 0; i < o->len; i++)
		positives += o->is_positive[i];
	return log((double)(o->len - positives + 1) / (double)(positives + 1));
}
