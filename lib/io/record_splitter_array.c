#include "config.h"

#include <inttypes.h>

#include "lib/io/record_splitter.h"

enum phase { BEGIN, FIRST, NEXT, INSIDE, BETWEEN, BEHIND };

/* Which bytes end a run of others: within a string, within brackets outside
 * of strings, and outside of both. */
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

/* From within a string to behind its closing quote, or to the last byte. */
static size_t
pass_string(struct reader_split *s, const char *p, size_t i, size_t len)
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

/* Outside of strings: over the next byte that matters; is the end there? */
static bool
pass_mark(struct reader_split *s, const char *p, size_t *at)
{
	char c = p[*at];

	if (s->depth == 0 && (*at > 0 || s->is_skipping))
		return true;		/* behind a bare word */
	++*at;
	s->in_string = c == '"';
	s->newlines += c == '\n';
	if (c == '{' || c == '[')
		s->depth++;
	else if ((c == '}' || c == ']') && s->depth > 0)
		return --s->depth == 0;
	return false;
}

/* Looks for the end of the element that begins at p: true, and s->scanned is
 * its length; or false, and it is how far it was looked.  Brackets are only
 * counted: which one closes which is the parser's to say. */
static bool
scan(struct reader_split *s, const char *p, size_t len)
{
	size_t i = s->scanned;
	bool is_end = false;

	while (i < len && !is_end) {
		if (s->in_string) {
			i = pass_string(s, p, i, len);
			is_end = !s->in_string && s->depth == 0;
			continue;
		}
		i = run(p, i, len, s->depth > 0 ? IN_DEPTH : IN_WORD);
		if (i < len)
			is_end = pass_mark(s, p, &i);
	}
	s->scanned = i;
	return is_end;
}

static void
begin_element(struct reader_split *s)
{
	s->phase = INSIDE;
	s->depth = s->newlines = 0;
	s->in_string = s->is_escaped = false;
}

static void
use_scanned(struct reader_split *s, struct reader_split_bytes *b,
    bool is_whole)
{
	reader_split_use(s, b, s->scanned);
	s->number += s->newlines;
	s->newlines = 0;
	s->is_skipping = !is_whole;
	if (is_whole)
		s->phase = BETWEEN;
}

/* The bytes shown do not hold what is looked for. */
static enum reader_split_found
need_more(struct reader_split *s, struct reader_split_bytes *b,
    struct reader_item *item, struct fault *f)
{
	size_t left = b->len - b->used;

	if (b->more == READER_SPLIT_MORE)
		return READER_SPLIT_WANTS;
	reader_split_item(s, b, left, item);
	if (b->more == READER_SPLIT_CUT || s->phase == BEHIND)
		return READER_SPLIT_END;
	s->is_given_up = true;
	fault_at(f, (int64_t)left, "truncated", s->phase == INSIDE
	    ? "truncated: the array stops in the middle of an element"
	    : "truncated: the array stops without its closing bracket");
	return READER_SPLIT_FAULT;
}

/* An element comes whole or, if it is too long, not at all. */
static enum reader_split_found
take_element(struct reader_split *s, struct reader_split_bytes *b,
    struct reader_item *item, struct fault *f)
{
	bool is_whole = scan(s, b->data + b->used, b->len - b->used);
	bool is_long = s->scanned > s->max_len;

	if (!is_whole && !is_long)
		return need_more(s, b, item, f);
	reader_split_item(s, b, is_long ? s->max_len : s->scanned, item);
	use_scanned(s, b, is_whole);
	return is_long ? reader_split_too_long(s, "element", f)
	    : READER_SPLIT_ITEM;
}

static bool
skip_element(struct reader_split *s, struct reader_split_bytes *b)
{
	bool is_whole = scan(s, b->data + b->used, b->len - b->used);

	use_scanned(s, b, is_whole);
	return is_whole;
}

static enum reader_split_found
refuse_tail(struct reader_split *s, struct reader_split_bytes *b,
    struct reader_item *item, struct fault *f)
{
	size_t left = b->len - b->used;

	if (left < READER_SPLIT_SHOWN && b->more == READER_SPLIT_MORE)
		return READER_SPLIT_WANTS;
	reader_split_item(s, b, left < READER_SPLIT_SHOWN ? left
	    : READER_SPLIT_SHOWN, item);
	s->is_given_up = true;
	fault_at(f, 0, "trailing-bytes", "something follows the end of the "
	    "array; the rest is passed over");
	return READER_SPLIT_FAULT;
}

/* At the first byte of what comes next in the array: READER_SPLIT_WANTS if it
 * is as it should be.  A fault here loses nothing of what follows. */
static enum reader_split_found
pass_separator(struct reader_split *s, struct reader_split_bytes *b,
    struct reader_item *item, struct fault *f)
{
	char c = b->data[b->used];
	bool is_separator = c == ',' || c == ']';
	bool is_wanted = s->phase == BETWEEN || (s->phase == FIRST && c == ']');
	const char *missing = NULL;

	if (s->phase == BETWEEN && !is_separator)
		missing = "a comma is missing before this element";
	else if (is_separator && !is_wanted)
		missing = "an element of the array is missing here";
	reader_split_item(s, b, 1, item);
	if (is_separator) {
		reader_split_use(s, b, 1);
		s->phase = c == ',' ? NEXT : BEHIND;
	} else
		begin_element(s);
	if (missing == NULL)
		return READER_SPLIT_WANTS;
	fault_at(f, 0, "bad-json", "%s", missing);
	return READER_SPLIT_FAULT;
}

enum reader_split_found
reader_split_array(struct reader_split *s, struct reader_split_bytes *b,
    struct reader_item *item, struct fault *f)
{
	enum reader_split_found found = READER_SPLIT_WANTS;

	if (s->phase == BEGIN) {	/* at the bracket that told the form */
		reader_split_use(s, b, 1);
		s->phase = FIRST;
	}
	while (found == READER_SPLIT_WANTS) {
		if (s->phase == INSIDE && !s->is_skipping)
			return take_element(s, b, item, f);
		if ((s->phase == INSIDE && !skip_element(s, b))
		    || !reader_split_skip_blanks(s, b))
			return need_more(s, b, item, f);
		if (s->phase == BEHIND)
			return refuse_tail(s, b, item, f);
		found = pass_separator(s, b, item, f);
	}
	return found;
}
