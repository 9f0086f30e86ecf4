#include "config.h"

#include "lib/text/ascii.h"
#include "lib/text/markdown_link.h"
#include "lib/text/strip_url.h"

#define SENTENCE_ENDS ".,;:!?'*_"

enum { SCHEME_MAX = 16, OPEN_MAX = 16 };

/* The parts of a URL: scheme://host/path */
struct url {
	size_t from, path;
	bool has_path;
};

/* The text so far, and where in it brackets are open. */
struct stripper {
	const char *s;
	size_t len, done; /* what is before has been dealt with */
	struct buf *out;
	size_t open[OPEN_MAX];
	int opens;
	bool is_changed;
};

/* RFC 3986, but without '.', which is usually the end of a sentence. */
static bool
is_in_scheme(char c)
{
	return ascii_is_alnum(c) || c == '+' || c == '-';
}

static bool
is_in_host(char c)
{
	return ascii_is_alnum(c) || ascii_is_in(c, ".-_~:@%");
}

/* Where a known scheme begins at the end of a word, as in "seehttp://". */
static size_t
known_scheme(const char *s, size_t from, size_t colon)
{
	static const char *const known[] = { "https", "http", "ftp" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = strlen(known[i]);

		if (colon - from >= n && strncasecmp(s + colon - n, known[i], n) == 0)
			return colon - n;
	}
	return from;
}

/* The first byte of the scheme that ends at the colon; the colon if there is none. */
static size_t
scheme_begin(const char *s, size_t low, size_t colon)
{
	size_t at = colon;

	while (at > low && colon - at < SCHEME_MAX && is_in_scheme(s[at - 1]))
		at--;
	at = known_scheme(s, at, colon);
	while (at < colon && !ascii_is_alpha(s[at]))
		at++;
	return colon - at >= 2 ? at : colon;
}

/* The end of the host that begins at `at`, and of the slash after it. */
static size_t
host_end(const char *s, size_t len, size_t at)
{
	size_t end = at;

	while (end < len && is_in_host(s[end]))
		end++;
	if (end < len && s[end] == '/')
		return end + 1;
	while (end > at && (s[end - 1] == '.' || s[end - 1] == ':'))
		end--;
	return end;
}

/* The end of the path at `at`, without what ends a sentence or closes a bracket around it. */
static size_t
path_end(const char *s, size_t len, size_t at)
{
	size_t end = at;
	int round = 0, square = 0;

	for (; end < len && s[end] > ' ' && s[end] != 0x7f && !ascii_is_in(s[end], "<>\"`");
	     end++) {
		round += (s[end] == '(') - (s[end] == ')');
		square += (s[end] == '[') - (s[end] == ']');
		if (round < 0 || square < 0)
			break;
	}
	while (end > at && ascii_is_in(s[end - 1], SENTENCE_ENDS))
		end--;
	return end;
}

/* Is more at `at` than what ends a sentence?  Looks no further than it must, as each URL of a
 * long row of them is asked. */
static bool
has_path(const char *s, size_t len, size_t at)
{
	if (at < len && ascii_is_in(s[at], "?#"))
		return false;
	if (at < len && (unsigned char)s[at] >= 0x80) /* a letter, or a dash after the host */
		return s[at - 1] == '/';
	while (at < len && ascii_is_in(s[at], SENTENCE_ENDS))
		at++;
	return at < len && s[at] > ' ' && s[at] != 0x7f && !ascii_is_in(s[at], "<>\"`)]");
}

/* Reads the URL whose scheme ends at the colon; false if there is none. */
static bool
read_url(const char *s, size_t len, size_t low, size_t colon, struct url *url)
{
	if (len - colon < 4 || s[colon + 1] != '/' || s[colon + 2] != '/'
	    || (url->from = scheme_begin(s, low, colon)) == colon)
		return false;
	url->path = host_end(s, len, colon + 3);
	url->has_path = has_path(s, len, url->path);
	return url->path > colon + 3;
}

static void
flush(struct stripper *p, size_t until)
{
	buf_add(p->out, p->s + p->done, until - p->done);
	p->done = until;
}

/* Writes what a URL becomes.  The path is read like the rest of the text. */
static void
put_url(struct stripper *p, const struct url *url)
{
	bool is_quoted = url->from > p->done && p->s[url->from - 1] == '<';
	size_t end = url->path;

	if (is_quoted || !url->has_path)
		end = path_end(p->s, p->len, url->path);
	is_quoted &= end < p->len && p->s[end] == '>';
	flush(p, url->from - is_quoted);
	if (p->out->len > 0 && ascii_is_word(p->out->data[p->out->len - 1]))
		buf_add_byte(p->out, ' ');
	p->done = url->path;
	if (!url->has_path) {
		buf_add_str(p->out, "[link]");
		p->done = end;
	}
	if (is_quoted) {
		flush(p, end);
		p->done++;
	}
	p->is_changed = true;
}

/* Writes what the target of a link without a label becomes: nothing if it has no host. */
static void
put_target(struct stripper *p, const struct markdown_link *link)
{
	const char *colon = memchr(p->s + link->target, ':', link->target_end - link->target);
	struct url url;

	p->done = link->target;
	if (colon == NULL
	    || !read_url(p->s, link->target_end, link->target, (size_t)(colon - p->s), &url))
		return;
	put_url(p, &url);
	if (p->done < link->target_end && url.has_path)
		flush(p, link->target_end);
}

static void
note_open(struct stripper *p, size_t i)
{
	if (i > 0 && p->s[i - 1] == '\\')
		return;
	flush(p, i);
	if (p->opens == OPEN_MAX)
		memmove(p->open, p->open + 1, sizeof(p->open[0]) * (size_t)--p->opens);
	p->open[p->opens++] = p->out->len;
}

/* Takes the brackets off a label, and the target of its link, if the bracket at i ends one. */
static void
put_label(struct stripper *p, size_t i)
{
	struct markdown_link link;
	struct buf *out = p->out;
	size_t open, label;

	if (p->opens == 0 || p->s[i - 1] == '\\')
		return;
	open = p->open[--p->opens];
	if (!markdown_link_read(p->s, p->len, i, &link))
		return;
	flush(p, i);
	label = open + 1;
	open -= open > 0 && out->data[open - 1] == '!'; /* an image */
	memmove(out->data + open, out->data + label, out->len - label);
	out->len -= label - open;
	while (out->len > open && out->data[out->len - 1] == ' ')
		out->len--;
	if (out->len == open)
		put_target(p, &link);
	p->done = link.end;
	p->is_changed = true;
}

/* A line end, a bracket or a colon at i. */
static void
strip_at(struct stripper *p, size_t i)
{
	struct url url;

	switch (p->s[i]) {
	case '\n':
		if (i > 0 && p->s[i - 1] == '\n') /* labels end with their paragraph */
			p->opens = 0;
		break;
	case '[':
		note_open(p, i);
		break;
	case ']':
		put_label(p, i);
		break;
	case ':':
		if (read_url(p->s, p->len, p->done, i, &url))
			put_url(p, &url);
		break;
	default:
		break;
	}
}

/* Faster than memmem() where the first byte is rare. */
static bool
contains(const char *s, size_t len, const char *sign)
{
	size_t n = strlen(sign);
	const char *end = s + len, *at;

	while ((at = memchr(s, sign[0], (size_t)(end - s))) != NULL) {
		if ((size_t)(end - at) >= n && memcmp(at, sign, n) == 0)
			return true;
		s = at + 1;
	}
	return false;
}

bool
strip_urls(const char *s, size_t len, struct buf *into)
{
	static const bool is_sign[256] = {
		['\n'] = true, ['['] = true, [']'] = true, [':'] = true
	};
	struct stripper p = { .s = s, .len = len, .out = into };

	if (!contains(s, len, "://") && !contains(s, len, "]("))
		return false;
	buf_clear(into);
	for (size_t i = 0; i < len; i++) {
		if (!is_sign[(unsigned char)s[i]])
			continue;
		strip_at(&p, i);
		if (p.done > i)
			i = p.done - 1;
	}
	flush(&p, len);
	return p.is_changed;
}
