/* json_doc.h - a checked JSON document, as lib/json*.c share it.
 *
 * Nothing is copied or converted ahead: a node is the number of a token, and
 * what it says is read from the text when it is asked for.  The check of the
 * whole document leaves behind what makes that cheap: where each list and map
 * ends, and the texts with escapes, decoded. */

#ifndef ALIGNX_LIB_JSON_DOC_H
#define ALIGNX_LIB_JSON_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/json.h"
#include "lib/json_index.h"

#define JSON_PLAIN UINT32_MAX

struct json {
	struct json_index *index;
	const char *text;
	size_t len;
	const uint32_t *at;	/* where each token begins; at[count] is len */
	size_t count;
	size_t room;		/* for tokens, in the next two */
	char *kind;		/* the first byte of each token, JSON_AHEAD NULs behind */
	uint32_t *link;		/* of a list or map: the token that closes it;
				 * of a text with escapes: its length without;
				 * of others: JSON_PLAIN */
	char *decoded;		/* each text with escapes, at its own offset */
	size_t decoded_room;
};

enum { JSON_AHEAD = 4 };	/* tokens that may be looked at behind the last */

/* Checks the tokens against JSON's grammar and fills kind, link and decoded. */
bool json_check(struct json *j);

/* Reads the number that is all of [p, stop): false if it is none, or too large
 * for what JSON_INT, JSON_UINT and JSON_REAL can hold. */
bool json_number(const char *p, const char *stop, struct json_node *out);

/* The value, or the name, that is the i-th token. */
struct json_node json_node(const struct json *j, size_t i);

static inline bool
json_is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline const char *
json_begin(const struct json *j, size_t i)
{
	return j->text + j->at[i];
}

/* Behind the last byte of a token. */
static inline const char *
json_stop(const struct json *j, size_t i)
{
	const char *stop = j->text + j->at[i + 1];

	while (json_is_space(stop[-1]))
		stop--;
	return stop;
}

/* The token behind the value that begins at token i. */
static inline size_t
json_after(const struct json *j, size_t i)
{
	char c = j->kind[i];

	return (c == '[' || c == '{' ? j->link[i] : i) + 1;
}

#endif
