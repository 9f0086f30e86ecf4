/* ingest_people.h - authors: who is passed on, and under what pseudonym.
 *
 * Names end here: what goes further is a pseudonym.  Names that were met a
 * short while ago are answered from a table of fixed size, so that neither
 * the hash nor the list of programs is asked again. */

#ifndef ALIGNX_STAGES_INGEST_PEOPLE_H
#define ALIGNX_STAGES_INGEST_PEOPLE_H

#include <stdbool.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"
#include "schema/message.h"

enum ingest_person { PERSON_KEPT, PERSON_BOT, PERSON_FORGOTTEN, PERSON_DELETED };

struct ingest_people_options {
	const char *set;	/* the data set, part of what is hashed */
	const char *key;	/* file, or NULL for the usual one */
	const char *bots;	/* file, or NULL for the list compiled in */
	const char *forget;	/* file or NULL */
	bool keeps_bots;
};

struct ingest_people;

/* Reads the lists.  The key is not looked at before the first name, so data
 * without people need none, unless its file is named.  NULL with a fault;
 * lives in the arena. */
struct ingest_people *ingest_people_new(const struct ingest_people_options *o,
    struct arena *a, struct fault *f);

/* Tells that a name will be asked about soon, so that its place in the table is
 * on its way out of main memory by then. */
void ingest_people_expect(struct ingest_people *p, const char *name, size_t len);

/* What becomes of an author: enum ingest_person, or -2.  The pseudonym is a
 * view, good until the next call. */
int ingest_people_ask(struct ingest_people *p, const struct text *name,
    struct text *pseudonym, struct fault *f);

/* Is the id in the --forget list? */
bool ingest_people_forgets_id(const struct ingest_people *p,
    const struct text *id);

#endif
