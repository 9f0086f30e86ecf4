#include "config.h"

#include <string.h>

#include "lib/io/record_splitter.h"

void
reader_split_begin(struct reader_split *s, enum reader_form form,
    size_t max_len)
{
	*s = (struct reader_split){ .form = form, .max_len = max_len,
		.number = 1 };
}

void
reader_split_use(struct reader_split *s, struct reader_split_bytes *b,
    size_t n)
{
	b->used += n;
	s->offset += n;
	s->scanned = 0;
}

void
reader_split_item(const struct reader_split *s,
    const struct reader_split_bytes *b, size_t len, struct reader_item *item)
{
	*item = (struct reader_item){ b->data + b->used, len, s->form,
		s->offset, s->number };
}

enum reader_split_found
reader_split_too_long(const struct reader_split *s, const char *what,
    struct fault *f)
{
	fault_set(f, "too-long", "the %s is longer than %zu bytes; allow more "
	    "with --max-bytes", what, s->max_len);
	return READER_SPLIT_FAULT;
}

static bool
is_blank(const char *p, size_t len)
{
	size_t i = 0;

	while (i < len && reader_split_is_blank(p[i]))
		i++;
	return i == len;
}

/* Passes over the rest of a line that is too long: has its end come? */
static bool
skip_line(struct reader_split *s, struct reader_split_bytes *b)
{
	const char *p = b->data + b->used;
	size_t len = b->len - b->used;
	const char *nl = len > 0 ? memchr(p, '\n', len) : NULL;

	reader_split_use(s, b, nl != NULL ? (size_t)(nl - p) + 1 : len);
	s->is_skipping = nl == NULL;
	s->number += nl != NULL;
	return nl != NULL;
}

/* No line's end is within reach. */
static enum reader_split_found
without_end(struct reader_split *s, struct reader_split_bytes *b,
    struct reader_item *item, struct fault *f)
{
	size_t len = b->len - b->used;

	if (!s->is_skipping && len >= s->max_len + 2) {
		reader_split_item(s, b, s->max_len, item);
		reader_split_use(s, b, s->max_len + 2);
		s->is_skipping = true;
		return reader_split_too_long(s, "line", f);
	}
	if (b->more == READER_SPLIT_MORE) {
		s->scanned = len;
		return READER_SPLIT_WANTS;
	}
	reader_split_item(s, b, len, item);
	return READER_SPLIT_END;
}

/* The line of n bytes, and of whole with its end: 1 an item, 0 blank, -1. */
static int
take_line(struct reader_split *s, struct reader_split_bytes *b, size_t n,
    size_t whole, struct reader_item *item)
{
	const char *p = b->data + b->used;
	int rc = 1;

	if (n > 0 && p[n - 1] == '\r')
		n--;
	if (n > s->max_len) {
		n = s->max_len;
		rc = -1;
	} else if (is_blank(p, n))
		rc = 0;
	reader_split_item(s, b, n, item);
	reader_split_use(s, b, whole);
	s->number++;
	return rc;
}

static enum reader_split_found
next_line(struct reader_split *s, struct reader_split_bytes *b,
    struct reader_item *item, struct fault *f)
{
	int rc = 0;

	while (rc == 0) {
		if (s->is_skipping && !skip_line(s, b))
			return without_end(s, b, item, f);
		const char *p = b->data + b->used, *nl = NULL;
		size_t len = b->len - b->used, reach = len;

		if (reach > s->max_len + 2)
			reach = s->max_len + 2;
		if (reach > s->scanned)
			nl = memchr(p + s->scanned, '\n', reach - s->scanned);
		if (nl != NULL)
			rc = take_line(s, b, (size_t)(nl - p),
			    (size_t)(nl - p) + 1, item);
		else if (b->more == READER_SPLIT_LAST && len > 0
		    && len < s->max_len + 2)
			rc = take_line(s, b, len, len, item);
		else
			return without_end(s, b, item, f);
	}
	return rc == 1 ? READER_SPLIT_ITEM : reader_split_too_long(s, "line", f);
}

/* The byte order mark at the start of a text is passed over.  false: there
 * are too few bytes to tell. */
static bool
skip_mark(struct reader_split *s, struct reader_split_bytes *b)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t n = b->len < 3 ? b->len : 3;

	if (s->offset > 0 || n == 0 || memcmp(b->data, mark, n) != 0)
		return true;
	if (n == 3)
		reader_split_use(s, b, 3);
	return n == 3 || b->more != READER_SPLIT_MORE;
}

bool
reader_split_begins_map(char c)
{
	unsigned char u = (unsigned char)c;

	return (u >= 0x80 && u <= 0x8f) || u == 0xde || u == 0xdf;
}

bool
reader_split_skip_blanks(struct reader_split *s, struct reader_split_bytes *b)
{
	const char *p = b->data + b->used;
	size_t len = b->len - b->used, i = 0;

	for (; i < len && reader_split_is_blank(p[i]); i++)
		s->number += p[i] == '\n';
	reader_split_use(s, b, i);
	return i < len;
}

/* Finds out the form by the first byte that tells it. */
static bool
tell_form(struct reader_split *s, struct reader_split_bytes *b)
{
	if (s->offset == 0 && b->len > 0 && reader_split_begins_map(b->data[0]))
		s->form = READER_PACK;
	else if (reader_split_skip_blanks(s, b))
		s->form = b->data[b->used] == '[' ? READER_ARRAY : READER_LINES;
	return s->form != READER_AUTO;
}

enum reader_split_found
reader_split_next(struct reader_split *s, struct reader_split_bytes *b,
    struct reader_item *item, struct fault *f)
{
	b->used = 0;
	if (!skip_mark(s, b))
		return READER_SPLIT_WANTS;
	if (s->is_given_up || (s->form == READER_AUTO && !tell_form(s, b))) {
		reader_split_item(s, b, 0, item);
		return b->more == READER_SPLIT_MORE && !s->is_given_up
		    ? READER_SPLIT_WANTS : READER_SPLIT_END;
	}
	switch (s->form) {
	case READER_PACK:
		return reader_split_pack(s, b, item, f);
	case READER_ARRAY:
		return reader_split_array(s, b, item, f);
	default:
		return next_line(s, b, item, f);
	}
}
