/* ingest_field.h - values out of foreign rows, each refusal with its pointer.
 *
 * A reader of an optional value returns 1 if it is there, 0 if it is absent
 * or null, -1 with a fault (missing-field, wrong-type, out-of-bounds) that
 * names the member; whoever stands further out puts its own step before it
 * (pointer_under). */

#ifndef ALIGNX_STAGES_INGEST_FIELD_H
#define ALIGNX_STAGES_INGEST_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/fault.h"
#include "lib/json/json.h"
#include "schema/message.h"

const char *ingest_field_kind(const struct json_node *n);	/* "a text" */

/* A fault of the member `name`. */
int ingest_field_blame(const char *name, struct fault *f, const char *code,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* 0, or -1: these must be there. */
int ingest_field_need_text(const struct json_node *n, const char *name,
    struct text *out, struct fault *f);
int ingest_field_need_list(const struct json_node *n, const char *name,
    struct fault *f);
int ingest_field_need_map(const struct json_node *n, const char *name,
    struct fault *f);

int ingest_field_text(const struct json_node *n, const char *name,
    struct text *out, struct fault *f);
int ingest_field_bool(const struct json_node *n, const char *name, bool *out,
    struct fault *f);

/* Integers; a text that holds one, and a real without a fraction, will do. */
int ingest_field_int(const struct json_node *n, const char *name, int64_t *out,
    struct fault *f);

/* Seconds since 1970: as ingest_field_int(), and a fraction is cut off. */
int ingest_field_time(const struct json_node *n, const char *name,
    int64_t *out, struct fault *f);

/* A number from low to high, or a text that holds one; "N/A" is absent. */
int ingest_field_rating(const struct json_node *n, const char *name, double low,
    double high, double *out, struct fault *f);

#endif
