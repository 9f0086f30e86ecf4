/* reading.h - for schema/message_decode.c and its parts: where the reading of a noun
 * stands, how its faults are placed, and the readers of single values.
 *
 * A reader of a value returns 0, or -1 if reading should end; what is wrong has
 * been told by then. */

#ifndef ALIGNX_SCHEMA_READING_H
#define ALIGNX_SCHEMA_READING_H

#include "schema/direction.h"
#include "schema/message.h"

/* Where reading stands: the path so far, and what to do with faults. */
struct reading {
	struct arena *arena;
	noun_fault_fn *fn;	/* NULL: the first fault ends it */
	void *with;
	struct fault *first;
	size_t faults, path_len;
	char path[sizeof(((struct fault *)0)->pointer)];
};

/* Adds a step to the path, escaped as RFC 6901 wants; returns the old length,
 * for reading_leave(). */
size_t reading_enter(struct reading *r, const char *name, size_t len);
void reading_leave(struct reading *r, size_t was);

/* Takes a fault that a reader worded: -1 if reading should end. */
int reading_blame(struct reading *r, struct fault *f);

#define READING_BLAME(r, ...) do { \
	struct fault blamed = FAULT_NONE; \
	fault_set(&blamed, __VA_ARGS__); \
	return reading_blame(r, &blamed); \
} while (0)

const char *reading_what(const msgpack_object *o);	/* "a text", "null" ... */
bool reading_is_name(const msgpack_object *o, const char *name);

/* Integers, and reals without a fraction, as JSON Schema counts them. */
bool reading_integer(const msgpack_object *o, int64_t *n, bool *is_huge);

int reading_text(struct reading *r, const struct field *d, const msgpack_object *o,
    struct text *out);
int reading_word(struct reading *r, const struct field *d, const msgpack_object *o,
    int *out);
int reading_int(struct reading *r, const struct field *d, const msgpack_object *o,
    int64_t *out);
int reading_real(struct reading *r, const struct field *d, const msgpack_object *o,
    double *out);
int reading_direction(struct reading *r, const msgpack_object *o, struct direction *out);
int reading_hundredths(struct reading *r, const struct field *d,
    const msgpack_object *o, int8_t *out);

#endif
