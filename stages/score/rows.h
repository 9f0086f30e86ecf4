/* score_rows.h - all rows of an input, until they are scored.
 *
 * Their token ids are in a spool, in memory or on disk; what stays in memory of a
 * row is the struct here, 104 bytes, and while a model is asked 28 bytes for each
 * of the row's texts (trie_order.h): 160 bytes a row, or 216 where one model is
 * asked for both sides. */

#ifndef ALIGNX_STAGES_SCORE_ROWS_H
#define ALIGNX_STAGES_SCORE_ROWS_H

#include "lib/io/spool.h"
#include "stages/score/encode.h"
#include "stages/score/results.h"

enum score_side { SCORE_POLICY, SCORE_REFERENCE, SCORE_SIDES };

struct score_row {
	uint64_t number;		/* in the input, from 1 */
	uint64_t key;			/* of all that decides its scores; 0: none */
	struct model_scores of[SCORE_SIDES];
	uint16_t group[SCORE_GROUPINGS];	/* in the outcome */
	uint8_t left[SCORE_SIDES];	/* texts that have no score yet */
};

struct score_rows {
	struct buf rows;		/* struct score_row */
	struct spool *ids;
};

struct score_row *score_rows_all(const struct score_rows *r, size_t *n);

/* A text of a row: prompt and one response, as a number. */
static inline uint64_t
score_text_id(uint64_t row, enum score_side side, int response)
{
	return row << 2 | (unsigned)side << 1 | (unsigned)response;
}

/* How many ids a text has, and how many of them are the prompt's. */
size_t score_text_len(const struct score_rows *r, uint64_t item, size_t *prompt);

/* Some of its ids from `at` on: *n of them, one or more; a view into the spool, or
 * into scratch, until either is used again.  NULL with a fault. */
enum { SCORE_SCRATCH = 1024 };
const uint32_t *score_text_ids(const struct score_rows *r, uint64_t item,
    size_t at, size_t *n, uint32_t *scratch, struct fault *f);

void score_rows_release(struct score_rows *r);

#endif
