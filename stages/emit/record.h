/* record.h - makes an AlignX record from a pair and a persona.
 *
 * The texts are read back from the spool.  The description is rendered from the
 * direction, the profile from the history that the record shows, and from nothing
 * else; the provenance lists where each text came from. */

#ifndef ALIGNX_STAGES_EMIT_RECORD_H
#define ALIGNX_STAGES_EMIT_RECORD_H

#include <msgpack.h>

#include "lib/io/spool.h"
#include "stages/emit/persona.h"

enum { /* the parts of the persona that a record shows */
	SHOW_UGC = 1,
	SHOW_PAIR = 2,
	SHOW_DEMOGRAPHIC = 4,
	SHOW_ALL = 7,
};

/* A pair and its persona with their texts, read once for all variants. */
struct emit_record {
	const struct emit_item *item; /* set by the caller, as are these two */
	struct persona persona;
	enum persona_mode mode;
	struct pair pair;
	struct exchange ugc[PERSONA_ITEMS_MAX];
	struct pair feedback[PERSONA_ITEMS_MAX];
};

/* Reads the texts into the arena and the zone; -2. */
int emit_record_read(struct emit_record *r, struct spool *spool, struct arena *a,
    msgpack_zone *zone, struct fault *f);

/* Appends the record as msgpack. */
void emit_record_pack(const struct emit_record *r, int show, enum split split, struct arena *a,
    struct buf *out);

#endif
