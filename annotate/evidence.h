/* extract_hits.h - where rules hit a text, and what that comes to.
 *
 * The lexicon and the patterns add hits in any order; hits_settle() sorts
 * them, drops those that overlap an earlier one of the same rule, and decides
 * by the words around each hit for which pole it speaks, and if at all:
 * negation, likes and dislikes, whose voice it is, how strongly it is put
 * (schema/rules/README.md, "How texts are read"). */

#ifndef ALIGNX_STAGES_EXTRACT_HITS_H
#define ALIGNX_STAGES_EXTRACT_HITS_H

#include "annotate/rules.h"
#include "lib/match/tokens.h"
#include "annotate/attribution.h"

struct hit {
	uint32_t rule;			/* index */
	uint32_t at, end;		/* bytes in what is seen */
	uint32_t first, stop;		/* its tokens; equal if it has none */
};

/* How often a rule spoke for its own pole and for the other. */
struct tally {
	uint32_t rule;
	uint32_t own, other;		/* not capped */
};

/* Told of each hit that counted, and what it counted for. */
typedef void hits_watch_fn(void *with, const struct hit *hit,
    const struct tally *one);

struct hits {
	struct hit *at;
	size_t len, room;

	/* while they are sorted */
	struct hit *sorted;
	size_t sorted_room, rules;
	uint32_t *count;		/* of each rule; then where its hits go */
	uint64_t *is_there;		/* a bit for each rule */

	hits_watch_fn *watch;		/* or NULL */
	void *with;
};

void hits_add(struct hits *h, const struct hit *hit);

/* Settles all hits and clears them.  tally has room for one entry for each
 * rule; returns how many were used, in the order of the rules. */
size_t hits_settle(struct hits *h, const struct rules *rules, const struct tokens *tokens,
    const struct voice *voice, struct tally *tally);

/* What a rule with features comes to, if they hold: it speaks for the whole text. */
struct tally hits_measured(const struct rule *rule, uint32_t number, const struct voice *voice);

void hits_release(struct hits *h);

#endif
