/* noun_unpack.h - nouns as noun_pack() writes them, read without a tree.
 *
 * Between programs of the kit a noun nearly always stands as noun_pack() wrote
 * it: known fields alone, in the layout's order, each number in its shortest
 * form.  Such bytes are read and checked in one pass, and those that do not
 * change can be copied.  All others are left to noun_read(), which is also what
 * finds the words for a fault. */

#ifndef ALIGNX_SCHEMA_NOUN_UNPACK_H
#define ALIGNX_SCHEMA_NOUN_UNPACK_H

#include "schema/message.h"

enum { NOUN_FIELDS_MAX = 64 };

/* Where the fields of a packed noun end; a field that is not there ends where
 * the one before it does. */
struct noun_packed {
	const char *fields;			/* behind the map's head */
	size_t end[NOUN_FIELDS_MAX];		/* bytes from there */
};

/* Reads a noun into out (of the layout's size): true if noun_pack() would write
 * these very bytes and noun_read() take them; else it cannot tell.  packed may
 * be NULL. */
bool noun_unpack(const struct layout *l, const void *data, size_t len,
    struct arena *a, void *out, struct noun_packed *packed);

/* As noun_pack(), where all fields before the one at offset `from` are as they
 * were read. */
void noun_repack(const struct layout *l, const void *noun,
    const struct noun_packed *packed, size_t from, struct buf *b);

#endif
