/* no_words.c - counts the words of a comment beside its pictures, emotes and links.
 *
 * A text with three words is decided at the third, so most are not read further. */

#include "config.h"

#include <string.h>
#include <strings.h>

#include "stages/ingest/no_answer.h"

enum { ENOUGH = 3, LABEL_MAX = 1000 };

struct reading {
	const char *at, *end;
	unsigned words;
	bool has_link; /* or picture, or emote */
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool
is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
begins(const struct reading *r, const char *with)
{
	size_t n = strlen(with);

	return (size_t)(r->end - r->at) >= n && strncasecmp(r->at, with, n) == 0;
}

/* The end of a bracket that begins at p, or NULL. */
static const char *
closing(const char *p, const char *end, char open, char close)
{
	int depth = 0;

	if (end - p > LABEL_MAX)
		end = p + LABEL_MAX;
	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == open)
			depth++;
		else if (*p == close && --depth == 0)
			return p;
	}
	return NULL;
}

/* Characters beyond ASCII: how many bytes they take, and whether they are letters.  Emoji,
 * symbols and general punctuation are not. */
static size_t
wide_char(const struct reading *r, bool *is_in_word)
{
	unsigned char a = (unsigned char)r->at[0];
	unsigned char b = r->end - r->at > 1 ? (unsigned char)r->at[1] : 0;
	size_t len = a >= 0xf0 ? 4 : a >= 0xe0 ? 3 : 2;

	*is_in_word = a < 0xf0 && a != 0xe2 && a != 0xc2 && !(a == 0xe3 && b == 0x80)
	    && !(a == 0xef && b == 0xb8);
	return len < (size_t)(r->end - r->at) ? len : (size_t)(r->end - r->at);
}

/* Is a URL here, a host and a path, "example.com/page", or "r/name"? */
static bool
is_address(const struct reading *r)
{
	static const char *const begin[] = { "http://", "https://", "ftp://", "www.", "r/", "/r/" };
	const char *p = r->at, *dot = NULL;

	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++)
		if ((*p | 0x20) == (begin[i][0] | 0x20) && begins(r, begin[i]))
			return true;
	for (; p < r->end && (is_letter(*p) || is_digit(*p) || *p == '-' || *p == '.'); p++)
		if (*p == '.')
			dot = p;
	return dot != NULL && dot > r->at && p < r->end && *p == '/' && p - dot > 2
	    && is_letter(dot[1]) && is_letter(dot[2]);
}

static void
skip_address(struct reading *r)
{
	while (r->at < r->end && !is_space(*r->at) && *r->at != '>' && *r->at != ']')
		r->at++;
	r->has_link = true;
}

/* ":name:", as emotes are written. */
static bool
skip_emote(struct reading *r)
{
	const char *p = r->at + 1;

	while (p < r->end && (is_letter(*p) || is_digit(*p) || *p == '_' || *p == '-' || *p == '+'))
		p++;
	if (p == r->at + 1 || p == r->end || *p != ':')
		return false;
	r->at = p + 1;
	r->has_link = true;
	return true;
}

/* What Reddit leaves of a picture that it has not stored yet: "*Processing img ab12...*". */
static bool
skip_placeholder(struct reading *r)
{
	static const char *const begin[] = { "processing img ", "processing gif ",
		"processing video " };

	for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++)
		if (begins(r, begin[i])) {
			r->at += strlen(begin[i]);
			skip_address(r);
			return true;
		}
	return false;
}

/* A run of letters and digits.  A number of one or two digits is a mark in a list.  Where
 * words are not set off by spaces, two characters count as a word. */
static void
read_word(struct reading *r)
{
	unsigned letters = 0, digits = 0, ideographs = 0;
	const char *begin = r->at;

	for (bool goes_on = true; goes_on && r->at < r->end;) {
		char c = *r->at;

		if ((c & 0x80) != 0) {
			bool is_wide_space = (unsigned char)c >= 0xe3;
			size_t n = wide_char(r, &goes_on);

			letters += goes_on;
			ideographs += goes_on && is_wide_space;
			r->at += goes_on ? n : 0;
			continue;
		}
		letters += is_letter(c);
		digits += is_digit(c);
		goes_on = is_letter(c) || is_digit(c) || c == '\'' || c == '-';
		r->at += goes_on;
	}
	if (letters > 0 || digits > 2)
		r->words += ideographs > 2 ? ideographs / 2 : 1;
	else if (r->at == begin)
		r->at++;
}

static void read_words(struct reading *r);

/* "[label](address)"; the words of a label count, but not those of a picture's. */
static bool
read_link(struct reading *r, bool is_picture)
{
	const char *label = r->at, *label_end = closing(label, r->end, '[', ']'), *end;

	if (label_end == NULL || label_end + 1 >= r->end || label_end[1] != '(')
		return false;
	if ((end = closing(label_end + 1, r->end, '(', ')')) == NULL)
		return false;
	if (!is_picture) {
		struct reading in = { .at = label + 1, .end = label_end };

		read_words(&in);
		r->words += in.words;
	}
	r->at = end + 1;
	r->has_link = true;
	return true;
}

/* What is at the beginning of a word or of something else. */
static void
read_one(struct reading *r)
{
	char c = *r->at;
	bool is_in_word;

	if (c == '!' && r->end - r->at > 1 && r->at[1] == '[') {
		r->at++;
		if (!read_link(r, true))
			r->at++;
	} else if ((c == '[' && read_link(r, false)) || (c == ':' && skip_emote(r)))
		return;
	else if ((c & 0x80) != 0) {
		size_t n = wide_char(r, &is_in_word);

		if (is_in_word)
			read_word(r);
		else
			r->at += n;
	} else if ((is_letter(c) || is_digit(c) || c == '/') && is_address(r))
		skip_address(r);
	else if (is_letter(c) || is_digit(c)) {
		if ((c | 0x20) != 'p' || !skip_placeholder(r))
			read_word(r);
	} else
		r->at++;
}

static void
read_words(struct reading *r)
{
	while (r->at < r->end && r->words < ENOUGH)
		read_one(r);
}

bool
no_answer_has_no_words(const struct text *text)
{
	struct reading r = { .at = text->ptr, .end = text->ptr + text->len };

	read_words(&r);
	return r.has_link ? r.words < ENOUGH : r.words == 0;
}
