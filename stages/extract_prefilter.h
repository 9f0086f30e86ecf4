/* extract_prefilter.h - which patterns may match a text, and where, by
 * Hyperscan.
 *
 * To compile the patterns of a full rule set themselves, even in Hyperscan's
 * prefilter mode, takes half a minute and 200 MB.  The strings that patterns
 * need (extract_literals.h) are compiled in a tenth of a second, and tell more:
 * most patterns begin with one of them, and need to be tried only there.
 *
 * Built without Hyperscan, prefilter_new() returns NULL. */

#ifndef ALIGNX_STAGES_EXTRACT_PREFILTER_H
#define ALIGNX_STAGES_EXTRACT_PREFILTER_H

#include "lib/arena.h"
#include "schema/noun.h"
#include "stages/extract_tokens.h"

struct prefilter;

/* Where a match may begin, rising. */
struct prefilter_starts {
	const uint32_t *at;
	size_t len;
	bool is_anywhere;		/* nothing is known; at and len are not set */
};

/* NULL if there is none to be had: then every pattern is tried. */
struct prefilter *prefilter_new(const struct text *patterns, size_t n,
    struct arena *a);

/* Are there texts in which it is known where this pattern may begin? */
bool prefilter_knows(const struct prefilter *p, uint32_t pattern);

/* The patterns (their indices, each once, in no order) that may match; a view
 * until the next call.  Returns how many. */
size_t prefilter_scan(struct prefilter *p, const struct tokens *t,
    const uint32_t **may);

/* Where one of them may; a view until the next call. */
struct prefilter_starts prefilter_starts(struct prefilter *p,
    uint32_t pattern);

void prefilter_free(struct prefilter *p);	/* NULL is allowed */

#endif
