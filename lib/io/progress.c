#include "config.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/io/progress.h"

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

enum progress_when
progress_default(void)
{
	const char *when = getenv("ALIGNX_PROGRESS");

	if (when != NULL && strcmp(when, "always") == 0)
		return PROGRESS_ALWAYS;
	return when != NULL && strcmp(when, "never") == 0 ? PROGRESS_NEVER : PROGRESS_AUTO;
}

void
progress_begin(struct progress *p, enum progress_when when)
{
	*p = (struct progress){ .when = when, .began = now() };
	p->on = when == PROGRESS_ALWAYS || (when == PROGRESS_AUTO && isatty(STDERR_FILENO));
}

double
progress_seconds(const struct progress *p)
{
	return now() - p->began;
}

static void
draw(struct progress *p, double t, uint64_t records, uint64_t taken, uint64_t size)
{
	double spent = t - p->began;
	double share = size > 0 ? (double)taken / (double)size : 0;

	fprintf(stderr, "\r\033[K%.1f MB, %.1f MB/s, %" PRIu64 " records", (double)taken / 1e6,
	    (double)taken / 1e6 / spent, records);
	if (share > 0 && share <= 1)
		fprintf(stderr, ", %.0f %%, %.0f s left", share * 100, spent / share - spent);
	fflush(stderr);
	p->drawn = t;
	p->shown = true;
}

void
progress_show(struct progress *p, uint64_t records, uint64_t taken, uint64_t size)
{
	double t;

	if (!p->on || (++p->calls & 255) != 0)
		return;
	t = now();
	if (t - p->drawn >= 0.2 && t > p->began)
		draw(p, t, records, taken, size);
}

void
progress_work(struct progress *p, const char *unit, uint64_t done, uint64_t all)
{
	double t, spent, rate;

	if (!p->on)
		return;
	t = now();
	if (p->work_began == 0)
		p->work_began = t;
	spent = t - p->work_began;
	if (spent <= 0 || (t - p->drawn < 0.2 && done < all))
		return;
	rate = (double)done / spent;
	fprintf(stderr, "\r\033[K%" PRIu64 " of %" PRIu64 " %s, %.0f %s/s, %.0f %%", done, all,
	    unit, rate, unit, all > 0 ? 100 * (double)done / (double)all : 100);
	if (done > 0)
		fprintf(stderr, ", %.0f s left", (double)(all - done) / rate);
	fflush(stderr);
	p->drawn = t;
	p->shown = true;
}

void
progress_printf(struct progress *p, const char *fmt, ...)
{
	double t;
	va_list args;

	if (!p->on || (t = now()) - p->drawn < 0.2)
		return;
	fputs("\r\033[K", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fflush(stderr);
	p->drawn = t;
	p->shown = true;
}

void
progress_clear(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
