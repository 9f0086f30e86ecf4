#include "config.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "lib/text/normalize_text.h"

/* A segment begins no new letter once it is SEGMENT_FULL, so that the marks of
 * the last one still fit and are never torn from it. */
enum { SEGMENT_BYTES = 512, SEGMENT_POINTS = 4 * SEGMENT_BYTES,
	SEGMENT_FULL = SEGMENT_BYTES - 4 * (CLEAN_MARKS + 1), GAP_MOST = 8 };

/* A stretch that NFC may change: the last starter before it and whatever may
 * combine with it. */
struct segment {
	char text[SEGMENT_BYTES];
	size_t len;
	int marks;
};

struct cleaner {
	struct buf *out;	/* with room for what is left of the text, and a gap */
	size_t left;		/* bytes of the text that are not read yet */
	unsigned newlines;	/* waiting to be written, at most 2 */
	char blank;		/* waiting to be written, or 0 */
	struct segment seg;
};

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* The top bit of each of eight bytes that is not printable ASCII, and of each
 * blank with another one behind it (`next` is the word one byte further). */
static inline uint64_t
stops_in(uint64_t word, uint64_t next)
{
	uint64_t low = ~((word | EACH(0x80)) - EACH(0x20));
	uint64_t high = word | ((word & EACH(0x7f)) + EACH(0x01));
	uint64_t gap = (word ^ EACH(' ')) | (next ^ EACH(' '));

	gap = ~(((gap & EACH(0x7f)) + EACH(0x7f)) | gap);
	return (low | high | gap) & EACH(0x80);
}

static inline uint64_t
load(const char *s)
{
	uint64_t word;

	memcpy(&word, s, sizeof(word));
	return le64toh(word);
}

static inline bool
is_plain(char c)
{
	return (unsigned char)(c - '!') <= '~' - '!';
}

/* How many bytes come before the first that is neither a letter nor a single
 * blank.  The last of them may be a blank. */
static size_t
run_length(const char *s, size_t len)
{
	size_t i = 0;

	for (; i + 9 <= len; i += 8) {
		uint64_t stops = stops_in(load(s + i), load(s + i + 1));

		if (stops != 0)
			return i + (size_t)__builtin_ctzll(stops) / 8;
	}
	while (i < len && (is_plain(s[i])
	    || (s[i] == ' ' && (i + 1 == len || s[i + 1] != ' '))))
		i++;
	return i;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_space(char c)
{
	return is_blank(c) || c == '\n';
}

/* May the line end or tab at i stay as it is? */
static bool
may_stay(const char *s, size_t len, size_t i)
{
	if (i == 0 || i + 1 == len || is_blank(s[i - 1]))
		return false;
	if (s[i] == '\t')
		return !is_space(s[i + 1]);
	return s[i] == '\n' && (s[i + 1] != '\n' || i + 2 == len
	    || s[i + 2] != '\n');
}

/* How many bytes at the beginning are clean as they stand. */
static size_t
clean_prefix(const char *s, size_t len)
{
	size_t i = 0;

	for (;;) {
		i += run_length(s + i, len - i);
		if (i == len || !may_stay(s, len, i))
			return i;
		i++;
	}
}

/* Might NFC change this code point, or join it to what stands before? */
static bool
is_loose(utf8proc_int32_t c, const utf8proc_property_t *p)
{
	if (c < 0x300)
		return false;
	if (c >= 0x1160 && c <= 0x11ff)		/* vowels and tails of Hangul */
		return true;
	return p->combining_class != 0 || p->category == UTF8PROC_CATEGORY_MN
	    || p->category == UTF8PROC_CATEGORY_MC
	    || (p->decomp_seqindex != UINT16_MAX && p->decomp_type == 0);
}

static void
put_byte(struct cleaner *c, char byte)
{
	c->out->data[c->out->len++] = byte;
}

/* Writes the segment in NFC, which may be longer than it was. */
static void
end_segment(struct cleaner *c)
{
	utf8proc_int32_t points[SEGMENT_POINTS + 1];
	utf8proc_ssize_t n;

	n = utf8proc_decompose((const utf8proc_uint8_t *)c->seg.text,
	    (utf8proc_ssize_t)c->seg.len, points, SEGMENT_POINTS,
	    UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (n > 0 && n <= SEGMENT_POINTS)
		n = utf8proc_normalize_utf32(points, n,
		    UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	for (utf8proc_ssize_t i = 0; i < n; i++)
		c->out->len += (size_t)utf8proc_encode_char(points[i],
		    (utf8proc_uint8_t *)buf_reserve(c->out, 4));
	buf_reserve(c->out, c->left + GAP_MOST);
	c->seg.len = 0;
	c->seg.marks = 0;
}

/* Writes what waits: a segment, and white space that something stands behind. */
static void
settle(struct cleaner *c)
{
	if (c->seg.len > 0)
		end_segment(c);
	if (c->out->len > 0) {
		for (unsigned i = 0; i < c->newlines; i++)
			put_byte(c, '\n');
		if (c->blank != 0)
			put_byte(c, c->blank);
	}
	c->newlines = 0;
	c->blank = 0;
}

static bool
is_settled(const struct cleaner *c)
{
	return c->newlines == 0 && c->blank == 0 && c->seg.len == 0;
}

/* Begins a segment with the last code point written. */
static void
take_back(struct cleaner *c)
{
	struct buf *out = c->out;
	size_t at = out->len;

	while (at > 0 && out->len - at < 4) {
		at--;
		if (((unsigned char)out->data[at] & 0xc0) != 0x80)
			break;
	}
	c->seg.len = out->len - at;
	memcpy(c->seg.text, out->data + at, c->seg.len);
	out->len = at;
}

static void
put_loose(struct cleaner *c, const char *s, size_t n, bool is_mark)
{
	if (c->newlines > 0 || c->blank != 0
	    || (!is_mark && c->seg.len > SEGMENT_FULL))
		settle(c);
	if (c->seg.len == 0)
		take_back(c);
	c->seg.marks = is_mark ? c->seg.marks + 1 : 0;
	if (c->seg.marks > CLEAN_MARKS)
		return;
	memcpy(c->seg.text + c->seg.len, s, n);
	c->seg.len += n;
}

static void
put_blank(struct cleaner *c, char blank)
{
	if (c->blank == 0)
		c->blank = blank;
}

static void
put_newline(struct cleaner *c)
{
	c->blank = 0;
	if (c->newlines < 2)
		c->newlines++;
}

/* One code point that is not plain ASCII text; returns its bytes. */
static size_t
put_other(struct cleaner *c, const char *s)
{
	const utf8proc_property_t *p;
	utf8proc_int32_t point;
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s,
	    (utf8proc_ssize_t)c->left, &point);

	if (n <= 0)		/* not UTF-8: cannot be, but must not hang */
		return 1;
	p = utf8proc_get_property(point);
	if (point == 0x85 || point == 0x2028 || point == 0x2029)
		put_newline(c);
	else if (p->category == UTF8PROC_CATEGORY_ZS)
		put_blank(c, ' ');
	else if (is_loose(point, p))
		put_loose(c, s, (size_t)n, p->combining_class != 0);
	else if (p->category != UTF8PROC_CATEGORY_CC && point != 0xfeff) {
		settle(c);
		for (utf8proc_ssize_t i = 0; i < n; i++)
			put_byte(c, s[i]);
	}
	return (size_t)n;
}

/* White space and whatever is not plain ASCII; returns its bytes. */
static size_t
put_special(struct cleaner *c, const char *s)
{
	switch (*s) {
	case ' ':
	case '\t':
		put_blank(c, *s);
		return 1;
	case '\n':
		put_newline(c);
		return 1;
	case '\r':
		put_newline(c);
		return c->left > 1 && s[1] == '\n' ? 2 : 1;
	default:
		return put_other(c, s);
	}
}

/* Cleans what is left of the text behind its clean beginning. */
static void
clean_rest(struct cleaner *c, const char *s)
{
	const char *stop = s + c->left;

	while (s < stop) {
		const char *from = s;

		if (is_plain(*s)) {
			if (!is_settled(c))
				settle(c);
			s += run_length(s, c->left);
			s -= s[-1] == ' ';
			memcpy(c->out->data + c->out->len, from, (size_t)(s - from));
			c->out->len += (size_t)(s - from);
		} else
			s += put_special(c, s);
		c->left = (size_t)(stop - s);
	}
	if (c->seg.len > 0)
		end_segment(c);
}

bool
clean_text(const char *s, size_t len, struct buf *into)
{
	size_t n = clean_prefix(s, len);
	struct cleaner c;

	if (n == len && (n == 0 || (!is_space(s[0]) && !is_space(s[n - 1]))))
		return false;
	if (n > 0 && is_space(s[0]))
		n = 0;
	while (n > 0 && is_space(s[n - 1]))
		n--;
	c.out = into;
	c.left = len - n;
	c.newlines = 0;
	c.blank = 0;
	c.seg.len = 0;
	c.seg.marks = 0;
	buf_clear(into);
	buf_reserve(into, len + GAP_MOST);
	buf_add(into, s, n);
	clean_rest(&c, s + n);
	return true;
}

size_t
clean_chars(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}
