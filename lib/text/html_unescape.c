#include "config.h"

#include <string.h>

#include "lib/text/html_unescape.h"

struct escape {
	const char *text, *means;
};

/* The service's own, and what people typed, seen once those are undone. */
static const struct escape by_service[] = {
	{ "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { NULL, NULL } };
static const struct escape by_people[] = {
	{ "&nbsp;", " " }, { "&#x200B;", "" }, { "&#x200b;", "" },
	{ NULL, NULL } };

static const struct escape *
escape_at(const struct escape *e, const char *s, size_t len)
{
	for (; e->text != NULL; e++)
		if (strlen(e->text) <= len
		    && memcmp(e->text, s, strlen(e->text)) == 0)
			return e;
	return NULL;
}

static size_t
undo(const struct escape *escapes, char *s, size_t len)
{
	const char *at = memchr(s, '&', len);
	size_t i = at != NULL ? (size_t)(at - s) : len, n = i;

	while (i < len) {
		const struct escape *e = s[i] == '&'
		    ? escape_at(escapes, s + i, len - i) : NULL;

		if (e == NULL) {
			s[n++] = s[i++];
			continue;
		}
		memcpy(s + n, e->means, strlen(e->means));
		n += strlen(e->means);
		i += strlen(e->text);
	}
	return n;
}

size_t
unescape_text(char *s, size_t len)
{
	return len == 0 ? 0 : undo(by_people, s, undo(by_service, s, len));
}
