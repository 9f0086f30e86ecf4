/* count.h - a few named counts, for --stats and summaries.
 *
 * Names are literals or outlive the table.  Order is that of first use, which
 * is deterministic for a given input. */

#ifndef ALIGNX_LIB_COUNT_H
#define ALIGNX_LIB_COUNT_H

#include <stddef.h>
#include <stdint.h>

enum { COUNT_MAX = 128 };

struct count {
	struct { const char *name; uint64_t n; } item[COUNT_MAX];
	size_t len;
};

/* Adds and returns the new value; names beyond COUNT_MAX share the last. */
uint64_t count_add(struct count *c, const char *name, uint64_t n);
uint64_t count_get(const struct count *c, const char *name);
uint64_t count_total(const struct count *c);

#endif
