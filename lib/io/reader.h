/* reader.h - one record after the other from an operand.
 *
 * Three forms are told apart by the first byte of a member that is not white
 * space (JSON) or by the first byte (msgpack maps, 0x80-0x8f, 0xde, 0xdf):
 * JSON lines, one JSON array whose elements are the records (pretty-printed
 * or not), and concatenated msgpack maps.  An item is a view into the
 * reader's buffer, valid until the next call, with at least READER_PADDING
 * readable bytes behind it.  Memory is the longest item allowed, at most. */

#ifndef ALIGNX_LIB_READER_H
#define ALIGNX_LIB_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"
#include "lib/io/source.h"

#define READER_PADDING 64

enum reader_form { READER_AUTO, READER_LINES, READER_ARRAY, READER_PACK };

struct reader_item {
	const char *data;	/* without the line's end */
	size_t len;
	enum reader_form form;
	uint64_t offset;	/* of its first byte in the plain bytes of the member */
	uint64_t number;	/* of the line it begins on (JSON), or ordinal (msgpack), from 1 */
};

struct reader;

/* form: READER_AUTO tells each member's form by its first bytes; READER_LINES
 * forces lines of any text.  max_len bounds an item in bytes. */
struct reader *reader_new(enum reader_form form, size_t max_len);

/* Begins an operand ("-" is standard input).  -2 with a fault. */
int reader_open(struct reader *r, const char *name, int window_log,
    struct fault *f);

/* The next item: 1, or 0 when the operand is at its end; -1 with a fault whose
 * `at` is relative to the item where bytes had to be passed over (a line that
 * is too long, garbage between msgpack maps, data cut in the middle), and the
 * call after it goes on behind them or ends; -2 if the source is broken, after
 * everything whole was delivered, and the call after it goes on with the next
 * member if there is one.  In both cases item holds the place, and what was
 * passed over as far as it is in the buffer.  Empty lines (white space only)
 * are passed over in silence.  A msgpack stream cannot be joined again after a
 * fault: the rest of the member is given up, in one fault.  Codes: too-long,
 * truncated (an array or map without its end), trailing-bytes (behind an
 * array), bad-json (a comma or an element of an array is missing) and
 * bad-msgpack. */
int reader_next(struct reader *r, struct reader_item *item, struct fault *f);

const char *reader_name(const struct reader *r);	/* as source_name() */
uint64_t reader_taken(const struct reader *r);		/* as source_taken() */
uint64_t reader_size(const struct reader *r);
void reader_close(struct reader *r);			/* ends the operand */
void reader_free(struct reader *r);

#endif
