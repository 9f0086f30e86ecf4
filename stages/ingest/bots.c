#include "config.h"

#include <stdint.h>
#include <string.h>

#include "lib/core/string_set.h"
#include "schema/bots_text.h"
#include "stages/ingest/bots.h"

struct bot_pattern {
	struct bot_pattern *next;
	const char *text;
	size_t len;
	bool is_case_sensitive;
};

struct bots {
	struct string_set names;        /* without a '*' */
	struct string_set people;       /* after a '!', without a '*' */
	struct bot_pattern *bots;       /* with a '*' */
	struct bot_pattern *exceptions; /* the same after a '!' */
	bool may_end[256];              /* can a name that matches one of bots end in this byte? */
	struct arena *arena;
};

static bool
has_capital(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] >= 'A' && s[i] <= 'Z')
			return true;
	return false;
}

static char
folded(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* Few names end like a pattern, so most need not be compared with all. */
static void
note_end(struct bots *b, const struct bot_pattern *p)
{
	char last = p->text[p->len - 1];

	for (int c = 0; c < 256; c++)
		b->may_end[c] |= last == '*' || folded((char)c) == folded(last);
}

static int
add_line(void *with, const char *line, size_t len, struct fault *f)
{
	struct bots *b = with;
	bool is_exception = line[0] == '!';
	struct bot_pattern *p, **list = is_exception ? &b->exceptions : &b->bots;

	(void)f;
	line += is_exception;
	len -= is_exception;
	if (memchr(line, '*', len) == NULL) {
		string_set_add(is_exception ? &b->people : &b->names, b->arena, line, len);
		return 0;
	}
	p = arena_alloc(b->arena, sizeof(*p));
	*p = (struct bot_pattern){ *list, arena_strndup(b->arena, line, len), len,
		has_capital(line, len) };
	*list = p;
	if (!is_exception)
		note_end(b, p);
	return 0;
}

struct bots *
bots_read(const char *file, struct arena *a, struct fault *f)
{
	struct bots *b = arena_alloc(a, sizeof(*b));
	int rc;

	b->arena = a;
	if (file != NULL)
		rc = string_set_file(file, add_line, b, f);
	else
		rc = string_set_lines(bots_text, strlen(bots_text), add_line, b, f);
	if (rc == 0)
		return b;
	bots_free(b);
	return NULL;
}

void
bots_free(struct bots *b)
{
	if (b == NULL)
		return;
	string_set_release(&b->names);
	string_set_release(&b->people);
}

/* Matches from left to right; after a mismatch the last '*' takes one more byte. */
static bool
matches(const struct bot_pattern *p, const char *s, size_t len)
{
	size_t i = 0, k = 0, star = SIZE_MAX, from = 0;

	while (i < len) {
		if (k < p->len && p->text[k] == '*') {
			star = k++;
			from = i;
		} else if (k < p->len
		    && (p->is_case_sensitive ? p->text[k] == s[i]
					     : folded(p->text[k]) == folded(s[i]))) {
			i++;
			k++;
		} else if (star != SIZE_MAX) {
			k = star + 1;
			i = ++from;
		} else
			return false;
	}
	while (k < p->len && p->text[k] == '*')
		k++;
	return k == p->len;
}

static bool
any_matches(const struct bot_pattern *p, const char *s, size_t len)
{
	while (p != NULL && !matches(p, s, len))
		p = p->next;
	return p != NULL;
}

bool
bots_has(const struct bots *b, const char *author, size_t len)
{
	if (string_set_has(&b->names, author, len))
		return true;
	return len > 0 && b->may_end[(unsigned char)author[len - 1]]
	    && any_matches(b->bots, author, len) && !string_set_has(&b->people, author, len)
	    && !any_matches(b->exceptions, author, len);
}
