/* progress.h - one line on a terminal that shows how far a program is.
 *
 * Drawn on standard error at most five times a second.  progress_show() reads the clock only
 * once in 256 calls, progress_work() in each. */

#ifndef ALIGNX_LIB_IO_PROGRESS_H
#define ALIGNX_LIB_IO_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum progress_when { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

struct progress {
	enum progress_when when;
	bool on, shown;
	double began, drawn; /* seconds on the monotonic clock */
	double work_began;   /* 0: not yet */
	unsigned calls;
};

/* $ALIGNX_PROGRESS: auto (also if it is something else), always or never. */
enum progress_when progress_default(void);

void progress_begin(struct progress *p, enum progress_when when);
double progress_seconds(const struct progress *p); /* since progress_begin() */

/* Reading of records: bytes taken and the size of all, 0 if it is not known. */
void progress_show(struct progress *p, uint64_t records, uint64_t taken, uint64_t size);

/* Other work: done and all are in units, "tokens".  Rate and time left are computed from
 * what was done since the first call. */
void progress_work(struct progress *p, const char *unit, uint64_t done, uint64_t all);

/* Any other line. */
void progress_printf(struct progress *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

void progress_clear(struct progress *p); /* before a message, and at the end */

#endif
