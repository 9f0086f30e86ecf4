/* dimension.h - the 90 dimensions of the AlignX preference space.
 *
 * The table is made from schema/dimensions.tsv at build time; nothing else lists
 * dimensions.  The labels are those of AlignX, byte for byte.  Pole 1 is the label
 * that AlignX lists first, whatever the name of the dimension suggests. */

#ifndef ALIGNX_SCHEMA_DIMENSION_H
#define ALIGNX_SCHEMA_DIMENSION_H

#include <stddef.h>

enum { DIMENSIONS = 90 };

struct dimension {
	const char *key;   /* "conflict-handling" */
	const char *group; /* DDT, CPN, WLS, CQ or INT */
	const char *theory;
	const char *label[2]; /* [0] for direction 0, [1] for direction 1 */
	const char *meaning;  /* one sentence */
};

extern const struct dimension dimension_table[DIMENSIONS];

int dimension_find(const char *key, size_t len); /* index, or -1 */

#endif
