/* table.h - rows of a text file whose columns stand between tabs.
 *
 * Empty lines and lines that begin with '#' are passed over. */

#ifndef ALIGNX_SCHEMA_TABLE_H
#define ALIGNX_SCHEMA_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/text.h"

enum { TABLE_COLUMNS_MAX = 8 };

struct table {
	const char *at, *stop;		/* what is left of the text */
	int line;			/* of the row in hand, from 1 */
	struct text column[TABLE_COLUMNS_MAX];	/* views */
	size_t columns;			/* more than there is room for are only counted */
};

struct table table_begin(const char *text, size_t len);
bool table_next(struct table *t);	/* false: there is no further row */

/* The next line of any text without its end, blanks and '\r' behind it cut
 * off; false at the end. */
bool table_line(struct table *t, struct text *line);

#endif
