/* coverage.h - which dimensions the records of a data set state, and on what evidence. */

#ifndef ALIGNX_STAGES_EMIT_COVERAGE_H
#define ALIGNX_STAGES_EMIT_COVERAGE_H

#include <stdint.h>

#include "lib/core/buf.h"
#include "lib/json/json.h"
#include "schema/direction.h"
#include "schema/evidence_kind.h"

/* The number of records at each pole of each dimension, and by the kind of evidence. */
struct coverage {
	uint64_t pole[2][DIMENSIONS], evidence[EVIDENCE_KINDS][DIMENSIONS];
};

/* evidence: of each dimension; NULL if it is not known. */
void coverage_add(struct coverage *c, const struct direction *d, const int8_t *evidence);
/* "dimensions":{"order":[2,3],...},"evidence":{"said":{"order":1,...},...} */
void coverage_put_json(const struct coverage *c, struct buf *b);

/* Adds what coverage_put_json() wrote. */
void coverage_add_json(struct coverage *c, const struct json_node *dimensions,
    const struct json_node *evidence);

#endif
