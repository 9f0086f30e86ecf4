/* make_records.h - makes the records of all pairs, and chooses the file of each. */

#ifndef ALIGNX_STAGES_EMIT_MAKE_RECORDS_H
#define ALIGNX_STAGES_EMIT_MAKE_RECORDS_H

#include "lib/core/counters.h"
#include "stages/emit/item_index.h"
#include "stages/emit/output_files.h"
#include "stages/emit/record.h"

enum { RECORDS_PER_CHOSEN = 2 }; /* records that one text is the chosen answer of */

struct make_records {
	/* set by the caller */
	struct item_index *items; /* built */
	struct spool *spool;
	struct output_files *files;
	struct counters *count;
	enum persona_mode mode;
	size_t ugcs, pairs, min_history;
	long per_user;
	bool is_informed_only; /* records whose history says nothing on them are kept apart */

	struct coverage coverage; /* out */
	size_t made;              /* out: records in train and test */
};

/* -2 with a fault. */
int make_records(struct make_records *m, struct fault *f);

#endif
