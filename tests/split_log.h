/* split_log.h - the results of record_splitter for bytes in pieces, as a text.
 *
 * Each result is a line: "item OFFSET:NUMBER DATA", "CODE@AT OFFSET:NUMBER
 * DATA", "rest OFFSET:NUMBER DATA".  Each piece is in memory of its exact
 * size, so that a sanitizer sees a read beyond it. */
#ifndef ALIGNX_TESTS_SPLIT_LOG_H
#define ALIGNX_TESTS_SPLIT_LOG_H
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "lib/core/buf.h"
#include "lib/io/record_splitter.h"

static void
split_log_answer(struct buf *log, enum splitter_result found, const struct reader_item *it,
    const struct fault *f)
{
	if (found == SPLITTER_FAULT)
		buf_printf(log, "%s@%" PRId64, f->code, f->at);
	else
		buf_add_str(log, found == SPLITTER_ITEM ? "item" : "rest");
	buf_printf(log, " %" PRIu64 ":%" PRIu64 " ", it->offset, it->number);
	buf_add(log, it->data, it->len);
	buf_add_byte(log, '\n');
}

/* One call, on a copy of the bytes. */
static enum splitter_result
split_log_step(struct record_splitter *s, struct record_splitter_input b, size_t *used,
    struct buf *log)
{
	struct reader_item it = { 0 };
	struct fault f = FAULT_NONE;
	char *copy = malloc(b.len > 0 ? b.len : 1);

	if (b.len > 0)
		memcpy(copy, b.data, b.len);
	b.data = copy;
	enum splitter_result found = record_splitter_next(s, &b, &it, &f);

	if (found != SPLITTER_WANTS_MORE && (found != SPLITTER_END || b.more == SPLITTER_CUT))
		split_log_answer(log, found, &it, &f);
	*used = b.used;
	free(copy);
	return found;
}

static void
split_log(struct buf *log, enum reader_form form, size_t max_len, const char *data, size_t len,
    size_t piece, enum splitter_more end)
{
	struct record_splitter s;
	size_t begin = 0, shown = 0, used;
	enum splitter_more more = SPLITTER_MORE;
	enum splitter_result found;

	record_splitter_init(&s, form, max_len);
	buf_clear(log);
	do {
		struct record_splitter_input b = { data + begin, shown - begin, more, 0 };

		found = split_log_step(&s, b, &used, log);
		begin += used;
		if (found == SPLITTER_WANTS_MORE && shown == len)
			more = end;
		if (found == SPLITTER_WANTS_MORE)
			shown = len - shown > piece ? shown + piece : len;
	} while (found != SPLITTER_END);
	buf_add_byte(log, '\0');
}
#endif
