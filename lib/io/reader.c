#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/io/reader.h"
#include "lib/io/record_splitter.h"

enum {
	ROOM = 256 * 1024,	/* of the buffer, until an item is longer */
	PIECE = 256 * 1024,	/* read at once: more would leave the cache */
};

struct reader {
	enum reader_form form;
	size_t max_len;
	struct source *source;		/* NULL between operands */
	bool in_member;
	struct reader_split split;
	enum reader_split_more more;
	struct fault broken;		/* of the source, if more is CUT */
	char *data;			/* room bytes, and READER_PADDING */
	size_t room, begin, end;	/* what is not used yet */
};

struct reader *
reader_new(enum reader_form form, size_t max_len)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (r == NULL || (r->data = malloc(ROOM + READER_PADDING)) == NULL)
		arena_exhausted();
	r->form = form == READER_LINES ? READER_LINES : READER_AUTO;
	r->max_len = max_len < 1 ? 1
	    : max_len < SIZE_MAX / 4 ? max_len : SIZE_MAX / 4;
	r->room = ROOM;
	return r;
}

int
reader_open(struct reader *r, const char *name, int window_log,
    struct fault *f)
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
reader_taken(const struct reader *r)
{
	return r->source != NULL ? source_taken(r->source) : 0;
}

uint64_t
reader_size(const struct reader *r)
{
	return r->source != NULL ? source_size(r->source) : 0;
}

/* As source_next(); a fault is placed at the start of what cannot be had. */
static int
begin_member(struct reader *r, struct reader_item *item, struct fault *f)
{
	int rc = r->source != NULL ? source_next(r->source, f) : 0;

	r->begin = r->end = 0;
	reader_split_begin(&r->split, r->form, r->max_len);
	r->more = READER_SPLIT_MORE;
	r->broken = FAULT_NONE;
	r->in_member = rc == 1;
	if (rc < 0)
		*item = (struct reader_item){ r->data, 0, READER_LINES, 0, 1 };
	return rc;
}

/* Makes room behind the bytes in hand, which are the begin of an item. */
static void
make_room(struct reader *r)
{
	size_t most = r->max_len + READER_PADDING;

	r->end -= r->begin;
	memmove(r->data, r->data + r->begin, r->end);
	r->begin = 0;
	if (r->end <= r->room / 2 || r->room >= most)
		return;
	r->room = r->room * 2 < most ? r->room * 2 : most;
	if ((r->data = realloc(r->data, r->room + READER_PADDING)) == NULL)
		arena_exhausted();
}

static void
fill(struct reader *r)
{
	make_room(r);
	size_t free_room = r->room - r->end;
	ssize_t n = source_read(r->source, r->data + r->end,
	    free_room < PIECE ? free_room : PIECE, &r->broken);

	if (n > 0)
		r->end += (size_t)n;
	else
		r->more = n == 0 ? READER_SPLIT_LAST : READER_SPLIT_CUT;
	memset(r->data + r->end, 0, READER_PADDING);
}

/* The next thing in the member: as reader_next(), but 0 is the member's end. */
static int
next_in_member(struct reader *r, struct reader_item *item, struct fault *f)
{
	enum reader_split_found found;

	for (;;) {
		struct reader_split_bytes b = { .data = r->data + r->begin,
			.len = r->end - r->begin, .more = r->more };

		found = reader_split_next(&r->split, &b, item, f);
		r->begin += b.used;
		if (found != READER_SPLIT_WANTS)
			break;
		fill(r);
	}
	if (found == READER_SPLIT_ITEM)
		return 1;
	if (found == READER_SPLIT_FAULT)
		return -1;
	r->in_member = false;
	if (r->more != READER_SPLIT_CUT || r->split.is_given_up)
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
