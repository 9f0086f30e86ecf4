/* trie_walk.h - evaluates texts depth first along their trie.
 *
 * Subtrees are queued in the session while they fit, then evaluated together and dropped for
 * the next ones; the prefixes above them stay in the KV cache.  So each shared prefix is
 * evaluated once, wherever its texts are in the input and however small the cache is. */

#ifndef ALIGNX_STAGES_SCORE_TRIE_WALK_H
#define ALIGNX_STAGES_SCORE_TRIE_WALK_H

#include "infer/forward/session.h"
#include "stages/score/trie_order.h"

struct trie_walk {
	struct session *session;
	size_t ctx_size; /* of the session, in tokens */
	struct score_rows *rows;
	/* called when a side of a row has its sums */
	void (*on_scored)(void *with, const struct score_row *row, enum score_side side);
	/* after each batch: tokens done, and in all; -2 stops */
	int (*on_progress)(void *with, uint64_t done, uint64_t all, struct fault *f);
	void *with;
};

/* Scores all texts of an order into their rows; each must fit the session. -2. */
int trie_walk_run(const struct trie_walk *r, const struct trie_order *o, struct fault *f);

#endif
