/* parse.h - an item from a reader as a tree, whichever form it has.
 *
 * JSON and msgpack give the same kind of tree, so that nouns are read by one
 * function.  The tree and its texts are views into the parser, the item and
 * the arena, until the next parse. */

#ifndef ALIGNX_SCHEMA_PARSE_H
#define ALIGNX_SCHEMA_PARSE_H

#include "lib/io/reader.h"
#include "schema/messages.h"

struct parse;

struct parse *parse_new(void);
void parse_free(struct parse *p);

int parse_tree(struct parse *p, const struct reader_item *item, struct arena *a,
    msgpack_object *out, struct fault *f);

/* Reads an item as one given noun; -1 if it is another or not in order. */
int parse_noun(struct parse *p, const struct layout *l,
    const struct reader_item *item, struct arena *a, void *out, struct fault *f);

/* Writes the noun that parse_noun() read last, whose fields before the one at
 * offset `from` are as they were read. */
void parse_repack(const struct parse *p, const struct layout *l,
    const void *noun, size_t from, struct buf *b);

/* Sets the byte of a fault that has a pointer and no byte yet. */
void parse_locate(const struct reader_item *item, struct fault *f);

#endif
