/* partition.h - divides the nodes of a hypergraph in two, by simulated annealing (Kirkpatrick,
 * Gelatt and Vecchi 1983).
 *
 * An edge joins up to PARTITION_PINS nodes; it is whole if they are all on one side, else it is
 * cut.  The second side gets about a share of the weight of the edges of each group, and few edges are
 * cut.
 * Only integers and products of doubles are used, so the result is the same on every machine. */

#ifndef ALIGNX_STAGES_EMIT_PARTITION_H
#define ALIGNX_STAGES_EMIT_PARTITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/io/spill_array.h"

enum { PARTITION_PINS = 5 };
#define PARTITION_NO_NODE UINT32_MAX
enum { PARTITION_CUT = 2 };

struct partition {
	size_t nodes, edges, groups;
	const uint32_t *pin;         /* PARTITION_PINS of each edge, no node twice */
	const uint32_t *group;       /* of each edge */
	const unsigned char *weight; /* of each edge, for the share */
	unsigned char *side;         /* out, of each node: 0 or 1 */
	const bool *is_fixed;        /* of each node: its side is given; NULL: none */
	uint64_t seed;
	double share; /* of the weight that side 1 should have */
	int price; /* of weight that side 1 lacks or has too much; a cut edge costs PARTITION_CUT */
};

struct partition_result {
	uint64_t second, cut; /* edges wholly on side 1, and cut ones */
};

/* Sets the sides, beginning with all free nodes on side 0.  Time: linear in the edges; memory
 * beyond the arrays given: 28 bytes for each edge at most, and 4 for each node.  -2: the disk is
 * full. */
int partition_divide(const struct partition *p, const struct spill_array_limit *l,
    struct partition_result *result, struct fault *f);

#endif
