#include "config.h"

#include <string.h>

#include "stages/extract_voice.h"
#include "stages/extract_words.h"

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

struct voice
voice_of(const struct tokens *t)
{
	return (struct voice){
		.is_sarcastic = has_sarcasm_mark(t->text, t->text_len),
		.has_quotes = memchr(t->text, '"', t->text_len) != NULL
		    || (t->is_wide && memmem(t->text, t->text_len, opening,
		    sizeof(opening) - 1) != NULL) };
}

static size_t
count_in(const char *from, const char *to, char c)
{
	size_t n = 0;

	while ((from = memchr(from, c, (size_t)(to - from))) != NULL) {
		n++;
		from++;
	}
	return n;
}

/* Between quotation marks, both in the line of the hit. */
static bool
is_quoted(const struct tokens *t, const struct hit *hit)
{
	const char *s = t->text, *at = s + hit->at, *end = s + hit->end;
	const char *line = memrchr(s, '\n', hit->at), *p, *q;
	const char *stop = memchr(end, '\n', t->text_len - hit->end);

	line = line != NULL ? line + 1 : s;
	stop = stop != NULL ? stop : s + t->text_len;
	if (count_in(line, at, '"') % 2 == 1
	    && memchr(end, '"', (size_t)(stop - end)) != NULL)
		return true;
	for (p = NULL, q = line; (q = memmem(q, (size_t)(at - q), opening,
	    sizeof(opening) - 1)) != NULL; q += sizeof(opening) - 1)
		p = q;
	return p != NULL && memmem(p, (size_t)(at - p), closing,
	    sizeof(closing) - 1) == NULL;
}

/* The nearest person before the hit, or in it, is not the author. */
static bool
is_of_others(const struct tokens *t, const struct hit *hit)
{
	unsigned sentence = t->at[hit->first].sentence;

	for (size_t i = hit->first; i < hit->stop; i++)
		if (t->at[i].marks & MARK_FIRST_PERSON)
			return false;
	for (size_t i = hit->first; i > 0 && hit->first - i < PERSON_BEFORE; i--) {
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
is_hypothetical(const struct tokens *t, const struct hit *hit)
{
	unsigned sentence = t->at[hit->first].sentence;

	for (size_t i = hit->first; i > 0
	    && hit->first - i < HYPOTHETICAL_BEFORE; i--) {
		if (t->at[i - 1].sentence != sentence)
			return false;
		if (t->at[i - 1].marks & MARK_HYPOTHETICAL)
			return true;
	}
	return false;
}

bool
voice_is_own(const struct voice *v, const struct tokens *t,
    const struct hit *hit)
{
	if (v->is_sarcastic || (v->has_quotes && is_quoted(t, hit)))
		return false;
	return hit->first == hit->stop
	    || !(is_of_others(t, hit) || is_hypothetical(t, hit));
}
