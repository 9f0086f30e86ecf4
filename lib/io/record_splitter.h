/* record_splitter.h - finds where items begin and end in bytes that come in pieces.
 *
 * The part of the reader that does no input.  It is given all bytes that are not consumed
 * yet, and returns the item at their beginning, or asks for more.  Results do not depend on
 * how the bytes are cut into pieces.  A reader owns one, and initialises it for each member. */

#ifndef ALIGNX_LIB_IO_RECORD_SPLITTER_H
#define ALIGNX_LIB_IO_RECORD_SPLITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"
#include "lib/io/reader.h"

enum { SPLITTER_SHOWN = 64 }; /* bytes of garbage that an item shows */

enum splitter_more {
	SPLITTER_MORE, /* more bytes follow */
	SPLITTER_LAST, /* these are the last */
	SPLITTER_CUT,  /* these are the last before the source broke */
};

enum splitter_result {
	SPLITTER_WANTS_MORE, /* call again with more bytes */
	SPLITTER_ITEM,
	SPLITTER_FAULT,
	SPLITTER_END, /* nothing follows; item is the rest before a cut */
};

struct record_splitter {
	enum reader_form form; /* READER_AUTO until it is known */
	size_t max_len;
	uint64_t offset;   /* of the first byte not consumed */
	uint64_t number;   /* of its line, or of the msgpack item */
	size_t scanned;    /* bytes from there that contain no end */
	size_t wanted;     /* bytes to wait for (msgpack) */
	bool is_skipping;  /* within an item that is too long */
	bool is_given_up;  /* the rest of the member is ignored */
	int state;         /* position in an array; 0 is before its [ */
	uint64_t depth;    /* open brackets within an element */
	uint64_t newlines; /* within the scanned part of an element */
	bool in_string, is_escaped;
};

struct record_splitter_input {
	const char *data;
	size_t len;
	enum splitter_more more;
	size_t used; /* bytes consumed, set by the splitter */
};

void record_splitter_init(struct record_splitter *s, enum reader_form form, size_t max_len);

/* Finds the next item, a view of the input.  Bytes consumed are not passed again. */
enum splitter_result record_splitter_next(struct record_splitter *s,
    struct record_splitter_input *b, struct reader_item *item, struct fault *f);

/* The forms, each in its file. */
enum splitter_result record_splitter_array(struct record_splitter *s,
    struct record_splitter_input *b, struct reader_item *item, struct fault *f);
enum splitter_result record_splitter_msgpack(struct record_splitter *s,
    struct record_splitter_input *b, struct reader_item *item, struct fault *f);

/* For the forms: consumes n more bytes; sets the item to the next len bytes. */
void record_splitter_consume(struct record_splitter *s, struct record_splitter_input *b, size_t n);
void record_splitter_view(const struct record_splitter *s, const struct record_splitter_input *b,
    size_t len, struct reader_item *item);
enum splitter_result record_splitter_too_long(const struct record_splitter *s, const char *what,
    struct fault *f);

/* Skips white space and counts its lines; returns whether anything follows. */
bool record_splitter_skip_space(struct record_splitter *s, struct record_splitter_input *b);

bool record_splitter_is_map_byte(char c); /* does it begin a msgpack map? */

static inline bool
record_splitter_is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

#endif
