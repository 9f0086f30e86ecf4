/* extract_prefilter.h - which patterns may match a text, by Hyperscan.
 *
 * To compile the patterns of a full rule set themselves, even in Hyperscan's
 * prefilter mode, takes half a minute and 200 MB.  What each pattern needs to
 * find in a text (extract_literals.h) is compiled in a tenth of a second, and
 * tells nearly as well which patterns to leave out.
 *
 * Built without Hyperscan, prefilter_new() returns NULL. */

#ifndef ALIGNX_STAGES_EXTRACT_PREFILTER_H
#define ALIGNX_STAGES_EXTRACT_PREFILTER_H

#include "lib/arena.h"
#include "schema/noun.h"
#include "stages/extract_tokens.h"

struct prefilter;

/* NULL if there is none to be had: then every pattern is tried. */
struct prefilter *prefilter_new(const struct text *patterns, size_t n,
    struct arena *a);

/* The patterns (their indices, each once, in no order) that may match; a view
 * until the next call.  Returns how many. */
size_t prefilter_scan(struct prefilter *p, const struct tokens *t,
    const uint32_t **may);

void prefilter_free(struct prefilter *p);	/* NULL is allowed */

#endif
