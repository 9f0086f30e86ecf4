/* intensity.h - from signals, or ratings, to 90 intensities.
 *
 * The evidence e of a signal is its weight, times the factors of weights.tsv, times
 * 1 + r + r^2 ... with one term for each hit (r: the constant repeat); negative for pole 0.
 * For each dimension, with S the sum of e and A the sum of |e|:
 *
 *	value = S / (scale + |S|)
 *	confidence = (1 - exp(-certainty * A)) * (1 - conflict * (1 - |S| / A))
 *
 * Both are rounded to hundredths, halves away from zero.  Where the confidence rounds to 0,
 * so does the value. */

#ifndef ALIGNX_ANNOTATE_INTENSITY_H
#define ALIGNX_ANNOTATE_INTENSITY_H

#include "schema/messages.h"
#include "annotate/weights.h"

/* The evidence e of a signal: positive for pole 1. */
double intensity_evidence(const struct weights *w, const struct signal *s);

/* Sets value and confidence of every dimension. */
void intensity_from_signals(const struct weights *w, const struct list *signals,
    struct intensities *out);

/* Overwrites the dimensions that a data set has rated, with full confidence. */
void intensity_from_ratings(const struct ratings *r, struct intensities *out);

#endif
