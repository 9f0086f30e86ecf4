/* tsv.h - reads rows of tab-separated columns from a text.
 *
 * Empty lines and lines that begin with '#' are skipped. */

#ifndef ALIGNX_LIB_TEXT_TSV_H
#define ALIGNX_LIB_TEXT_TSV_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/text.h"

enum { TSV_COLUMNS_MAX = 8 };

struct tsv {
	const char *at, *stop;               /* the rest of the text */
	int line;                            /* of the current row, from 1 */
	struct text column[TSV_COLUMNS_MAX]; /* views */
	size_t columns;                      /* those beyond TSV_COLUMNS_MAX are only counted */
};

struct tsv tsv_begin(const char *text, size_t len);
bool tsv_next(struct tsv *t); /* reads the next row; false at the end */

/* The next line, whatever it is, without trailing blanks and '\r'; false at the end. */
bool tsv_line(struct tsv *t, struct text *line);

#endif
