/* results.h - writes a line for each row, and accuracies by group. */

#ifndef ALIGNX_STAGES_SCORE_RESULTS_H
#define ALIGNX_STAGES_SCORE_RESULTS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "schema/messages.h"

struct score_row;
struct report;
struct counters;

/* Which parts of a persona the row has, its data set, and what a benchmark says the person
 * wants. */
enum score_grouping { SCORE_BY_PERSONA, SCORE_BY_SOURCE, SCORE_BY_TRUTH, SCORE_GROUPINGS };

enum { SCORE_GROUPS_MAX = 1024, SCORE_NO_GROUP = 0xffff };

struct results_tally {
	uint64_t rows, correct, ties;
	uint64_t correct_by_token; /* by mean log-probability of a token */
};

struct results {
	struct results_group {
		enum score_grouping by;
		struct text name;
		struct results_tally tally;
	} group[SCORE_GROUPS_MAX]; /* the last is "others", for all beyond */
	size_t groups;
	struct results_tally all;
	bool has_reference;
	double beta; /* factor of margins against a reference */
};

/* The groups of a record, as indexes; names go to the arena. */
void results_groups(struct results *o, const struct record *r, struct arena *a,
    uint16_t group[SCORE_GROUPINGS]);

/* Counts a row, and appends its JSON line unless b is NULL. */
void results_add(struct results *o, const struct score_row *r, struct buf *b);

/* Accuracies as a tab-separated table; as sentences, groups only where they are few; as counts
 * by persona and source, whose names go to the arena. */
void results_print_table(const struct results *o, struct buf *b);
void results_report(const struct results *o, struct report *to);
void results_count(const struct results *o, struct arena *a, struct counters *c);

#endif
