/* authors.h - decides which authors are kept, and gives them pseudonyms.
 *
 * Names go no further than this.  Recent names are found in a table of fixed size, so that
 * most are neither hashed again nor compared with the list of bots. */

#ifndef ALIGNX_STAGES_INGEST_AUTHORS_H
#define ALIGNX_STAGES_INGEST_AUTHORS_H

#include <stdbool.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"
#include "schema/message.h"

enum author_status { AUTHOR_KEPT, AUTHOR_BOT, AUTHOR_FORGOTTEN, AUTHOR_DELETED };

struct authors_options {
	const char *set;    /* the data set, which is hashed too */
	const char *key;    /* file, or NULL for the default */
	const char *bots;   /* file, or NULL for the built-in list */
	const char *forget; /* file or NULL */
	bool keeps_bots;
};

struct authors;

/* Reads the lists.  The key is read with the first name, so data without authors need none,
 * unless its file is named.  NULL with a fault. */
struct authors *authors_new(const struct authors_options *o, struct arena *a, struct fault *f);
void authors_free(struct authors *p); /* NULL is allowed */

/* Prefetches the table entry of a name that will be looked up soon. */
void authors_prefetch(struct authors *p, const char *name, size_t len);

/* Looks up an author: enum author_status, or -2 with a fault.  The pseudonym is a view, valid
 * until the next call. */
int authors_find(struct authors *p, const struct text *name, struct text *pseudonym,
    struct fault *f);

/* Is it the name of an author who was kept lately? */
bool authors_has_seen(const struct authors *p, const char *name, size_t len);

/* Is the name of an author, or the id of a text, in the --forget list? */
bool authors_has_forgotten(const struct authors *p, const struct text *name);

#endif
