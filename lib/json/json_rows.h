/* json_rows.h - fields of the rows of a dump, which look much alike.
 *
 * The rows of a dump have the same fields in the same order, and most values
 * no one asks for (null, false, []) are the same as well.  So a row is compared
 * with one that was read before: what is the same is known to be JSON, and only
 * what differs is read.  Rows without that likeness are read field by field.
 *
 * Every byte is checked all the same.  A row that this file has any doubt of
 * (faults, numbers beyond fifteen digits, a name with escapes, a wanted field
 * that stands twice, two wanted lists or maps) is left to json_parse(), which gives
 * the verdict, so the two always agree. */

#ifndef ALIGNX_LIB_JSON_ROWS_H
#define ALIGNX_LIB_JSON_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/json/json.h"

struct json_rows;

/* The names must live on. */
struct json_rows *json_rows_new(const char *const *names, size_t n);
void json_rows_free(struct json_rows *r);

/* Picks the named fields out of a map, as json_pick_names() does; false: in
 * doubt.  Texts are views into the row or into *r, good until the next call.
 * JSON_PADDING bytes behind the row must be readable. */
bool json_rows_pick(struct json_rows *r, const char *row, size_t len,
    struct json_node *out);

#endif
