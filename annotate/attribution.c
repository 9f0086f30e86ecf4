#include "config.h"

#include <string.h>

#include "annotate/attribution.h"
#include "lib/match/phrase_index.h"

/* How many tokens before a hit tell whose it is, and if it is imagined. */
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

/* Marks the tokens within [from, to). */
static void
mark_between(struct tokens *t, size_t from, size_t to)
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
		t->at[low].marks |= MARK_QUOTED;
}

/* Marks what stands between quotation marks, both in one line. */
static void
mark_quoted(struct tokens *t)
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
			mark_between(t, (size_t)straight, i);
			straight = NONE;
		} else if (*s == opening[0] && t->text_len - i >= sizeof(opening) - 1) {
			if (memcmp(s, opening, sizeof(opening) - 1) == 0)
				curly = (ssize_t)i;
			else if (memcmp(s, closing, sizeof(closing) - 1) == 0
			    && curly != NONE) {
				mark_between(t, (size_t)curly, i);
				curly = NONE;
			}
		}
	}
}

struct voice
voice_of(struct tokens *t)
{
	if (t->signs & SIGN_QUOTE || (t->is_wide
	    && memmem(t->text, t->text_len, opening, sizeof(opening) - 1) != NULL))
		mark_quoted(t);
	return (struct voice){
		.is_sarcastic = t->signs & SIGN_SLASH
		    && has_sarcasm_mark(t->text, t->text_len) };
}

/* The nearest person before the hit, or in it, is not the author. */
static bool
is_of_others(const struct tokens *t, size_t first, size_t stop)
{
	unsigned sentence = t->at[first].sentence;

	if (!(t->marks & MARK_OTHERS))
		return false;
	for (size_t i = first; i < stop; i++)
		if (t->at[i].marks & MARK_FIRST_PERSON)
			return false;
	for (size_t i = first; i > 0 && first - i < PERSON_BEFORE; i--) {
		const struct token *k = &t->at[i - 1];

		if (k->sentence != sentence)
			return false;
		if (k->marks & MARK_OTHERS)
			return true;
		if (k->marks & MARK_FIRST_PERSON)
			return false;
	}
	return false;
}

static bool
is_hypothetical(const struct tokens *t, size_t first)
{
	unsigned sentence = t->at[first].sentence;

	if (!(t->marks & MARK_HYPOTHETICAL))
		return false;
	for (size_t i = first; i > 0 && first - i < HYPOTHETICAL_BEFORE; i--) {
		if (t->at[i - 1].sentence != sentence)
			return false;
		if (t->at[i - 1].marks & MARK_HYPOTHETICAL)
			return true;
	}
	return false;
}

bool
voice_is_own(const struct voice *v, const struct tokens *t, size_t first, size_t stop)
{
	if (v->is_sarcastic)
		return false;
	return first == stop || !(t->at[first].marks & MARK_QUOTED
	    || is_of_others(t, first, stop) || is_hypothetical(t, first));
}
