/* field.h - reads values of foreign rows, and locates each fault.
 *
 * Functions for optional values return 1 if the value is there, 0 if it is absent or null, -1
 * with a fault (missing-field, wrong-type, out-of-bounds) that points at the member; callers
 * prepend the steps that lead to it (json_pointer_prepend). */

#ifndef ALIGNX_STAGES_INGEST_FIELD_H
#define ALIGNX_STAGES_INGEST_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/fault.h"
#include "lib/json/json.h"
#include "schema/message.h"

const char *field_type_name(const struct json_node *n); /* "a text" */

/* A fault of the member `name`. */
int field_fault(const char *name, struct fault *f, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Required values: 0, or -1. */
int field_require_text(const struct json_node *n, const char *name, struct text *out,
    struct fault *f);
int field_require_list(const struct json_node *n, const char *name, struct fault *f);
int field_require_map(const struct json_node *n, const char *name, struct fault *f);

/* Optional values. */
int field_text(const struct json_node *n, const char *name, struct text *out, struct fault *f);
int field_bool(const struct json_node *n, const char *name, bool *out, struct fault *f);

/* An integer, a real without a fraction, or a text that is one of these. */
int field_int(const struct json_node *n, const char *name, int64_t *out, struct fault *f);

/* Seconds since 1970, UTC: a number or a text that is one, or an RFC 3339 time; a fraction is
 * dropped. */
int field_time(const struct json_node *n, const char *name, int64_t *out, struct fault *f);

/* A number from low to high, or a text that is one; "N/A" counts as absent. */
int field_rating(const struct json_node *n, const char *name, double low, double high, double *out,
    struct fault *f);

#endif
