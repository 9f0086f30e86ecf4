#include "config.h"

#include <string.h>

#include "lib/text/html_unescape.h"

struct html_escape {
	const char *text, *meaning;
};

/* Those of the API, and those that people typed, visible once the former are undone. */
static const struct html_escape of_api[] = { { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" },
	{ NULL, NULL } };
static const struct html_escape of_people[] = { { "&nbsp;", " " }, { "&#x200B;", "" },
	{ "&#x200b;", "" }, { NULL, NULL } };

static const struct html_escape *
escape_at(const struct html_escape *e, const char *s, size_t len)
{
	for (; e->text != NULL; e++)
		if (strlen(e->text) <= len && memcmp(e->text, s, strlen(e->text)) == 0)
			return e;
	return NULL;
}

static size_t
replace(const struct html_escape *escapes, char *s, size_t len)
{
	const char *at = memchr(s, '&', len);
	size_t i = at != NULL ? (size_t)(at - s) : len, n = i;

	while (i < len) {
		const struct html_escape *e = s[i] == '&' ? escape_at(escapes, s + i, len - i)
							  : NULL;

		if (e == NULL) {
			s[n++] = s[i++];
			continue;
		}
		memcpy(s + n, e->meaning, strlen(e->meaning));
		n += strlen(e->meaning);
		i += strlen(e->text);
	}
	return n;
}

size_t
html_unescape(char *s, size_t len)
{
	return len == 0 ? 0 : replace(of_people, s, replace(of_api, s, len));
}
