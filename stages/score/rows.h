/* rows.h - all rows of an input, until they are scored.
 *
 * Token ids are in a spool, in memory or on disk.  In memory each row takes sizeof(struct
 * score_row) = 104 bytes, and while a model runs 28 bytes for each of its texts
 * (trie_order.h): 160 bytes a row, or 216 where one model answers for both sides. */

#ifndef ALIGNX_STAGES_SCORE_ROWS_H
#define ALIGNX_STAGES_SCORE_ROWS_H

#include "lib/io/spool.h"
#include "stages/score/encode.h"
#include "stages/score/results.h"

enum score_side { SCORE_POLICY, SCORE_REFERENCE, SCORE_SIDES };

struct score_row {
	uint64_t number; /* in the input, from 1 */
	uint64_t key;    /* hash of all that decides its scores; 0: none */
	struct model_scores of[SCORE_SIDES];
	uint16_t group[SCORE_GROUPINGS]; /* in struct results */
	uint8_t left[SCORE_SIDES];       /* texts not scored yet */
};

struct score_rows {
	struct buf rows; /* struct score_row */
	struct spool *ids;
};

struct score_row *score_rows_all(const struct score_rows *r, size_t *n);

/* A text: prompt and one response of one side of a row. */
static inline uint64_t
score_text_id(uint64_t row, enum score_side side, int response)
{
	return row << 2 | (unsigned)side << 1 | (unsigned)response;
}

/* Number of ids of a text, and of its prompt. */
size_t score_text_len(const struct score_rows *r, uint64_t text, size_t *prompt);

/* Ids from `at` on: *n of them, at least one.  A view into the spool or into scratch, valid
 * until either is used again.  NULL: I/O. */
enum { SCORE_SCRATCH = 1024 };
const uint32_t *score_text_ids(const struct score_rows *r, uint64_t text, size_t at, size_t *n,
    uint32_t *scratch, struct fault *f);

void score_rows_release(struct score_rows *r);

#endif
