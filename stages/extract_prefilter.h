/* extract_prefilter.h - which patterns may match a text, by Hyperscan.
 *
 * Without Hyperscan prefilter_new() returns NULL, and every pattern is tried. */

#ifndef ALIGNX_STAGES_EXTRACT_PREFILTER_H
#define ALIGNX_STAGES_EXTRACT_PREFILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/fault.h"

struct prefilter;

/* Called once for each pattern (its index) that may match. */
typedef void prefilter_fn(void *with, uint32_t pattern);

/* Patterns that Hyperscan refuses are marked in is_always[], and never told.
 * The database is taken from the cache if it is there under this version
 * ($XDG_CACHE_HOME/alignx, ~/.cache/alignx). */
struct prefilter *prefilter_cached(const char *version, size_t n);
struct prefilter *prefilter_new(const char *const *patterns, size_t n,
    const char *version);
const bool *prefilter_always(const struct prefilter *p);

/* -1 if the text could not be read: then all may match. */
int prefilter_scan(struct prefilter *p, const char *text, size_t len,
    prefilter_fn *fn, void *with);

void prefilter_free(struct prefilter *p);

#endif
