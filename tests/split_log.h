/* split_log.h - what reader_split makes of bytes shown in pieces, as a text.
 *
 * Each answer is a line: "item OFFSET:NUMBER DATA", "CODE@AT OFFSET:NUMBER
 * DATA", "rest OFFSET:NUMBER DATA".  Each piece lies in memory of its own
 * size, so that a sanitizer sees a look beyond it. */
#ifndef ALIGNX_TESTS_SPLIT_LOG_H
#define ALIGNX_TESTS_SPLIT_LOG_H
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "lib/core/buf.h"
#include "lib/io/record_splitter.h"

static void
split_log_answer(struct buf *log, enum reader_split_found found,
    const struct reader_item *it, const struct fault *f)
{
	if (found == READER_SPLIT_FAULT)
		buf_printf(log, "%s@%" PRId64, f->code, f->at);
	else
		buf_add_str(log, found == READER_SPLIT_ITEM ? "item" : "rest");
	buf_printf(log, " %" PRIu64 ":%" PRIu64 " ", it->offset, it->number);
	buf_add(log, it->data, it->len);
	buf_add_byte(log, '\n');
}

/* One call, on a copy of the bytes. */
static enum reader_split_found
split_log_step(struct reader_split *s, struct reader_split_bytes b,
    size_t *used, struct buf *log)
{
	struct reader_item it = { 0 };
	struct fault f = FAULT_NONE;
	char *copy = malloc(b.len > 0 ? b.len : 1);

	if (b.len > 0)
		memcpy(copy, b.data, b.len);
	b.data = copy;
	enum reader_split_found found = reader_split_next(s, &b, &it, &f);

	if (found != READER_SPLIT_WANTS
	    && (found != READER_SPLIT_END || b.more == READER_SPLIT_CUT))
		split_log_answer(log, found, &it, &f);
	*used = b.used;
	free(copy);
	return found;
}

static void
split_log(struct buf *log, enum reader_form form, size_t max_len,
    const char *data, size_t len, size_t piece, enum reader_split_more end)
{
	struct reader_split s;
	size_t begin = 0, shown = 0, used;
	enum reader_split_more more = READER_SPLIT_MORE;
	enum reader_split_found found;

	reader_split_begin(&s, form, max_len);
	buf_clear(log);
	do {
		struct reader_split_bytes b = { data + begin, shown - begin,
			more, 0 };

		found = split_log_step(&s, b, &used, log);
		begin += used;
		if (found == READER_SPLIT_WANTS && shown == len)
			more = end;
		if (found == READER_SPLIT_WANTS)
			shown = len - shown > piece ? shown + piece : len;
	} while (found != READER_SPLIT_END);
	buf_add_byte(log, '\0');
}
#endif
