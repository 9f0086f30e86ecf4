/* reader_split.h - where items begin and end, in bytes that come in pieces.
 *
 * The part of the reader that does no input: it is shown the bytes that have
 * not been used, as many as there are by now, and says what they begin with.
 * The answers do not depend on how the bytes are cut into pieces.  One per
 * reader, set up anew for each member. */

#ifndef ALIGNX_LIB_READER_SPLIT_H
#define ALIGNX_LIB_READER_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"
#include "lib/io/reader.h"

enum { READER_SPLIT_SHOWN = 64 };	/* bytes of garbage that an item shows */

enum reader_split_more {
	READER_SPLIT_MORE,	/* more bytes come */
	READER_SPLIT_LAST,	/* these are the last */
	READER_SPLIT_CUT,	/* these are the last before the source broke */
};

enum reader_split_found {
	READER_SPLIT_WANTS,	/* show it more bytes */
	READER_SPLIT_ITEM,
	READER_SPLIT_FAULT,
	READER_SPLIT_END,	/* nothing more; item is what a cut has left over */
};

struct reader_split {
	enum reader_form form;	/* READER_AUTO until it is known */
	size_t max_len;
	uint64_t offset;	/* of the first byte not used */
	uint64_t number;	/* of its line, or of the msgpack item */
	size_t scanned;		/* bytes from there that hold no end */
	size_t wanted;		/* bytes to wait for (msgpack) */
	bool is_skipping;	/* within an item that is too long */
	bool is_given_up;	/* the rest of the member is not looked at */
	int phase;		/* where in an array; 0 is before its [ */
	uint64_t depth;		/* open brackets within an element */
	uint64_t newlines;	/* within the scanned part of an element */
	bool in_string, is_escaped;
};

/* What is shown, and how much of it is done with. */
struct reader_split_bytes {
	const char *data;
	size_t len;
	enum reader_split_more more;
	size_t used;
};

void reader_split_begin(struct reader_split *s, enum reader_form form,
    size_t max_len);

/* What comes next.  The bytes used are not to be shown again, but the item is
 * a view into them. */
enum reader_split_found reader_split_next(struct reader_split *s,
    struct reader_split_bytes *b, struct reader_item *item, struct fault *f);

/* The forms, each in its file. */
enum reader_split_found reader_split_array(struct reader_split *s,
    struct reader_split_bytes *b, struct reader_item *item, struct fault *f);
enum reader_split_found reader_split_pack(struct reader_split *s,
    struct reader_split_bytes *b, struct reader_item *item, struct fault *f);

/* For the forms: done with n more bytes; the item that begins there. */
void reader_split_use(struct reader_split *s, struct reader_split_bytes *b,
    size_t n);
void reader_split_item(const struct reader_split *s,
    const struct reader_split_bytes *b, size_t len, struct reader_item *item);
enum reader_split_found reader_split_too_long(const struct reader_split *s,
    const char *what, struct fault *f);

/* Passes over white space and counts its lines; is anything else there? */
bool reader_split_skip_blanks(struct reader_split *s,
    struct reader_split_bytes *b);

bool reader_split_begins_map(char c);	/* of msgpack */

static inline bool
reader_split_is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

#endif
