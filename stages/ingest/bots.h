/* bots.h - recognises bot accounts by a list of names and patterns.
 *
 * schema/bots.txt, which is compiled in, describes the format of the list. */

#ifndef ALIGNX_STAGES_INGEST_BOTS_H
#define ALIGNX_STAGES_INGEST_BOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"

struct bots;

/* Reads a list from a file, or the built-in one if file is NULL.  NULL with a fault if the
 * file cannot be read. */
struct bots *bots_read(const char *file, struct arena *a, struct fault *f);
void bots_free(struct bots *bots); /* NULL is allowed */

bool bots_has(const struct bots *bots, const char *author, size_t len);

#endif
