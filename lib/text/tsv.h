/* tsv.h - reads rows of tab-separated columns from a text.
 *
 * Empty lines and lines that begin with '#' are skipped. */

#ifndef ALIGNX_LIB_TEXT_TSV_H
#define ALIGNX_LIB_TEXT_TSV_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/text.h"

enum { TABLE_COLUMNS_MAX = 8 };

struct table {
	const char *at, *stop;		/* the rest of the text */
	int line;			/* of the current row, from 1 */
	struct text column[TABLE_COLUMNS_MAX];	/* views */
	size_t columns;			/* those beyond TABLE_COLUMNS_MAX are only counted */
};

struct table table_begin(const char *text, size_t len);
bool table_next(struct table *t);	/* reads the next row; false at the end */

/* The next line, whatever it is, without trailing blanks and '\r'; false at the end. */
bool table_line(struct table *t, struct text *line);

#endif
