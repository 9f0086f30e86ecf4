/* check.c - reads dumps through and says whether they are whole, and if not, where to mend them.
 *
 * Rows are only parsed.  A file that breaks is of use up to its last good byte; what has to be
 * downloaded again is the rest, or the piece of the torrent in which it begins. */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/cli/common_options.h"
#include "lib/cli/report.h"
#include "lib/core/utf8.h"
#include "lib/json/json.h"
#include "stages/ingest/check.h"
#include "stages/ingest/recognize.h"

enum { IS_WHOLE, HAS_REFUSED, IS_BROKEN };

struct check {
	struct reader *reader;
	struct json *json;
	struct progress *progress;
	int64_t piece_size;

	/* of the current operand */
	const char *name;
	uint64_t rows, refused, first_refused; /* the latter: its line */
	uint64_t last_row, last_at;            /* the last good row: its line, its first byte */
	struct buf last_name;                  /* the file that it is in */
	bool is_broken;
	uint64_t good, size;    /* bytes */
	struct fault fault;     /* why it is broken */
	struct buf broken_name; /* the file that is broken */
};

static void
keep_name(struct buf *b, const char *name)
{
	buf_clear(b);
	buf_add(b, name, strlen(name) + 1);
}

static void
note_row(struct check *c, const struct reader_item *item)
{
	struct fault f = FAULT_NONE;
	struct json_node row;

	c->rows++;
	if (item->form != READER_MSGPACK
	    && json_parse(c->json, item->data, item->len, &row, &f) == 0 && row.kind == JSON_MAP) {
		c->last_row = item->number;
		c->last_at = item->offset;
		if (c->last_name.len == 0 || strcmp(c->last_name.data, reader_name(c->reader)) != 0)
			keep_name(&c->last_name, reader_name(c->reader));
	} else if (c->refused++ == 0)
		c->first_refused = item->number;
}

/* Only the first break of an archive is told. */
static void
note_break(struct check *c, struct fault *f)
{
	if (!c->is_broken) {
		c->fault = *f;
		c->good = reader_bytes_good(c->reader);
		keep_name(&c->broken_name, reader_name(c->reader));
	}
	c->is_broken = true;
	fault_clear(f);
}

static void
read_rows(struct check *c)
{
	struct reader_item item;
	struct fault f = FAULT_NONE;
	int rc;

	while ((rc = reader_next(c->reader, &item, &f)) != 0) {
		progress_show(c->progress, c->rows, reader_bytes_read(c->reader),
		    reader_size(c->reader));
		if (rc == -2)
			note_break(c, &f);
		else if (rc == 1)
			note_row(c, &item);
		else {
			c->rows++;
			if (c->refused++ == 0)
				c->first_refused = item.number;
			fault_clear(&f);
		}
	}
	if (!c->is_broken && reader_bytes_read(c->reader) == 0) {
		fault_stop(&f, "it is empty");
		note_break(c, &f);
	} else if (!c->is_broken)
		c->good = reader_bytes_read(c->reader);
	c->size = reader_size(c->reader);
}

static void
print_rows(const struct check *c)
{
	printf("%" PRIu64 " row%s, %" PRIu64 " refused", c->rows, c->rows == 1 ? "" : "s",
	    c->refused);
	if (c->refused > 0)
		printf(" (the first in line %" PRIu64 ")", c->first_refused);
	putchar('\n');
}

static void
print_break(const struct check *c)
{
	printf("%s: broken: %s\n", c->broken_name.data, c->fault.text);
	printf("%s: good are %" PRIu64, c->name, c->good);
	if (c->size > 0)
		printf(" of %" PRIu64 " bytes (%.1f %%)", c->size,
		    100 * (double)c->good / (double)c->size);
	else
		printf(" bytes");
	printf("; ");
	print_rows(c);
	if (c->last_row > 0)
		printf("%s: the last good row is in line %" PRIu64 ", at byte %" PRIu64
		       " of what is decompressed\n",
		    c->last_name.data, c->last_row, c->last_at);
	if (c->piece_size > 0)
		printf("%s: mend it from piece %" PRIu64 " on (pieces of %" PRId64
		       " bytes, the first is 0)\n",
		    c->name, c->good / (uint64_t)c->piece_size, c->piece_size);
}

/* What was found of one operand: IS_WHOLE, HAS_REFUSED or IS_BROKEN. */
static int
print_result(const struct check *c)
{
	if (c->is_broken && strcmp(c->fault.code, READER_NOT_READ) == 0)
		printf("%s\n", c->fault.text);
	else if (c->is_broken)
		print_break(c);
	else {
		printf("%s: whole: %" PRIu64, c->name, c->good);
		if (c->size > 0)
			printf(" of %" PRIu64, c->size);
		printf(" bytes read; ");
		print_rows(c);
	}
	return c->is_broken ? IS_BROKEN : c->refused > 0 ? HAS_REFUSED : IS_WHOLE;
}

static int
check_file(struct check *c, const char *name)
{
	struct fault f = FAULT_NONE;
	int result = IS_BROKEN;

	c->name = strcmp(name, "-") == 0 ? "stdin" : name;
	c->rows = c->refused = c->last_row = 0;
	c->is_broken = false;
	if (reader_open(c->reader, name, (int)common_options.zstd_window, &f) < 0) {
		utf8_replace_invalid(f.text);
		printf("%s\n", f.text);
	} else {
		read_rows(c);
		progress_clear(c->progress);
		result = print_result(c);
	}
	fflush(stdout); /* a dump takes its time */
	reader_close(c->reader);
	return result;
}

int
check_dumps(const struct check_options *o, struct stage_ctx *t, int n, char **operands,
    struct fault *f)
{
	struct check c = {
		.json = json_new(), .progress = &t->report->progress, .piece_size = o->piece_size
	};
	int worst = IS_WHOLE;

	if (tool_has_file())
		return fault_stop(f, "--check writes to standard output and makes no file");
	c.reader = reader_new(READER_AUTO, (size_t)common_options.max_bytes);
	reader_set_check(c.reader, recognize_foreign);
	if (n == 0)
		worst = check_file(&c, "-");
	for (int i = 0; i < n; i++) {
		int result = check_file(&c, operands[i]);

		worst = result > worst ? result : worst;
	}
	reader_free(c.reader);
	json_free(c.json);
	buf_release(&c.last_name);
	buf_release(&c.broken_name);
	return worst;
}
