/* ingest_bots.h - which accounts are programs, by a list of names and patterns.
 *
 * The format of the list is told in schema/bots.txt, which is compiled in. */

#ifndef ALIGNX_STAGES_INGEST_BOTS_H
#define ALIGNX_STAGES_INGEST_BOTS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"

struct ingest_bots;

/* Reads a list from a file, or the one that is compiled in if file is NULL.
 * NULL with a fault if the file cannot be read.  Lives in the arena. */
struct ingest_bots *ingest_bots_read(const char *file, struct arena *a,
    struct fault *f);

bool ingest_bots_has(const struct ingest_bots *bots, const char *author,
    size_t len);

#endif
