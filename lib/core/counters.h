/* counters.h - a few named counters, for --stats and summaries.
 *
 * Names are literals or outlive the counters.  They keep the order of their first use, which
 * is deterministic for a given input.  A group is one pointer, wherever it is used.  A count may be kept for a group as well, such as a data
 * set; the count without a group is then the sum. */

#ifndef ALIGNX_LIB_CORE_COUNTERS_H
#define ALIGNX_LIB_CORE_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

enum { COUNTERS_MAX = 512 };

struct counters {
	struct {
		const char *group; /* NULL: of all */
		const char *name;
		uint64_t n;
	} item[COUNTERS_MAX];
	size_t len;
};

/* Adds n and returns the new value; names beyond COUNTERS_MAX share the last counter. */
uint64_t counters_add(struct counters *c, const char *name, uint64_t n);
/* The same for a group (NULL: all) alone. */
uint64_t counters_add_to(struct counters *c, const char *group, const char *name, uint64_t n);
/* Adds n to the count of the group and to that of all. */
void counters_add_for(struct counters *c, const char *group, const char *name, uint64_t n);
/* 0 if nothing was added under this name. */
uint64_t counters_look_up(const struct counters *c, const char *name);
uint64_t counters_look_up_for(const struct counters *c, const char *group, const char *name);
/* Of all counts without a group. */
uint64_t counters_total(const struct counters *c);

#endif
