/* trie_order.h - the order in which texts are scored, so that what several have in
 * common goes through the model once.
 *
 * Sorted by their ids, texts are a trie: those that share a beginning stand side by
 * side, a text before those that go on behind it. */

#ifndef ALIGNX_STAGES_SCORE_TRIE_ORDER_H
#define ALIGNX_STAGES_SCORE_TRIE_ORDER_H

#include "stages/score/rows.h"

struct trie_order {
	const struct score_rows *rows;
	size_t n;
	uint64_t *item;			/* sorted */
	uint32_t *common;		/* ids it shares with the one before it */
	uint64_t *cost;			/* tokens that those before it take; n + 1 of them */
};

/* Sorts the texts that have no score yet, of the sides that are bits of `sides`.
 * -2 if the spool cannot be read. */
int trie_order_make(struct trie_order *o, const struct score_rows *rows,
    unsigned sides, struct fault *f);
void trie_order_release(struct trie_order *o);

/* How many ids two texts share, which share the first `from` for sure; -2 as
 * above. */
int64_t trie_order_common(const struct score_rows *rows, uint64_t a, uint64_t b,
    size_t from, struct fault *f);

/* Tokens that the texts [low, high), which all share `depth` ids, take behind
 * these. */
uint64_t trie_order_cost(const struct trie_order *o, size_t low, size_t high,
    size_t depth);

#endif
