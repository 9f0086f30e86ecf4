#include "config.h"

#include <string.h>

#include "lib/text/ascii.h"
#include "lib/text/markdown_link.h"
#include "lib/text/top_level_domain.h"

enum { TARGET_MAX = 2048, TITLE_MAX = 512 };

static size_t
skip_spaces(const char *s, size_t len, size_t i)
{
	while (i < len && ascii_is_space(s[i]))
		i++;
	return i;
}

/* The end of the target at i: a blank, or a closing bracket that has no opening one. */
static size_t
target_end(const char *s, size_t len, size_t i)
{
	size_t from = i;
	int depth = 0;

	for (; i < len && i - from < TARGET_MAX && !ascii_is_space(s[i]); i++) {
		if (s[i] == ']' && i + 1 < len && s[i + 1] == '(')
			return from;
		if (s[i] == ')' && depth-- == 0)
			return i;
		depth += s[i] == '(';
		i += s[i] == '\\' && i + 1 < len && ascii_is_in(s[i + 1], "()\\");
	}
	return i;
}

/* After the title in quotes at i, or i. */
static size_t
title_end(const char *s, size_t len, size_t i)
{
	size_t end = i + 1;

	if (i >= len || !ascii_is_in(s[i], "\"'"))
		return i;
	for (; end < len && end - i < TITLE_MAX && s[end] != '\n'; end++)
		if (s[end] == s[i] && skip_spaces(s, len, end + 1) < len
		    && s[skip_spaces(s, len, end + 1)] == ')')
			return end + 1;
	return i;
}

static bool
begins_with(const char *s, size_t len, const char *word)
{
	return len >= strlen(word) && strncasecmp(s, word, strlen(word)) == 0;
}

/* Does it lead somewhere?  Arguments of a function, as in a[i](x), do not. */
static bool
is_target(const char *s, size_t len)
{
	static const char *const begins[] = { "www.", "mailto:", "r/", "u/", "v/", "user/",
		"message/", "messages/", NULL };
	size_t host = 0;

	if (len > 0 && ascii_is_in(*s, "/#"))
		return !begins_with(s, len, "/*");
	for (const char *const *b = begins; *b != NULL; b++)
		if (begins_with(s, len, *b))
			return true;
	if (len > 3 && ascii_is_alpha(*s) && memmem(s, len, "://", 3) != NULL)
		return true;
	while (host < len && (ascii_is_alnum(s[host]) || ascii_is_in(s[host], ".-")))
		host++;
	return (host == len || s[host] == '/') && top_level_domain_ends(s, host);
}

bool
markdown_link_read(const char *s, size_t len, size_t close, struct markdown_link *link)
{
	size_t i = close + 1;
	bool is_quoted;

	if (i >= len || s[i] != '(')
		return false;
	i = skip_spaces(s, len, i + 1);
	is_quoted = i < len && s[i] == '<';
	link->target = i + is_quoted;
	i = target_end(s, len, link->target);
	link->target_end = i - (is_quoted && i > link->target && s[i - 1] == '>');
	i = skip_spaces(s, len, title_end(s, len, skip_spaces(s, len, i)));
	link->end = i + 1;
	return i < len && s[i] == ')'
	    && is_target(s + link->target, link->target_end - link->target);
}

size_t
markdown_label_end(const char *s, size_t len, size_t open, size_t reach)
{
	size_t depth = 0;

	for (size_t i = open; i < len && i - open <= reach; i++) {
		if (s[i] == '\\' && i + 1 < len && ascii_is_in(s[i + 1], "[]"))
			i++;
		else if (s[i] == '[')
			depth++;
		else if (s[i] == ']' && --depth == 0)
			return i;
	}
	return open;
}
