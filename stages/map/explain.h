/* explain.h - which rules matched, on which words, and what they contributed.
 *
 * For alignx-map --explain.  The signals of an interaction do not include the matched words,
 * so the rules are run over its text again. */

#ifndef ALIGNX_STAGES_MAP_EXPLAIN_H
#define ALIGNX_STAGES_MAP_EXPLAIN_H

#include "lib/core/buf.h"
#include "annotate/signals.h"
#include "annotate/linear_scorer.h"
#include "annotate/weights.h"

enum explain_form {
	EXPLAIN_TEXT, /* only what matters, by importance */
	EXPLAIN_JSON, /* everything, by dimension */
};

struct explainer;

/* What judged the interaction: the model, or without a scorer the weights of the rules. */
struct explain_judge {
	const struct weights *weights;
	const struct linear_model *model;
	const struct linear_scorer *scorer;
};

/* Records the matches of the engine, which must outlive it; in the arena. */
struct explainer *explain_new(struct signal_finder *engine, struct arena *a);

/* Sets the signals and the version of the rules of x, as alignx-extract does, and keeps the
 * matches until the next call. */
void explain_run(struct explainer *e, struct interaction *x, struct arena *brief);

/* Appends the dimensions of x, whose intensities are set, and the evidence for each: what each
 * signal adds to the sum or, in log-odds, to the judged pole, and the words that add most.  In a
 * text, dimensions come by |value| * confidence; those up to the dead zone are left out, and so
 * is evidence that rounds to 0.00. */
void explain_put(const struct explainer *e, const struct explain_judge *j,
    const struct interaction *x, enum explain_form form, double dead_zone, struct buf *out);

void explain_free(struct explainer *e); /* NULL is allowed */

#endif
