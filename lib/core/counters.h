/* counters.h - a few named counters, for --stats and summaries.
 *
 * Names are literals or outlive the counters.  They keep the order of their first use, which
 * is deterministic for a given input. */

#ifndef ALIGNX_LIB_CORE_COUNTERS_H
#define ALIGNX_LIB_CORE_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

enum { COUNTERS_MAX = 128 };

struct counters {
	struct {
		const char *name;
		uint64_t n;
	} item[COUNTERS_MAX];
	size_t len;
};

/* Adds n and returns the new value; names beyond COUNTERS_MAX share the last counter. */
uint64_t counters_add(struct counters *c, const char *name, uint64_t n);
/* 0 if nothing was added under this name. */
uint64_t counters_look_up(const struct counters *c, const char *name);
uint64_t counters_total(const struct counters *c);

#endif
