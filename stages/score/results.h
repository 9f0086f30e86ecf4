/* results.h - what became of rows: a line for each, and accuracies. */

#ifndef ALIGNX_STAGES_SCORE_RESULTS_H
#define ALIGNX_STAGES_SCORE_RESULTS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "schema/messages.h"

struct score_row;
struct report;
struct count;

/* What rows are told apart by: which parts of a persona they have, the data set,
 * and what a benchmark says the person wants. */
enum score_grouping { SCORE_BY_PERSONA, SCORE_BY_SOURCE, SCORE_BY_TRUTH,
	SCORE_GROUPINGS };

enum { SCORE_GROUPS_MAX = 1024, SCORE_NO_GROUP = 0xffff };

struct results_tally {
	uint64_t rows, correct, ties;
	uint64_t correct_by_token;	/* by the margin of means */
};

struct results {
	struct results_group {
		enum score_grouping by;
		struct text name;
		struct results_tally tally;
	} group[SCORE_GROUPS_MAX];	/* the last one is shared by those beyond */
	size_t groups;
	struct results_tally all;
	bool has_reference;
	double beta;			/* what margins against a reference are times */
};

/* The groups that a record is in, as indexes; names go to the arena. */
void results_groups(struct results *o, const struct record *r,
    struct arena *a, uint16_t group[SCORE_GROUPINGS]);

/* Counts a row, and writes it as a JSON line unless b is NULL. */
void results_add(struct results *o, const struct score_row *r,
    struct buf *b);

/* The accuracies as a table, tab-separated; as sentences, one for each group if
 * there are but a few; and as counts by persona and source, whose names go to the
 * arena. */
void results_print_table(const struct results *o, struct buf *b);
void results_report(const struct results *o, struct report *to);
void results_count(const struct results *o, struct arena *a,
    struct count *c);

#endif
