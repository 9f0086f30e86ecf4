/* reader.h - reads one record after another from an operand.
 *
 * Three forms are detected for each member: JSON lines, one JSON array whose elements are the
 * records (pretty-printed or not), and concatenated msgpack maps.  The first byte decides for
 * msgpack (a map begins with 0x80-0x8f, 0xde or 0xdf), the first that is not white space for
 * JSON.  An item is a view of the reader's buffer, valid until the next call, with at least
 * READER_PADDING readable bytes after it.  Memory is at most that of the longest item
 * allowed. */

#ifndef ALIGNX_LIB_IO_READER_H
#define ALIGNX_LIB_IO_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"
#include "lib/io/source.h"

#define READER_PADDING 64

enum reader_form { READER_AUTO, READER_LINES, READER_ARRAY, READER_MSGPACK };

struct reader_item {
	const char *data; /* without the line end */
	size_t len;
	enum reader_form form;
	uint64_t offset; /* of its first byte in the plain bytes of the member */
	uint64_t number; /* from 1: its first line (JSON), or the item (msgpack) */
};

struct reader;

/* form: READER_AUTO detects the form of each member; READER_LINES reads lines of any text.
 * max_len: the longest item allowed, in bytes. */
struct reader *reader_new(enum reader_form form, size_t max_len);

/* Looks at the first bytes of a member; -2 with a fault refuses it, and reader_next() returns -2
 * with the code READER_NOT_READ. */
#define READER_NOT_READ "not-read"
typedef int reader_check_fn(const char *name, const uint8_t *head, size_t len, struct fault *f);
void reader_set_check(struct reader *r, reader_check_fn *check);

/* Begins an operand ("-" is standard input).  -2 with a fault. */
int reader_open(struct reader *r, const char *name, int window_log, struct fault *f);

/* Reads the next item.
 *	1	there is one; lines of white space are skipped
 *	0	the operand is at its end
 *	-1	bytes had to be skipped; the next call goes on after them, or ends.  The fault's
 *		byte is relative to the item.  Codes: too-long; truncated (a msgpack map or an
 *		array without its end); trailing-bytes (after an array); bad-json (an array lacks
 *		a comma or an element); bad-msgpack
 *	-2	the source is broken, and all whole items before the break have been returned;
 *		the next call goes on with the next member, if there is one
 * After -1 and -2, item is the place, and what was skipped as far as it is in the buffer.
 * In msgpack the beginning of the next map cannot be found after a fault, so the rest of the
 * member is skipped with it. */
int reader_next(struct reader *r, struct reader_item *item, struct fault *f);

const char *reader_name(const struct reader *r);    /* as source_name() */
uint64_t reader_bytes_read(const struct reader *r); /* as source_bytes_read() */
uint64_t reader_bytes_good(const struct reader *r); /* as source_bytes_good() */
uint64_t reader_size(const struct reader *r);
void reader_close(struct reader *r); /* ends the operand */
void reader_free(struct reader *r);

#endif
