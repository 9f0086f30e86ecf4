/* parse.h - parses an item of a reader, JSON or msgpack, into a tree or a message.
 *
 * The tree and its texts are views into the parser, the item and the arena,
 * until the next parse. */

#ifndef ALIGNX_SCHEMA_PARSE_H
#define ALIGNX_SCHEMA_PARSE_H

#include "lib/io/reader.h"
#include "schema/messages.h"

struct parse;

struct parse *parse_new(void);
void parse_free(struct parse *p);

/* -1 if the item is no valid JSON or msgpack. */
int parse_tree(struct parse *p, const struct reader_item *item, struct arena *a,
    msgpack_object *out, struct fault *f);

/* Decodes an item as a message of descriptor d; -1 if it is another kind or faulty. */
int parse_message(struct parse *p, const struct descriptor *d, const struct reader_item *item,
    struct arena *a, void *out, struct fault *f);

/* Encodes the message that parse_message() decoded last; the fields before the one at
 * offset `from` have not changed. */
void parse_repack(const struct parse *p, const struct descriptor *d, const void *message,
    size_t from, struct buf *b);

/* Sets the byte of a fault that has only a pointer. */
void parse_locate(const struct reader_item *item, struct fault *f);

#endif
