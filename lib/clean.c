#include "config.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "lib/clean.h"

/* A segment begins no new letter once it is SEGMENT_FULL, so that the marks of
 * the last one still fit and are never torn from it. */
enum { BLOCK = 32, SEGMENT_BYTES = 512, SEGMENT_POINTS = 4 * SEGMENT_BYTES,
	SEGMENT_FULL = SEGMENT_BYTES - 4 * (CLEAN_MARKS + 1) };

/* A stretch that NFC may change: the last starter before it and whatever may
 * combine with it. */
struct segment {
	char text[SEGMENT_BYTES];
	size_t len;
	int marks;
};

struct cleaner {
	struct buf *out;
	size_t last;		/* where the last code point written begins */
	unsigned newlines;	/* waiting to be written, at most 2 */
	char blank;		/* waiting to be written, or 0 */
	struct segment seg;
};

/* Is there anything to do in n <= BLOCK bytes?  Two more are looked at. */
static bool
is_block_dirty(const unsigned char *s)
{
	unsigned char dirty = 0;

	for (int i = 0; i < BLOCK; i++) {
		unsigned char c = s[i], d = s[i + 1], e = s[i + 2];
		unsigned char is_odd = (c < 0x20) & (c != '\n') & (c != '\t');
		unsigned char is_blank = (c == ' ') | (c == '\t');
		unsigned char is_gap = is_blank
		    & ((d == ' ') | (d == '\t') | (d == '\n'));
		unsigned char is_wide = (c == '\n') & (d == '\n') & (e == '\n');

		dirty |= is_odd | (c >= 0x7f) | is_gap | is_wide;
	}
	return dirty != 0;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static bool
is_clean(const char *s, size_t len)
{
	unsigned char tail[BLOCK + 2];
	size_t i = 0;

	if (len == 0)
		return true;
	if (is_space(s[0]) || is_space(s[len - 1]))
		return false;
	for (; i + BLOCK + 2 <= len; i += BLOCK)
		if (is_block_dirty((const unsigned char *)s + i))
			return false;
	for (; i < len; i += BLOCK) {
		size_t n = len - i < sizeof(tail) ? len - i : sizeof(tail);

		memset(tail, 'x', sizeof(tail));
		memcpy(tail, s + i, n);
		if (is_block_dirty(tail))
			return false;
	}
	return true;
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

/* Writes the segment in NFC. */
static void
end_segment(struct cleaner *c)
{
	utf8proc_int32_t points[SEGMENT_POINTS + 1];
	utf8proc_ssize_t n;

	if (c->seg.len == 0)
		return;
	n = utf8proc_decompose((const utf8proc_uint8_t *)c->seg.text,
	    (utf8proc_ssize_t)c->seg.len, points, SEGMENT_POINTS,
	    UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (n > 0 && n <= SEGMENT_POINTS)
		n = utf8proc_normalize_utf32(points, n,
		    UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	for (utf8proc_ssize_t i = 0; i < n; i++) {
		c->last = c->out->len;
		c->out->len += (size_t)utf8proc_encode_char(points[i],
		    (utf8proc_uint8_t *)buf_reserve(c->out, 4));
	}
	c->seg.len = 0;
	c->seg.marks = 0;
}

/* The white space that was put off, now that something stands behind it. */
static void
write_gap(struct cleaner *c)
{
	end_segment(c);
	if (c->out->len > 0) {
		for (unsigned i = 0; i < c->newlines; i++)
			buf_add_byte(c->out, '\n');
		if (c->blank != 0)
			buf_add_byte(c->out, c->blank);
		c->last = c->out->len - 1;
	}
	c->newlines = 0;
	c->blank = 0;
}

static void
put_loose(struct cleaner *c, const char *s, size_t n, bool is_mark)
{
	if (c->newlines > 0 || c->blank != 0)
		write_gap(c);
	if (!is_mark && c->seg.len > SEGMENT_FULL)
		end_segment(c);
	if (c->seg.len == 0 && c->out->len > 0) {	/* take the starter back */
		c->seg.len = c->out->len - c->last;
		memcpy(c->seg.text, c->out->data + c->last, c->seg.len);
		c->out->len = c->last;
	}
	c->seg.marks = is_mark ? c->seg.marks + 1 : 0;
	if (c->seg.marks > CLEAN_MARKS)
		return;
	memcpy(c->seg.text + c->seg.len, s, n);
	c->seg.len += n;
}

static void
put_plain(struct cleaner *c, const char *s, size_t n)
{
	if (c->seg.len > 0)
		end_segment(c);
	if (c->newlines > 0 || c->blank != 0)
		write_gap(c);
	c->last = c->out->len;
	buf_add(c->out, s, n);
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
put_other(struct cleaner *c, const char *s, size_t left)
{
	const utf8proc_property_t *p;
	utf8proc_int32_t point;
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s,
	    (utf8proc_ssize_t)left, &point);

	if (n <= 0)		/* not UTF-8: cannot be, but must not hang */
		return 1;
	p = utf8proc_get_property(point);
	if (point == 0x85 || point == 0x2028 || point == 0x2029)
		put_newline(c);
	else if (p->category == UTF8PROC_CATEGORY_ZS)
		put_blank(c, ' ');
	else if (is_loose(point, p))
		put_loose(c, s, (size_t)n, p->combining_class != 0);
	else if (p->category != UTF8PROC_CATEGORY_CC && point != 0xfeff)
		put_plain(c, s, (size_t)n);
	return (size_t)n;
}

static bool
is_plain(char c)
{
	return (unsigned char)c > ' ' && (unsigned char)c < 0x7f;
}

/* Bytes at s that can be passed on as they are, from a letter to a letter. */
static size_t
plain_run(const char *s, size_t left)
{
	size_t n = 0;

	if (!is_plain(s[0]))
		return 0;
	while (n + BLOCK + 2 <= left && !is_block_dirty((const unsigned char *)s + n))
		n += BLOCK;
	while (n < left && is_plain(s[n]))
		n++;
	while (is_space(s[n - 1]))
		n--;
	return n;
}

bool
clean_text(const char *s, size_t len, struct buf *into)
{
	struct cleaner c;

	if (is_clean(s, len))
		return false;
	c.out = into;
	c.last = c.newlines = 0;
	c.blank = 0;
	c.seg.len = 0;
	c.seg.marks = 0;
	buf_clear(into);
	buf_reserve(into, len);
	for (size_t i = 0; i < len;) {
		size_t n = plain_run(s + i, len - i);

		if (n > 0) {
			put_plain(&c, s + i, n);
			c.last = into->len - 1;
			i += n;
		} else if (s[i] == ' ' || s[i] == '\t')
			put_blank(&c, s[i++]);
		else if (s[i] == '\n')
			put_newline(&c), i++;
		else if (s[i] == '\r') {
			put_newline(&c);
			i += 1 + (i + 1 < len && s[i + 1] == '\n');
		} else
			i += put_other(&c, s + i, len - i);
	}
	end_segment(&c);
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
