/* score_run.h - takes texts through a model, depth first along their trie.
 *
 * Subtrees go into the session side by side as long as they fit; then they go
 * through the model together and make room for the next ones.  What stands above
 * them stays where it is, so each stretch that texts share goes through once,
 * however far apart they stand in the input and however small the room is. */

#ifndef ALIGNX_STAGES_SCORE_TRIE_WALK_H
#define ALIGNX_STAGES_SCORE_TRIE_WALK_H

#include "infer/forward/session.h"
#include "stages/score/trie_order.h"

struct score_run {
	struct session *session;
	size_t room;			/* of the session, in tokens */
	struct score_rows *rows;
	/* a side of a row has its sums */
	void (*landed)(void *with, const struct score_row *row, enum score_side side);
	/* after each batch: tokens done and in all; -2 stops */
	int (*tell)(void *with, uint64_t done, uint64_t all, struct fault *f);
	void *with;
};

/* Scores all texts of an order, each of which fits into the room: puts the sums
 * into their rows.  -2. */
int score_run(const struct score_run *r, const struct trie_order *o,
    struct fault *f);

#endif
