/* extract_prefilter.h - which patterns may match a text, by Hyperscan.
 *
 * To compile the patterns of a full rule set themselves, even in Hyperscan's
 * prefilter mode, takes half a minute and 200 MB.  The strings that patterns
 * need (extract_literals.h) are compiled in a tenth of a second.  They are
 * asked of patterns whose beginnings say little (extract_starts.h).
 *
 * Built without Hyperscan, prefilter_new() returns NULL. */

#ifndef ALIGNX_STAGES_EXTRACT_PREFILTER_H
#define ALIGNX_STAGES_EXTRACT_PREFILTER_H

#include "stages/extract_literals.h"
#include "stages/extract_tokens.h"

struct prefilter;

/* The clauses of n patterns, which must live on; NULL if there is no prefilter
 * to be had, which the functions below take for one that lets all pass. */
struct prefilter *prefilter_new(const struct literals *of, size_t n,
    struct arena *a);

/* Reads a text. */
void prefilter_scan(struct prefilter *p, const struct tokens *t);

/* Does the text that was read hold what this pattern asks for? */
bool prefilter_may(const struct prefilter *p, uint32_t pattern);

void prefilter_free(struct prefilter *p);

#endif
