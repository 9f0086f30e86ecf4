/* json_index.h - what lib/json*.c take from simdjson.
 *
 * simdjson reads JSON in two stages: the first finds, with vector instructions,
 * where each token begins and checks UTF-8, quotes and control characters; the
 * second builds a tree of everything.  Only the first is used: the lines of a
 * dump hold many fields of which few are wanted, and a tree of them all costs
 * more than everything else together.  lib/json_check.c is the second stage. */

#ifndef ALIGNX_LIB_JSON_INDEX_H
#define ALIGNX_LIB_JSON_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JSON_INDEX_MOST ((size_t)1 << 31)	/* bytes of a document */

struct json_index;

struct json_index *json_index_new(void);	/* NULL: no memory */
void json_index_free(struct json_index *x);

/* Finds the tokens of len bytes of text (64 more are readable): at[i] is the
 * offset of the i-th, at[count] is len.  What follows a token up to the next is
 * white space, or belongs to it; a text with all its escapes is one token.
 * 0; -1 if the text cannot be JSON; -2 without memory. */
int json_index_build(struct json_index *x, const char *text, size_t len,
    const uint32_t **at, size_t *count);

/* The double nearest to a number in JSON's grammar; false if it is too large. */
bool json_index_real(const char *p, const char *stop, double *x);

#ifdef __cplusplus
}
#endif

#endif
