#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/string_set.h"

enum { STRING_MAX = 256 }; /* longer strings are cut */

static struct text
lower(const char *s, size_t len, char out[STRING_MAX])
{
	if (len > STRING_MAX)
		len = STRING_MAX;
	for (size_t i = 0; i < len; i++)
		out[i] = (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] | 0x20 : s[i]);
	return (struct text){ out, len };
}

static bool
contains(const struct string_set *set, const struct text *lowered, uint64_t hash)
{
	struct hash_probe p = hash_index_probe(&set->index, hash);

	while (hash_probe_next(&p))
		if (text_equals(&set->string[p.number], lowered))
			return true;
	return false;
}

void
string_set_add(struct string_set *set, struct arena *a, const char *s, size_t len)
{
	char bytes[STRING_MAX];
	const struct text t = lower(s, len, bytes);
	const uint64_t hash = XXH3_64bits(t.ptr, t.len);

	if (contains(set, &t, hash))
		return;
	set->string = arena_grow_array(set->string, set->len, &set->cap, sizeof(*set->string));
	set->string[set->len] = (struct text){ arena_strndup(a, t.ptr, t.len), t.len };
	hash_index_add(&set->index, hash, set->len++);
}

bool
string_set_has(const struct string_set *set, const char *s, size_t len)
{
	char bytes[STRING_MAX];
	struct text t;

	if (set->len == 0)
		return false;
	t = lower(s, len, bytes);
	return contains(set, &t, XXH3_64bits(t.ptr, t.len));
}

void
string_set_release(struct string_set *set)
{
	free(set->string);
	hash_index_release(&set->index);
	*set = (struct string_set){ 0 };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The line without its comment and surrounding blanks. */
static size_t
trim(const char **line, size_t len)
{
	const char *s = *line;

	for (size_t i = 0; i < len; i++)
		if (s[i] == '#' && (i == 0 || is_blank(s[i - 1])))
			len = i;
	while (len > 0 && is_blank(s[len - 1]))
		len--;
	while (len > 0 && is_blank(*s))
		s++, len--;
	*line = s;
	return len;
}

int
string_set_lines(const char *text, size_t len, string_set_line_fn *fn, void *with, struct fault *f)
{
	const char *stop = text + len;
	int rc = 0;

	while (rc == 0 && text < stop) {
		const char *end = memchr(text, '\n', (size_t)(stop - text));
		const char *line = text;
		size_t n;

		if (end == NULL)
			end = stop;
		n = trim(&line, (size_t)(end - text));
		if (n > 0)
			rc = fn(with, line, n, f);
		text = end + 1;
	}
	return rc;
}

int
string_set_file(const char *file, string_set_line_fn *fn, void *with, struct fault *f)
{
	FILE *in = fopen(file, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int rc = 0;

	if (in == NULL)
		return fault_sys(f, "%s", file);
	while (rc == 0 && (n = getline(&line, &cap, in)) >= 0)
		rc = string_set_lines(line, (size_t)n, fn, with, f);
	if (rc == 0 && ferror(in))
		rc = fault_sys(f, "%s", file);
	free(line);
	fclose(in);
	return rc;
}
