/* progress.h - one line on a terminal that says how far a program is.
 *
 * Drawn at most five times a second on standard error; the clock is looked
 * at once in 256 calls of progress_show(), and in each of progress_work(). */

#ifndef ALIGNX_LIB_PROGRESS_H
#define ALIGNX_LIB_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum progress_when { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

struct progress {
	bool on, shown;
	double began, drawn;	/* seconds on the monotonic clock */
	double work_began;	/* 0: not yet */
	unsigned calls;
};

void progress_begin(struct progress *p, enum progress_when when);
double progress_seconds(const struct progress *p);	/* since the beginning */
void progress_show(struct progress *p, uint64_t records, uint64_t taken,
    uint64_t size);			/* size 0: not known */
/* Work that is not reading: done and all in units, "tokens".  Rate and time left
 * are those since the first call, of what was done since. */
void progress_work(struct progress *p, const char *unit, uint64_t done,
    uint64_t all);
/* Another line than that of records, for programs that have none. */
void progress_say(struct progress *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void progress_clear(struct progress *p);		/* before a message, and at the end */

#endif
