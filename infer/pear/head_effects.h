/* pear_detect.h - which heads keep a model from copying (PEAR, section B1).
 *
 * The effect of a head is what the metric gains when its output at the last
 * position with a target is replaced by its mean over texts, with queries, keys
 * and values everywhere as they were (path patching, passes A to D of B1.3).
 * Then only that position's hidden state changes, so that each head needs no
 * more than the MLPs above it at one position (B1.4); here all heads and texts
 * go through an MLP together. */

#ifndef ALIGNX_INFER_PEAR_DETECT_H
#define ALIGNX_INFER_PEAR_DETECT_H

#include "infer/pear/copy_eval.h"

struct pear_setting {
	size_t texts, length;		/* so many texts of 2 length tokens */
	uint64_t seed;
	bool is_unchecked;		/* a model that does not copy, too: to measure with */
};

struct pear_effects {
	struct pear_setting setting;
	struct pear_result clean;
	double *effect;			/* layers x heads: metric with the head replaced,
					   less metric */
};

/* Bytes that pear_detect() takes. */
size_t pear_detect_bytes(const struct pear_work *w, const struct pear_setting *s);

/* Fills all but the setting; effect is in the arena.  -2 with a sentence: texts
 * longer than the model's context, fewer than two texts; a model that does not
 * copy (metric 0 or less), whose effects would mean nothing. */
int pear_detect(const struct pear_work *w, const struct copying *c,
    struct pear_effects *e, struct arena *a, struct fault *f);

#endif
