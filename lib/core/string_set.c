#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/string_set.h"

enum { NAME_MAX_LEN = 256, LEAST_SLOTS = 64 };	/* longer names are cut */

static size_t
fold(const char *name, size_t len, char *out)
{
	if (len > NAME_MAX_LEN)
		len = NAME_MAX_LEN;
	for (size_t i = 0; i < len; i++)
		out[i] = (char)(name[i] >= 'A' && name[i] <= 'Z'
		    ? name[i] | 0x20 : name[i]);
	return len;
}

static struct nameset_entry *
find(const struct nameset *set, const char *folded, size_t len, uint32_t hash)
{
	size_t i = hash & (set->slots - 1);

	while (set->slot[i].name != NULL && (set->slot[i].hash != hash
	    || set->slot[i].len != len
	    || memcmp(set->slot[i].name, folded, len) != 0))
		i = (i + 1) & (set->slots - 1);
	return &set->slot[i];
}

static void
grow(struct nameset *set, struct arena *a)
{
	struct nameset old = *set;

	set->slots = old.slots > 0 ? 2 * old.slots : LEAST_SLOTS;
	set->slot = arena_get(a, set->slots * sizeof(*set->slot));
	for (size_t i = 0; i < old.slots; i++)
		if (old.slot[i].name != NULL)
			*find(set, old.slot[i].name, old.slot[i].len,
			    old.slot[i].hash) = old.slot[i];
}

void
nameset_add(struct nameset *set, struct arena *a, const char *name, size_t len)
{
	char folded[NAME_MAX_LEN];
	struct nameset_entry *e;
	uint32_t hash;

	if (set->len >= set->slots / 2)
		grow(set, a);
	len = fold(name, len, folded);
	hash = (uint32_t)XXH3_64bits(folded, len);
	e = find(set, folded, len, hash);
	if (e->name != NULL)
		return;
	e->name = arena_dup(a, folded, len);
	e->len = (uint32_t)len;
	e->hash = hash;
	set->len++;
}

bool
nameset_has(const struct nameset *set, const char *name, size_t len)
{
	char folded[NAME_MAX_LEN];

	if (set->len == 0)
		return false;
	len = fold(name, len, folded);
	return find(set, folded, len, (uint32_t)XXH3_64bits(folded, len))->name
	    != NULL;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The line without its comment and the blanks round it. */
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
nameset_lines(const char *text, size_t len, nameset_line_fn *fn, void *with,
    struct fault *f)
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
nameset_file(const char *file, nameset_line_fn *fn, void *with,
    struct fault *f)
{
	FILE *in = fopen(file, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int rc = 0;

	if (in == NULL)
		return fault_sys(f, "%s", file);
	while (rc == 0 && (n = getline(&line, &room, in)) >= 0)
		rc = nameset_lines(line, (size_t)n, fn, with, f);
	if (rc == 0 && ferror(in))
		rc = fault_sys(f, "%s", file);
	free(line);
	fclose(in);
	return rc;
}
