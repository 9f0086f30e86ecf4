/* map_intensity.h - from signals, or ratings, to 90 intensities.
 *
 * For each dimension the evidence e of a signal is its weight, times the
 * factors of weights.tsv, times 1 + r + r^2 ... for its hits (r: the constant
 * repeat), counted negative for pole 0.  With the sum S of e and the sum A of
 * |e|:
 *
 *	value = S / (scale + |S|)
 *	confidence = (1 - exp(-certainty * A)) * (1 - conflict * (1 - |S| / A))
 *
 * both rounded to hundredths, halves away from zero.  Where the confidence
 * comes to nothing, so does the value. */

#ifndef ALIGNX_ANNOTATE_INTENSITY_H
#define ALIGNX_ANNOTATE_INTENSITY_H

#include "schema/messages.h"
#include "annotate/weights.h"

/* The evidence e of a signal; above 0 speaks for pole 1. */
double intensity_evidence(const struct map_weights *w, const struct signal *s);

/* Sets value and confidence of every dimension. */
void intensity_from_signals(const struct map_weights *w, const struct list *signals,
    struct intensities *out);

/* Sets the dimensions that a data set has rated, with full confidence. */
void intensity_from_ratings(const struct ratings *r, struct intensities *out);

#endif
