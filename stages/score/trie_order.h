/* trie_order.h - the order in which texts are scored, so that shared prefixes are evaluated
 * once.
 *
 * Sorted by their ids, texts are a trie: those with a common prefix follow each other, a text
 * before those that continue it. */

#ifndef ALIGNX_STAGES_SCORE_TRIE_ORDER_H
#define ALIGNX_STAGES_SCORE_TRIE_ORDER_H

#include "stages/score/rows.h"

struct trie_order {
	const struct score_rows *rows;
	size_t n;
	uint64_t *text; /* score_text_id(), sorted */
	uint32_t *lcp;  /* ids of the longest common prefix with the text before */
	uint64_t *cost; /* tokens of all texts before it, shared ones once; n + 1 */
};

/* Sorts the texts of more than `above` and up to `most` tokens that have no score yet, of the
 * sides in the bit set `sides`. -2: I/O. */
int trie_order_make(struct trie_order *o, const struct score_rows *rows, unsigned sides,
    size_t above, size_t most, struct fault *f);
void trie_order_release(struct trie_order *o);

/* Length of the longest common prefix of two texts, in ids, at least `from`. -2: I/O. */
int64_t trie_order_lcp(const struct score_rows *rows, uint64_t a, uint64_t b, size_t from,
    struct fault *f);

/* Tokens to evaluate for texts [low, high), which all share `depth` ids, without these. */
uint64_t trie_order_cost(const struct trie_order *o, size_t low, size_t high, size_t depth);

#endif
