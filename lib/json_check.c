/* The second stage of reading JSON: do the tokens make a document?
 *
 * What the first stage vouches for is not checked again: texts are closed and
 * hold no control characters, all is UTF-8, and every byte that is not white
 * space belongs to a token. */

#include "config.h"

#include <string.h>

#include "lib/json_doc.h"
#include "lib/json_escape.h"

enum { BAD = 0 };	/* as a token's number: only the first has it */

struct check {
	struct json *json;
	size_t slash;		/* the next backslash not yet decoded, or the end */
	size_t depth;
	size_t open[JSON_DEPTH];	/* the tokens that opened the lists and maps around */
};

static size_t
next_slash(const struct json *j, size_t from)
{
	const char *slash = memchr(j->text + from, '\\', j->len - from);

	return slash ? (size_t)(slash - j->text) : j->len;
}

/* Decodes a text that holds the next backslash. */
static bool
decode(struct check *c, size_t i)
{
	struct json *j = c->json;
	const char *p = json_begin(j, i) + 1, *stop = json_stop(j, i) - 1;
	char *begin = j->decoded + (p - j->text), *out = begin;

	if (c->slash < (size_t)(p - j->text))
		return false;
	while (c->slash < (size_t)(stop - j->text)) {
		const char *slash = j->text + c->slash;
		size_t run = (size_t)(slash - p), used;

		memcpy(out, p, run);
		out += run;
		if ((used = json_escape(slash, stop, &out)) == 0)
			return false;
		p = slash + used;
		c->slash = next_slash(j, (size_t)(p - j->text));
	}
	memcpy(out, p, (size_t)(stop - p));
	j->link[i] = (uint32_t)(out + (stop - p) - begin);
	return true;
}

static inline bool
check_text(struct check *c, size_t i)
{
	return c->slash >= c->json->at[i + 1] || decode(c, i);
}

static inline bool
is_word(const struct json *j, size_t i, const char *word, size_t len)
{
	const char *p = json_begin(j, i);

	return memcmp(p, word, len) == 0 && json_stop(j, i) == p + len;
}

static inline bool
check_scalar(struct check *c, size_t i)
{
	const struct json *j = c->json;
	struct json_node number;

	switch (j->kind[i]) {
	case '"': return check_text(c, i);
	case 'n': return is_word(j, i, "null", 4);
	case 't': return is_word(j, i, "true", 4);
	case 'f': return is_word(j, i, "false", 5);
	default: return json_number(json_begin(j, i), json_stop(j, i), &number);
	}
}

/* Is it a name, a colon, something, a comma? */
static inline bool
is_field(const char *kind)
{
	const char shape[4] = { '"', ':', 0, ',' }, hole[4] = { 0, 0, -1, 0 };
	uint32_t tokens, wanted, mask;

	memcpy(&tokens, kind, sizeof(tokens));
	memcpy(&wanted, shape, sizeof(wanted));
	memcpy(&mask, hole, sizeof(mask));
	return (tokens & ~mask) == wanted;
}

/* Steps over a name and its colon to the value.  Fields on the way that are
 * most of all fields, scalars with names without escapes, are done at once. */
static inline size_t
check_name(struct check *c, size_t i)
{
	const struct json *j = c->json;

	while (is_field(j->kind + i) && c->slash >= j->at[i + 1]
	    && check_scalar(c, i + 2))
		i += 4;
	if (j->kind[i] != '"' || !check_text(c, i) || j->kind[i + 1] != ':')
		return BAD;
	return i + 2;
}

/* Steps over what may stand behind a value, to the next value or the end. */
static inline size_t
follow(struct check *c, size_t i)
{
	struct json *j = c->json;

	while (c->depth > 0) {
		size_t open = c->open[c->depth - 1];
		char opener = j->kind[open];

		if (j->kind[i] == ',')
			return opener == '{' ? check_name(c, i + 1) : i + 1;
		if (j->kind[i] != opener + 2)	/* '{' and '}', '[' and ']' are 2 apart */
			return BAD;
		j->link[open] = (uint32_t)i++;
		c->depth--;
	}
	return i == j->count ? i : BAD;
}

/* Steps over a scalar or into a list or map, to the next value or the end. */
static inline size_t
step(struct check *c, size_t i)
{
	const char *kind = c->json->kind;
	char opener = kind[i];

	if (opener != '[' && opener != '{')
		return check_scalar(c, i) ? follow(c, i + 1) : BAD;
	if (c->depth == JSON_DEPTH)
		return BAD;
	c->open[c->depth++] = i++;
	if (kind[i] == opener + 2)
		return follow(c, i);
	return opener == '{' ? check_name(c, i) : i;
}

bool
json_check(struct json *j)
{
	struct check c = { .json = j };
	size_t i;

	for (i = 0; i < j->count; i++)
		j->kind[i] = *json_begin(j, i);
	memset(j->kind + i, '\0', JSON_AHEAD);
	memset(j->link, 0xff, j->count * sizeof(*j->link));
	c.slash = next_slash(j, 0);
	for (i = 0; i < j->count; ) {
		if ((i = step(&c, i)) == BAD)
			return false;
	}
	return c.depth == 0;
}
