#include "config.h"

#include <string.h>

#include "lib/io/record_splitter.h"

void
record_splitter_init(struct record_splitter *s, enum reader_form form, size_t max_len)
{
	*s = (struct record_splitter){ .form = form, .max_len = max_len, .number = 1 };
}

void
record_splitter_consume(struct record_splitter *s, struct record_splitter_input *b, size_t n)
{
	b->used += n;
	s->offset += n;
	s->scanned = 0;
}

void
record_splitter_view(const struct record_splitter *s, const struct record_splitter_input *b,
    size_t len, struct reader_item *item)
{
	*item = (struct reader_item){ b->data + b->used, len, s->form, s->offset, s->number };
}

enum splitter_result
record_splitter_too_long(const struct record_splitter *s, const char *what, struct fault *f)
{
	fault_set(f, "too-long",
	    "the %s is longer than %zu bytes; allow more "
	    "with --max-bytes",
	    what, s->max_len);
	return SPLITTER_FAULT;
}

static bool
is_blank(const char *p, size_t len)
{
	size_t i = 0;

	while (i < len && record_splitter_is_space(p[i]))
		i++;
	return i == len;
}

/* Skips the rest of a line that is too long; returns whether its end was found. */
static bool
skip_line(struct record_splitter *s, struct record_splitter_input *b)
{
	const char *p = b->data + b->used;
	size_t len = b->len - b->used;
	const char *nl = len > 0 ? memchr(p, '\n', len) : NULL;

	record_splitter_consume(s, b, nl != NULL ? (size_t)(nl - p) + 1 : len);
	s->is_skipping = nl == NULL;
	s->number += nl != NULL;
	return nl != NULL;
}

/* The bytes so far contain no line end. */
static enum splitter_result
no_line_end(struct record_splitter *s, struct record_splitter_input *b, struct reader_item *item,
    struct fault *f)
{
	size_t len = b->len - b->used;

	if (!s->is_skipping && len >= s->max_len + 2) {
		record_splitter_view(s, b, s->max_len, item);
		record_splitter_consume(s, b, s->max_len + 2);
		s->is_skipping = true;
		return record_splitter_too_long(s, "line", f);
	}
	if (b->more == SPLITTER_MORE) {
		s->scanned = len;
		return SPLITTER_WANTS_MORE;
	}
	record_splitter_view(s, b, len, item);
	return SPLITTER_END;
}

/* Consumes a line of n bytes, `whole` with its end: 1 an item, 0 blank, -1 too long. */
static int
take_line(struct record_splitter *s, struct record_splitter_input *b, size_t n, size_t whole,
    struct reader_item *item)
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
	record_splitter_view(s, b, n, item);
	record_splitter_consume(s, b, whole);
	s->number++;
	return rc;
}

static enum splitter_result
next_line(struct record_splitter *s, struct record_splitter_input *b, struct reader_item *item,
    struct fault *f)
{
	int rc = 0;

	while (rc == 0) {
		if (s->is_skipping && !skip_line(s, b))
			return no_line_end(s, b, item, f);
		const char *p = b->data + b->used, *nl = NULL;
		size_t len = b->len - b->used, reach = len;

		if (reach > s->max_len + 2)
			reach = s->max_len + 2;
		if (reach > s->scanned)
			nl = memchr(p + s->scanned, '\n', reach - s->scanned);
		if (nl != NULL)
			rc = take_line(s, b, (size_t)(nl - p), (size_t)(nl - p) + 1, item);
		else if (b->more == SPLITTER_LAST && len > 0 && len < s->max_len + 2)
			rc = take_line(s, b, len, len, item);
		else
			return no_line_end(s, b, item, f);
	}
	return rc == 1 ? SPLITTER_ITEM : record_splitter_too_long(s, "line", f);
}

/* Skips a byte order mark; false: more bytes are needed to see if there is one. */
static bool
skip_bom(struct record_splitter *s, struct record_splitter_input *b)
{
	static const char bom[] = "\xef\xbb\xbf";
	size_t n = b->len < 3 ? b->len : 3;

	if (s->offset > 0 || n == 0 || memcmp(b->data, bom, n) != 0)
		return true;
	if (n == 3)
		record_splitter_consume(s, b, 3);
	return n == 3 || b->more != SPLITTER_MORE;
}

bool
record_splitter_is_map_byte(char c)
{
	unsigned char u = (unsigned char)c;

	return (u >= 0x80 && u <= 0x8f) || u == 0xde || u == 0xdf;
}

bool
record_splitter_skip_space(struct record_splitter *s, struct record_splitter_input *b)
{
	const char *p = b->data + b->used;
	size_t len = b->len - b->used, i = 0;

	for (; i < len && record_splitter_is_space(p[i]); i++)
		s->number += p[i] == '\n';
	record_splitter_consume(s, b, i);
	return i < len;
}

/* By the first byte, or the first that is not white space; false: more bytes are needed. */
static bool
detect_form(struct record_splitter *s, struct record_splitter_input *b)
{
	if (s->offset == 0 && b->len > 0 && record_splitter_is_map_byte(b->data[0]))
		s->form = READER_MSGPACK;
	else if (record_splitter_skip_space(s, b))
		s->form = b->data[b->used] == '[' ? READER_ARRAY : READER_LINES;
	return s->form != READER_AUTO;
}

enum splitter_result
record_splitter_next(struct record_splitter *s, struct record_splitter_input *b,
    struct reader_item *item, struct fault *f)
{
	b->used = 0;
	if (!skip_bom(s, b))
		return SPLITTER_WANTS_MORE;
	if (s->is_given_up || (s->form == READER_AUTO && !detect_form(s, b))) {
		record_splitter_view(s, b, 0, item);
		return b->more == SPLITTER_MORE && !s->is_given_up ? SPLITTER_WANTS_MORE
								   : SPLITTER_END;
	}
	switch (s->form) {
	case READER_MSGPACK:
		return record_splitter_msgpack(s, b, item, f);
	case READER_ARRAY:
		return record_splitter_array(s, b, item, f);
	default:
		return next_line(s, b, item, f);
	}
}
