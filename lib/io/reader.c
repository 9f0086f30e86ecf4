#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/io/reader.h"
#include "lib/io/record_splitter.h"

enum {
	BUFFER_MIN = 256 * 1024, /* grows if an item is longer */
	READ_MAX = 256 * 1024,   /* at once: more would not stay in the cache */
};

struct reader {
	enum reader_form form;
	size_t max_len;
	reader_check_fn *check; /* NULL: read whatever comes */
	struct source *source;  /* NULL between operands */
	bool in_member;
	struct record_splitter splitter;
	enum splitter_more more;
	struct fault broken;    /* of the source, if more is SPLITTER_CUT */
	char *data;             /* cap bytes, and READER_PADDING */
	size_t cap, begin, end; /* begin to end: not consumed yet */
};

struct reader *
reader_new(enum reader_form form, size_t max_len)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (r == NULL || (r->data = malloc(BUFFER_MIN + READER_PADDING)) == NULL)
		arena_out_of_memory();
	r->form = form == READER_LINES ? READER_LINES : READER_AUTO;
	r->max_len = max_len < 1 ? 1 : max_len < SIZE_MAX / 4 ? max_len : SIZE_MAX / 4;
	r->cap = BUFFER_MIN;
	return r;
}

void
reader_set_check(struct reader *r, reader_check_fn *check)
{
	r->check = check;
}

int
reader_open(struct reader *r, const char *name, int window_log, struct fault *f)
{
	reader_close(r);
	r->source = source_open(name, window_log, f);
	return r->source != NULL ? 0 : -2;
}

void
reader_close(struct reader *r)
{
	source_close(r->source);
	r->source = NULL;
	r->in_member = false;
}

void
reader_free(struct reader *r)
{
	if (r == NULL)
		return;
	reader_close(r);
	free(r->data);
	free(r);
}

const char *
reader_name(const struct reader *r)
{
	return r->source != NULL ? source_name(r->source) : "";
}

uint64_t
reader_bytes_read(const struct reader *r)
{
	return r->source != NULL ? source_bytes_read(r->source) : 0;
}

uint64_t
reader_bytes_good(const struct reader *r)
{
	return r->source != NULL ? source_bytes_good(r->source) : 0;
}

uint64_t
reader_size(const struct reader *r)
{
	return r->source != NULL ? source_size(r->source) : 0;
}

/* May the member be read?  If it breaks at once, reading it says so. */
static int
check_member(struct reader *r, struct fault *f)
{
	struct fault broken = FAULT_NONE;
	const uint8_t *head;
	ssize_t n = r->check != NULL ? source_peek(r->source, &head, &broken) : 0;

	if (n <= 0 || r->check(source_name(r->source), head, (size_t)n, f) == 0)
		return 1;
	f->code = READER_NOT_READ;
	return -2;
}

/* As source_next(); a fault is placed at the beginning of the member. */
static int
begin_member(struct reader *r, struct reader_item *item, struct fault *f)
{
	int rc = r->source != NULL ? source_next(r->source, f) : 0;

	if (rc == 1)
		rc = check_member(r, f);
	r->begin = r->end = 0;
	record_splitter_init(&r->splitter, r->form, r->max_len);
	r->more = SPLITTER_MORE;
	r->broken = FAULT_NONE;
	r->in_member = rc == 1;
	if (rc < 0)
		*item = (struct reader_item){ r->data, 0, READER_LINES, 0, 1 };
	return rc;
}

/* Makes space after the bytes not consumed, which are the beginning of an item. */
static void
make_space(struct reader *r)
{
	size_t most = r->max_len + READER_PADDING;

	r->end -= r->begin;
	memmove(r->data, r->data + r->begin, r->end);
	r->begin = 0;
	if (r->end <= r->cap / 2 || r->cap >= most)
		return;
	r->cap = r->cap * 2 < most ? r->cap * 2 : most;
	if ((r->data = realloc(r->data, r->cap + READER_PADDING)) == NULL)
		arena_out_of_memory();
}

static void
fill(struct reader *r)
{
	make_space(r);
	size_t space = r->cap - r->end;
	ssize_t n = source_read(r->source, r->data + r->end, space < READ_MAX ? space : READ_MAX,
	    &r->broken);

	if (n > 0)
		r->end += (size_t)n;
	else
		r->more = n == 0 ? SPLITTER_LAST : SPLITTER_CUT;
	memset(r->data + r->end, 0, READER_PADDING);
}

/* As reader_next(), but 0 is the end of the member. */
static int
next_in_member(struct reader *r, struct reader_item *item, struct fault *f)
{
	enum splitter_result found;

	for (;;) {
		struct record_splitter_input b = {
			.data = r->data + r->begin, .len = r->end - r->begin, .more = r->more
		};

		found = record_splitter_next(&r->splitter, &b, item, f);
		r->begin += b.used;
		if (found != SPLITTER_WANTS_MORE)
			break;
		fill(r);
	}
	if (found == SPLITTER_ITEM)
		return 1;
	if (found == SPLITTER_FAULT)
		return -1;
	r->in_member = false;
	if (r->more != SPLITTER_CUT || r->splitter.is_given_up)
		return 0;
	*f = r->broken;
	f->at = (int64_t)item->len;
	return -2;
}

int
reader_next(struct reader *r, struct reader_item *item, struct fault *f)
{
	int rc;

	for (;;) {
		if (!r->in_member && (rc = begin_member(r, item, f)) <= 0)
			return rc;
		if ((rc = next_in_member(r, item, f)) != 0)
			return rc;
	}
}
