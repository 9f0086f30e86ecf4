/* json_scan.h - one JSON value is checked and passed over, byte by byte.
 *
 * For json_rows.c, which reads the rows of a dump without building a tree.
 * What these functions pass over is JSON that json_parse() accepts too.  They
 * return NULL where they are in doubt, which says nothing of the text: it may
 * still be good (a number of many digits), and json_parse() has the last word.
 * Up to JSON_PADDING bytes behind the end are looked at, never believed. */

#ifndef ALIGNX_LIB_JSON_SCAN_H
#define ALIGNX_LIB_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/json/json.h"

/* The first byte that is no white space, or end. */
static inline const char *
json_scan_blanks(const char *s, const char *end)
{
	while (s < end && (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r'))
		s++;
	return s;
}

/* How many of the first `most` bytes are the same; 16 more may be read. */
size_t json_scan_same(const char *a, const char *b, size_t most);

/* The value that begins at s: the byte behind it, or NULL.  The node gets
 * scalars; its text is what stands between the quotes, with has_escapes set if
 * that has to be undone; lists and maps have a kind alone. */
const char *json_scan_value(const char *s, const char *end,
    struct json_node *node, bool *has_escapes);

/* Undoes the escapes of a text that was passed over; `to` has as much room as
 * the text is long.  Returns the bytes written. */
size_t json_scan_unescape(const char *s, size_t len, char *to);

#endif
