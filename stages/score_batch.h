/* score_batch.h - rows that are scored together, so that they share what they
 * have in common.
 *
 * Rows are gathered until the session is full.  Their prompts, sorted, are a
 * trie; each stretch that several have in common goes through the model once,
 * and both responses of a row stand behind one prompt. */

#ifndef ALIGNX_STAGES_SCORE_BATCH_H
#define ALIGNX_STAGES_SCORE_BATCH_H

#include "infer/session.h"
#include "lib/buf.h"

/* A row: ids of the prompt and of both responses, and what is to be told. */
struct score_row {
	uint64_t number;		/* in the input, from 1 */
	size_t at;			/* of its ids in the batch's buffer */
	size_t prompt, chosen, rejected;	/* how many, side by side */
	unsigned persona;		/* the caller's */
	double log_chosen, log_rejected;	/* sums over tokens */
};

struct score_batch {
	struct session *session;
	size_t tokens;			/* room of the session */
	struct buf rows, ids;
};

/* Does a row of so many ids still fit? */
bool score_batch_fits(const struct score_batch *b, size_t ids);

/* Adds a row; its ids are copied. */
void score_batch_add(struct score_batch *b, const struct score_row *row,
    const uint32_t *id);

/* Scores all rows; they are returned in the order they were added, and are gone
 * with score_batch_clear(). */
const struct score_row *score_batch_run(struct score_batch *b, size_t *n,
    struct fault *f);
void score_batch_clear(struct score_batch *b);
void score_batch_release(struct score_batch *b);

#endif
