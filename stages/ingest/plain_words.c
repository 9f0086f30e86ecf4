#include "config.h"

#include <stdbool.h>

#include "stages/ingest/plain_words.h"

/* What stands between two words, the stronger the later. */
static const char marks[] = " ,.?\"";
enum { MARK_NONE = -1, MARK_SPACE, MARK_COMMA, MARK_STOP, MARK_QUESTION, MARK_QUOTE };

static bool
is_in_word(char c)
{
	return (c & 0x80) != 0 || (unsigned char)((c | 0x20) - 'a') < 26
	    || (unsigned char)(c - '0') < 10;
}

/* An apostrophe within a word is left out of it; before one it is a quotation mark. */
static int
mark_of_apostrophe(const char *s, size_t i, size_t len)
{
	bool is_after = i > 0 && is_in_word(s[i - 1]),
	     is_before = i + 1 < len && is_in_word(s[i + 1]);

	return is_before && !is_after ? MARK_QUOTE : MARK_NONE;
}

/* The mark of what is no letter, and in *n its bytes. */
static int
mark_of(const char *s, size_t i, size_t len, size_t *n)
{
	*n = 1;
	if (len - i > 2 && memcmp(s + i, "\xe2\x80", 2) == 0) {
		unsigned char c = (unsigned char)s[i + 2];

		*n = 3;
		return c == 0x99                          ? MARK_NONE
		    : c == 0x9c || c == 0x9d || c == 0x98 ? MARK_QUOTE
							  : MARK_STOP;
	}
	switch (s[i]) {
	case '\'':
		return mark_of_apostrophe(s, i, len);
	case '^':
	case '*':
	case '_':
	case '~':
	case '\\':
		return MARK_NONE;
	case ' ':
	case '\t':
		return MARK_SPACE;
	case '-':
		return i > 0 && is_in_word(s[i - 1]) ? MARK_SPACE : MARK_STOP;
	case ',':
		return MARK_COMMA;
	case '?':
		return MARK_QUESTION;
	case '"':
	case '`':
		return MARK_QUOTE;
	default:
		return MARK_STOP;
	}
}

/* The end of a quoted line that begins at i; i if it is not quoted. */
static size_t
skip_quoted(const char *s, size_t i, size_t len)
{
	size_t at = i;

	while (at < len && (s[at] == ' ' || s[at] == '\t'))
		at++;
	if (at == len || s[at] != '>' || (at + 1 < len && s[at + 1] == '!'))
		return i;
	while (at < len && s[at] != '\n')
		at++;
	return at;
}

void
plain_words_add(struct buf *out, const char *s, size_t len)
{
	int mark = MARK_STOP;
	bool is_line = true;

	for (size_t i = 0, n; i < len; i += n) {
		if (is_line && (n = skip_quoted(s, i, len) - i) > 0) {
			is_line = false;
			continue;
		}
		is_line = s[i] == '\n';
		n = 1;
		if (is_in_word(s[i]) && memcmp(s + i, "\xe2\x80", len - i > 1 ? 2 : 1) != 0) {
			if (mark != MARK_NONE)
				buf_add_byte(out, marks[mark]);
			mark = MARK_NONE;
			buf_add_byte(out, (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] | 0x20 : s[i]));
		} else {
			int next = mark_of(s, i, len, &n);

			mark = next > mark ? next : mark;
		}
	}
	buf_add_byte(out, '.');
}
