/* message_unpack.h - decodes msgpack bytes as message_encode() writes them, without a tree.
 *
 * The fast path between programs of the kit, whose messages nearly always are as
 * message_encode() wrote them: known fields alone, in the descriptor's order, each number
 * in its shortest form.  Such bytes are decoded and checked in one pass, and the
 * fields that do not change are copied.  message_decode() decodes everything else, and
 * words the faults. */

#ifndef ALIGNX_SCHEMA_MESSAGE_UNPACK_H
#define ALIGNX_SCHEMA_MESSAGE_UNPACK_H

#include "schema/message.h"

enum { MESSAGE_FIELDS_MAX = 64 };

/* Where the fields of a packed message end; an absent field ends where the one
 * before it does. */
struct message_packed {
	const char *fields;             /* after the map's head */
	size_t end[MESSAGE_FIELDS_MAX]; /* offsets from there */
};

/* Decodes a message into out (of the descriptor's size).  True: message_decode() accepts
 * these bytes, and message_encode() would write the same.  False: use message_decode().
 * packed may be NULL. */
bool message_unpack(const struct descriptor *d, const void *data, size_t len, struct arena *a,
    void *out, struct message_packed *packed);

/* As message_encode(); the fields before the one at offset `from` are copied as they
 * were read. */
void message_repack(const struct descriptor *d, const void *message,
    const struct message_packed *packed, size_t from, struct buf *b);

#endif
