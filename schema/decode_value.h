/* decode_value.h - decodes single values of a message, for message_decode.c.
 *
 * Keeps the path to the current value, which each fault gets as its pointer.
 * A decode function returns 0, or -1 if decoding must stop; the fault has been
 * reported by then. */

#ifndef ALIGNX_SCHEMA_DECODE_VALUE_H
#define ALIGNX_SCHEMA_DECODE_VALUE_H

#include "schema/direction.h"
#include "schema/message.h"

/* The state of a decoder: the current path, and what to do with faults. */
struct decode {
	struct arena *arena;
	message_fault_fn *fn; /* NULL: stop at the first fault */
	void *with;
	struct fault *first;
	size_t faults, path_len;
	char path[sizeof(((struct fault *)0)->pointer)];
};

/* Appends a name to the path, escaped as in RFC 6901; returns the old length, for
 * decode_leave(). */
size_t decode_enter(struct decode *r, const char *name, size_t len);
size_t decode_enter_index(struct decode *r, uint32_t index);
void decode_leave(struct decode *r, size_t was);

/* Reports a fault at the current path: -1 if decoding must stop. */
int decode_fault(struct decode *r, struct fault *f);

#define DECODE_FAULT(r, ...) \
	do { \
		struct fault failed = FAULT_NONE; \
		fault_set(&failed, __VA_ARGS__); \
		return decode_fault(r, &failed); \
	} while (0)

const char *decode_type_name(const msgpack_object *o); /* "a text", "null" ... */
bool decode_is_str(const msgpack_object *o, const char *name);

/* Is it an integer, or a real without a fraction, as JSON Schema counts them? */
bool decode_as_integer(const msgpack_object *o, int64_t *n, bool *is_huge);

int decode_text(struct decode *r, const struct field *field, const msgpack_object *o,
    struct text *out);
int decode_enum(struct decode *r, const struct field *field, const msgpack_object *o, int *out);
int decode_int(struct decode *r, const struct field *field, const msgpack_object *o, int64_t *out);
int decode_real(struct decode *r, const struct field *field, const msgpack_object *o, double *out);
int decode_direction(struct decode *r, const msgpack_object *o, struct direction *out);
int decode_percent(struct decode *r, const struct field *field, const msgpack_object *o,
    int8_t *out);

#endif
