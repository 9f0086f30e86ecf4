/* message_unpack.h - decodes msgpack bytes as noun_pack() writes them, without a tree.
 *
 * The fast path between programs of the kit, whose messages nearly always are as
 * noun_pack() wrote them: known fields alone, in the layout's order, each number
 * in its shortest form.  Such bytes are decoded and checked in one pass, and the
 * fields that do not change are copied.  noun_read() decodes everything else, and
 * words the faults. */

#ifndef ALIGNX_SCHEMA_MESSAGE_UNPACK_H
#define ALIGNX_SCHEMA_MESSAGE_UNPACK_H

#include "schema/message.h"

enum { MESSAGE_FIELDS_MAX = 64 };

/* Where the fields of a packed message end; an absent field ends where the one
 * before it does. */
struct message_packed {
	const char *fields;			/* after the map's head */
	size_t end[MESSAGE_FIELDS_MAX];		/* offsets from there */
};

/* Decodes a message into out (of the layout's size).  True: noun_read() accepts
 * these bytes, and noun_pack() would write the same.  False: use noun_read().
 * packed may be NULL. */
bool message_unpack(const struct layout *l, const void *data, size_t len,
    struct arena *a, void *out, struct message_packed *packed);

/* As noun_pack(); the fields before the one at offset `from` are copied as they
 * were read. */
void message_repack(const struct layout *l, const void *noun,
    const struct message_packed *packed, size_t from, struct buf *b);

#endif
