#include "config.h"

#include <string.h>

#include "annotate/attribution.h"
#include "annotate/lexicon.h"

/* Tokens before a match that show whose it is, and that it is hypothetical. */
enum { PERSON_BEFORE = 6, HYPOTHETICAL_BEFORE = 8 };

static const char opening[] = "\xe2\x80\x9c", closing[] = "\xe2\x80\x9d";

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* "/s" between blanks, before the end of a line. */
static bool
has_sarcasm_mark(const char *s, size_t len)
{
	const char *stop = s + len, *p = s;

	while ((p = memmem(p, (size_t)(stop - p), "/s", 2)) != NULL) {
		const char *end = p + 2;

		while (end < stop && (*end == ' ' || *end == '.' || *end == ')'))
			end++;
		if ((p == s || is_blank(p[-1])) && (end == stop || *end == '\n'))
			return true;
		p += 2;
	}
	return false;
}

/* Flags the tokens that begin within [from, to). */
static void
flag_between(struct tokens *t, size_t from, size_t to)
{
	size_t low = 0, high = t->len;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (t->at[middle].at < from)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < t->len && t->at[low].at < to; low++)
		t->at[low].flags |= LEXICON_QUOTED;
}

/* Flags what is between quotation marks, both on one line. */
static void
flag_quoted(struct tokens *t)
{
	enum { NONE = -1 };
	ssize_t straight = NONE, curly = NONE;

	for (size_t i = 0; i < t->text_len; i++) {
		const char *s = t->text + i;

		if (*s == '\n') {
			straight = curly = NONE;
		} else if (*s == '"' && straight == NONE) {
			straight = (ssize_t)i;
		} else if (*s == '"') {
			flag_between(t, (size_t)straight, i);
			straight = NONE;
		} else if (*s == opening[0] && t->text_len - i >= sizeof(opening) - 1) {
			if (memcmp(s, opening, sizeof(opening) - 1) == 0)
				curly = (ssize_t)i;
			else if (memcmp(s, closing, sizeof(closing) - 1) == 0 && curly != NONE) {
				flag_between(t, (size_t)curly, i);
				curly = NONE;
			}
		}
	}
}

struct attribution
attribution_of(struct tokens *t)
{
	if (t->signs & SIGN_QUOTE
	    || (t->is_wide && memmem(t->text, t->text_len, opening, sizeof(opening) - 1) != NULL))
		flag_quoted(t);
	return (struct attribution){ .is_sarcastic = t->signs & SIGN_SLASH
		    && has_sarcasm_mark(t->text, t->text_len) };
}

/* Is the nearest person before a match, or in it, not the author? */
static bool
is_of_others(const struct tokens *t, size_t first, size_t stop)
{
	unsigned sentence = t->at[first].sentence;

	if (!(t->flags & LEXICON_OTHERS))
		return false;
	for (size_t i = first; i < stop; i++)
		if (t->at[i].flags & LEXICON_FIRST_PERSON)
			return false;
	for (size_t i = first; i > 0 && first - i < PERSON_BEFORE; i--) {
		const struct token *k = &t->at[i - 1];

		if (k->sentence != sentence)
			return false;
		if (k->flags & LEXICON_OTHERS)
			return true;
		if (k->flags & LEXICON_FIRST_PERSON)
			return false;
	}
	return false;
}

static bool
is_hypothetical(const struct tokens *t, size_t first)
{
	unsigned sentence = t->at[first].sentence;

	if (!(t->flags & LEXICON_HYPOTHETICAL))
		return false;
	for (size_t i = first; i > 0 && first - i < HYPOTHETICAL_BEFORE; i--) {
		if (t->at[i - 1].sentence != sentence)
			return false;
		if (t->at[i - 1].flags & LEXICON_HYPOTHETICAL)
			return true;
	}
	return false;
}

bool
attribution_is_author_claim(const struct attribution *v, const struct tokens *t, size_t first,
    size_t stop)
{
	if (v->is_sarcastic)
		return false;
	return first == stop
	    || !(t->at[first].flags & LEXICON_QUOTED || is_of_others(t, first, stop)
		|| is_hypothetical(t, first));
}
