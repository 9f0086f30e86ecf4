/* map_explain.h - which rules spoke, on which words, and what came of it.
 *
 * For alignx-map --explain.  The signals of an interaction do not say on which
 * words they rest, so the rules are run over its text again; that takes all
 * the rules, not only their weights. */

#ifndef ALIGNX_STAGES_MAP_EXPLAIN_H
#define ALIGNX_STAGES_MAP_EXPLAIN_H

#include "lib/core/buf.h"
#include "annotate/signals.h"
#include "annotate/weights.h"

enum explain_form { EXPLAIN_TEXT, EXPLAIN_JSON };

struct explainer;

/* Hears what the engine hits, which lives on; in the arena. */
struct explainer *explain_new(struct engine *engine, struct arena *a);

/* Sets the signals and the version of the rules of x, as alignx-extract does;
 * keeps what they rest on until the next. */
void explain_run(struct explainer *e, struct interaction *x,
    struct arena *brief);

/* Says of x, whose intensities are set, each dimension that has any, or
 * evidence, and its evidence, the strongest first. */
void explain_put(const struct explainer *e, const struct map_weights *w,
    const struct interaction *x, enum explain_form form, struct buf *out);

void explain_free(struct explainer *e);		/* NULL is allowed */

#endif
