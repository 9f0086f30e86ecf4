/* record_splitter_array.c - splits a JSON array into its elements. */

#include "config.h"

#include <inttypes.h>

#include "lib/io/record_splitter.h"

enum array_state { BEGIN, FIRST, NEXT, INSIDE, BETWEEN, AFTER };

/* Which bytes end a run of others: in a string; within brackets but not in a string; in a
 * bare word. */
enum { IN_STRING = 1, IN_DEPTH = 2, IN_WORD = 4 };

static const uint8_t stops[256] = {
	['"'] = IN_STRING | IN_DEPTH | IN_WORD,
	['\n'] = IN_STRING | IN_DEPTH | IN_WORD,
	['\\'] = IN_STRING,
	['{'] = IN_DEPTH | IN_WORD,
	['}'] = IN_DEPTH | IN_WORD,
	['['] = IN_DEPTH | IN_WORD,
	[']'] = IN_DEPTH | IN_WORD,
	[','] = IN_WORD,
	[' '] = IN_WORD,
	['\t'] = IN_WORD,
	['\r'] = IN_WORD,
};

static size_t
run(const char *p, size_t i, size_t len, uint8_t until)
{
	while (i < len && (stops[(unsigned char)p[i]] & until) == 0)
		i++;
	return i;
}

/* Scans a string up to and including its closing quote, or to the last byte. */
static size_t
scan_string(struct record_splitter *s, const char *p, size_t i, size_t len)
{
	while (i < len && s->in_string) {
		if (!s->is_escaped && (i = run(p, i, len, IN_STRING)) == len)
			break;
		s->newlines += p[i] == '\n';
		if (s->is_escaped)
			s->is_escaped = false;
		else if (p[i] == '\\')
			s->is_escaped = true;
		else if (p[i] == '"')
			s->in_string = false;
		i++;
	}
	return i;
}

/* Outside a string: passes the next byte that matters; returns whether the element ends. */
static bool
scan_byte(struct record_splitter *s, const char *p, size_t *at)
{
	char c = p[*at];

	if (s->depth == 0 && (*at > 0 || s->is_skipping))
		return true; /* after a bare word */
	++*at;
	s->in_string = c == '"';
	s->newlines += c == '\n';
	if (c == '{' || c == '[')
		s->depth++;
	else if ((c == '}' || c == ']') && s->depth > 0)
		return --s->depth == 0;
	return false;
}

/* Looks for the end of the element that begins at p.  True: s->scanned is its length; false:
 * the number of bytes scanned.  Brackets are only counted; the parser checks that they
 * match. */
static bool
scan(struct record_splitter *s, const char *p, size_t len)
{
	size_t i = s->scanned;
	bool is_end = false;

	while (i < len && !is_end) {
		if (s->in_string) {
			i = scan_string(s, p, i, len);
			is_end = !s->in_string && s->depth == 0;
			continue;
		}
		i = run(p, i, len, s->depth > 0 ? IN_DEPTH : IN_WORD);
		if (i < len)
			is_end = scan_byte(s, p, &i);
	}
	s->scanned = i;
	return is_end;
}

static void
begin_element(struct record_splitter *s)
{
	s->state = INSIDE;
	s->depth = s->newlines = 0;
	s->in_string = s->is_escaped = false;
}

static void
consume_scanned(struct record_splitter *s, struct record_splitter_input *b, bool is_whole)
{
	record_splitter_consume(s, b, s->scanned);
	s->number += s->newlines;
	s->newlines = 0;
	s->is_skipping = !is_whole;
	if (is_whole)
		s->state = BETWEEN;
}

/* The bytes so far do not contain what is looked for. */
static enum splitter_result
need_more(struct record_splitter *s, struct record_splitter_input *b, struct reader_item *item,
    struct fault *f)
{
	size_t left = b->len - b->used;

	if (b->more == SPLITTER_MORE)
		return SPLITTER_WANTS_MORE;
	record_splitter_view(s, b, left, item);
	if (b->more == SPLITTER_CUT || s->state == AFTER)
		return SPLITTER_END;
	s->is_given_up = true;
	fault_at(f, (int64_t)left, "truncated",
	    s->state == INSIDE ? "truncated: the array stops in the middle of an element"
			       : "truncated: the array stops without its closing bracket");
	return SPLITTER_FAULT;
}

/* Returns a whole element, or a fault if it is too long. */
static enum splitter_result
take_element(struct record_splitter *s, struct record_splitter_input *b, struct reader_item *item,
    struct fault *f)
{
	bool is_whole = scan(s, b->data + b->used, b->len - b->used);
	bool is_long = s->scanned > s->max_len;

	if (!is_whole && !is_long)
		return need_more(s, b, item, f);
	record_splitter_view(s, b, is_long ? s->max_len : s->scanned, item);
	consume_scanned(s, b, is_whole);
	return is_long ? record_splitter_too_long(s, "element", f) : SPLITTER_ITEM;
}

static bool
skip_element(struct record_splitter *s, struct record_splitter_input *b)
{
	bool is_whole = scan(s, b->data + b->used, b->len - b->used);

	consume_scanned(s, b, is_whole);
	return is_whole;
}

static enum splitter_result
refuse_tail(struct record_splitter *s, struct record_splitter_input *b, struct reader_item *item,
    struct fault *f)
{
	size_t left = b->len - b->used;

	if (left < SPLITTER_SHOWN && b->more == SPLITTER_MORE)
		return SPLITTER_WANTS_MORE;
	record_splitter_view(s, b, left < SPLITTER_SHOWN ? left : SPLITTER_SHOWN, item);
	s->is_given_up = true;
	fault_at(f, 0, "trailing-bytes",
	    "something follows the end of the "
	    "array; the rest is skipped");
	return SPLITTER_FAULT;
}

/* At the first byte of a separator or element: SPLITTER_WANTS_MORE if it is in order.  After
 * a fault, what follows is still read. */
static enum splitter_result
pass_separator(struct record_splitter *s, struct record_splitter_input *b, struct reader_item *item,
    struct fault *f)
{
	char c = b->data[b->used];
	bool is_separator = c == ',' || c == ']';
	bool is_wanted = s->state == BETWEEN || (s->state == FIRST && c == ']');
	const char *missing = NULL;

	if (s->state == BETWEEN && !is_separator)
		missing = "a comma is missing before this element";
	else if (is_separator && !is_wanted)
		missing = "an element of the array is missing here";
	record_splitter_view(s, b, 1, item);
	if (is_separator) {
		record_splitter_consume(s, b, 1);
		s->state = c == ',' ? NEXT : AFTER;
	} else
		begin_element(s);
	if (missing == NULL)
		return SPLITTER_WANTS_MORE;
	fault_at(f, 0, "bad-json", "%s", missing);
	return SPLITTER_FAULT;
}

enum splitter_result
record_splitter_array(struct record_splitter *s, struct record_splitter_input *b,
    struct reader_item *item, struct fault *f)
{
	enum splitter_result found = SPLITTER_WANTS_MORE;

	if (s->state == BEGIN) { /* at the opening bracket */
		record_splitter_consume(s, b, 1);
		s->state = FIRST;
	}
	while (found == SPLITTER_WANTS_MORE) {
		if (s->state == INSIDE && !s->is_skipping)
			return take_element(s, b, item, f);
		if ((s->state == INSIDE && !skip_element(s, b))
		    || !record_splitter_skip_space(s, b))
			return need_more(s, b, item, f);
		if (s->state == AFTER)
			return refuse_tail(s, b, item, f);
		found = pass_separator(s, b, item, f);
	}
	return found;
}
