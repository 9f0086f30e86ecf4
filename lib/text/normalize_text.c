#include "config.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "lib/text/normalize_text.h"

/* A segment begins no new letter once it is SEGMENT_FULL, so that the marks of the last letter
 * still fit. */
enum {
	SEGMENT_BYTES = 512,
	SEGMENT_POINTS = 4 * SEGMENT_BYTES,
	SEGMENT_FULL = SEGMENT_BYTES - 4 * (NORMALIZE_MARKS_MAX + 1),
	GAP_MAX = 8,
	PARTS_MAX = 8
}; /* of a canonical decomposition, which has at most 4 */

/* A piece of text that NFC may change: a starter and all that may compose with it. */
struct segment {
	char text[SEGMENT_BYTES];
	size_t len;
	int marks;
};

struct text_normalizer {
	struct buf *out;   /* with capacity for the rest of the text and a gap */
	size_t left;       /* bytes of the text not read yet */
	unsigned newlines; /* pending, at most 2 */
	char blank;        /* pending, or 0 */
	struct segment seg;
};

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Sets the top bit of each of eight bytes that is not printable ASCII or that is the first of
 * two spaces (`next` is the word one byte further). */
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

/* Bytes before the first that is neither printable ASCII nor a single space.  The last of them
 * may be a space. */
static size_t
run_length(const char *s, size_t len)
{
	size_t i = 0;

	for (; i + 9 <= len; i += 8) {
		uint64_t stops = stops_in(load(s + i), load(s + i + 1));

		if (stops != 0)
			return i + (size_t)__builtin_ctzll(stops) / 8;
	}
	while (i < len && (is_plain(s[i]) || (s[i] == ' ' && (i + 1 == len || s[i + 1] != ' '))))
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

/* Is the line end or tab at i normal? */
static bool
is_normal_space(const char *s, size_t len, size_t i)
{
	if (i == 0 || i + 1 == len || is_blank(s[i - 1]))
		return false;
	if (s[i] == '\t')
		return !is_space(s[i + 1]);
	return s[i] == '\n' && (s[i + 1] != '\n' || i + 2 == len || s[i + 2] != '\n');
}

/* Length of the normal beginning of the text. */
static size_t
normal_prefix(const char *s, size_t len)
{
	size_t i = 0;

	for (;;) {
		i += run_length(s + i, len - i);
		if (i == len || !is_normal_space(s, len, i))
			return i;
		i++;
	}
}

/* Might NFC change this code point, or compose it with the one before? */
static bool
may_compose(utf8proc_int32_t c, const utf8proc_property_t *p)
{
	if (c < 0x300)
		return false;
	if (c >= 0x1160 && c <= 0x11ff) /* vowels and tails of Hangul */
		return true;
	return p->combining_class != 0 || p->category == UTF8PROC_CATEGORY_MN
	    || p->category == UTF8PROC_CATEGORY_MC
	    || (p->decomp_seqindex != UINT16_MAX && p->decomp_type == 0);
}

static void
put_byte(struct text_normalizer *c, char byte)
{
	c->out->data[c->out->len++] = byte;
}

/* Writes the segment in NFC, which may be longer. */
static void
end_segment(struct text_normalizer *c)
{
	utf8proc_int32_t points[SEGMENT_POINTS + 1];
	utf8proc_ssize_t n;

	n = utf8proc_decompose((const utf8proc_uint8_t *)c->seg.text, (utf8proc_ssize_t)c->seg.len,
	    points, SEGMENT_POINTS, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (n > 0 && n <= SEGMENT_POINTS)
		n = utf8proc_normalize_utf32(points, n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	for (utf8proc_ssize_t i = 0; i < n; i++)
		c->out->len += (size_t)utf8proc_encode_char(points[i],
		    (utf8proc_uint8_t *)buf_reserve(c->out, 4));
	buf_reserve(c->out, c->left + GAP_MAX);
	c->seg.len = 0;
	c->seg.marks = 0;
}

/* Writes what is pending: a segment, and white space, as something follows it. */
static void
flush_pending(struct text_normalizer *c)
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
has_pending(const struct text_normalizer *c)
{
	return c->newlines > 0 || c->blank != 0 || c->seg.len > 0;
}

/* The combining marks at the end of the canonical decomposition.  Counted there, marks are as
 * many before NFC as after it. */
static int
count_marks(utf8proc_int32_t point)
{
	utf8proc_int32_t part[PARTS_MAX];
	int marks = 0, boundclass;
	utf8proc_ssize_t n = utf8proc_decompose_char(point, part, PARTS_MAX, UTF8PROC_DECOMPOSE,
	    &boundclass);

	while (n > 0 && n <= PARTS_MAX
	    && utf8proc_get_property(part[n - 1])->combining_class != 0) {
		marks++;
		n--;
	}
	return marks;
}

/* Begins a segment with the last code point written. */
static void
reopen_last(struct text_normalizer *c)
{
	struct buf *out = c->out;
	size_t at = out->len;
	utf8proc_int32_t point;

	while (at > 0 && out->len - at < 4) {
		at--;
		if (((unsigned char)out->data[at] & 0xc0) != 0x80)
			break;
	}
	c->seg.len = out->len - at;
	memcpy(c->seg.text, out->data + at, c->seg.len);
	out->len = at;
	if (utf8proc_iterate((const utf8proc_uint8_t *)c->seg.text, (utf8proc_ssize_t)c->seg.len,
		&point)
	    > 0)
		c->seg.marks = count_marks(point);
}

static void
put_composing(struct text_normalizer *c, const char *s, size_t n, utf8proc_int32_t point,
    bool is_mark)
{
	if (c->newlines > 0 || c->blank != 0 || (!is_mark && c->seg.len > SEGMENT_FULL))
		flush_pending(c);
	if (c->seg.len == 0)
		reopen_last(c);
	c->seg.marks = count_marks(point) + (is_mark ? c->seg.marks : 0);
	if (c->seg.marks > NORMALIZE_MARKS_MAX)
		return;
	memcpy(c->seg.text + c->seg.len, s, n);
	c->seg.len += n;
}

static void
set_blank(struct text_normalizer *c, char blank)
{
	if (c->blank == 0)
		c->blank = blank;
}

static void
add_newline(struct text_normalizer *c)
{
	c->blank = 0;
	if (c->newlines < 2)
		c->newlines++;
}

/* One code point that is not plain ASCII text; returns its bytes. */
static size_t
put_code_point(struct text_normalizer *c, const char *s)
{
	const utf8proc_property_t *p;
	utf8proc_int32_t point;
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s,
	    (utf8proc_ssize_t)c->left, &point);

	if (n <= 0) /* not UTF-8: excluded by the caller, but must not hang */
		return 1;
	p = utf8proc_get_property(point);
	if (point == 0x85 || point == 0x2028 || point == 0x2029)
		add_newline(c);
	else if (p->category == UTF8PROC_CATEGORY_ZS)
		set_blank(c, ' ');
	else if (may_compose(point, p))
		put_composing(c, s, (size_t)n, point, p->combining_class != 0);
	else if (p->category != UTF8PROC_CATEGORY_CC && point != 0xfeff) {
		flush_pending(c);
		for (utf8proc_ssize_t i = 0; i < n; i++)
			put_byte(c, s[i]);
	}
	return (size_t)n;
}

/* White space and whatever is not plain ASCII; returns its bytes. */
static size_t
put_special(struct text_normalizer *c, const char *s)
{
	switch (*s) {
	case ' ':
	case '\t':
		set_blank(c, *s);
		return 1;
	case '\n':
		add_newline(c);
		return 1;
	case '\r':
		add_newline(c);
		return c->left > 1 && s[1] == '\n' ? 2 : 1;
	default:
		return put_code_point(c, s);
	}
}

/* Normalizes the text after its normal beginning. */
static void
normalize_rest(struct text_normalizer *c, const char *s)
{
	const char *stop = s + c->left;

	while (s < stop) {
		const char *from = s;

		if (is_plain(*s)) {
			if (has_pending(c))
				flush_pending(c);
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
normalize_text(const char *s, size_t len, struct buf *into)
{
	size_t n = normal_prefix(s, len);
	struct text_normalizer c;

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
	buf_reserve(into, len + GAP_MAX);
	buf_add(into, s, n);
	normalize_rest(&c, s + n);
	return true;
}
