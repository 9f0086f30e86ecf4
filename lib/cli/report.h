/* report.h - reports refused records, and sums up what a program did.
 *
 * One per program, owned by tool_main().  Prints the first REPORT_SHOWN faults
 * of each code, counts the rest, writes the records to the quarantine file
 * with place, code and sentence, and decides when there are too many. */

#ifndef ALIGNX_LIB_CLI_REPORT_H
#define ALIGNX_LIB_CLI_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/buf.h"
#include "lib/core/counters.h"
#include "lib/core/fault.h"
#include "lib/io/progress.h"
#include "lib/io/reader.h"
#include "lib/io/sink.h"

enum { REPORT_SHOWN = 20 };

struct report {
	const char *program;
	bool is_strict, is_quiet;
	bool is_full;           /* show every fault, not the first of each code */
	const char *max_bad;    /* "10", "1%" or NULL */
	const char *quarantine; /* file name or NULL */
	struct progress progress;
	struct counters refused; /* by code */
	uint64_t taken;          /* records read so far */
	int64_t bad_limit;       /* from max_bad; -1: none */
	double bad_share;        /* from max_bad; above 1: none */
	struct sink *kept;       /* the open quarantine file, or NULL */
	struct buf line;
};

/* Reads max_bad and opens the quarantine file.  -2 if it cannot. */
int report_begin(struct report *r, struct fault *f);

/* Prints, counts and quarantines a refused record and clears the fault.  -2 if
 * the program must stop now. */
int report_refused(struct report *r, const char *name, const struct reader_item *item,
    struct fault *f);

/* Prints one more fault of a record that will be refused for another one. */
void report_note(struct report *r, const char *name, const struct reader_item *item,
    const struct fault *f);

void report_say(struct report *r, const struct fault *f);   /* "program: sentence" */
void report_say_fault(void *report, const struct fault *f); /* the same, as a callback */

/* Prints how many faults were not shown, and closes the quarantine file.  -2 if it
 * cannot, or if too many records were refused. */
int report_end(struct report *r, struct fault *f);

/* One line, with all counts: on a terminal; elsewhere if something was dropped or refused, or if
 * records were read and nothing was written and there is no other result.  is_quiet and
 * PROGRESS_NEVER leave only the last. */
void report_sum_up(const struct report *r, uint64_t written, bool has_result,
    const struct counters *counts);

#endif
