/* evidence.h - what the matches of rules in a text come to.
 *
 * Matches come in any order.  They are sorted, those that overlap an earlier one of the same
 * rule are dropped, and the words around each decide for which pole it votes, if at all:
 * negation, likes and dislikes, whose claim it is, how strongly it is put
 * (schema/rules/README.md, "How texts are read"). */

#ifndef ALIGNX_ANNOTATE_EVIDENCE_H
#define ALIGNX_ANNOTATE_EVIDENCE_H

#include "annotate/attribution.h"
#include "annotate/rules.h"
#include "lib/match/match_list.h"
#include "lib/match/tokens.h"

/* How often a rule voted for its own pole and for the other. */
struct votes {
	uint32_t rule;
	uint32_t own, other; /* not capped */
};

/* Called for each match that counts, with its own votes. */
typedef void evidence_watch_fn(void *with, const struct match *match, const struct votes *one);

/* Memory that is reused from text to text; a zeroed struct is ready. */
struct evidence {
	struct match *sorted;
	size_t sorted_cap, rules;
	uint32_t *place;          /* of each rule: how many matches, then where they go */
	uint64_t *has_match;      /* a bit for each rule */
	evidence_watch_fn *watch; /* or NULL */
	void *with;
};

/* Counts the matches, whose ids are numbers of rules, and empties the list.  votes has space
 * for one entry a rule; returns how many were used, in the order of the rules. */
size_t evidence_count(struct evidence *e, struct match_list *matches, const struct rules *rules,
    const struct tokens *tokens, const struct attribution *attribution, struct votes *votes);

/* The votes of a rule whose features hold: it is about the whole text. */
struct votes evidence_of_features(const struct rule *rule, uint32_t number,
    const struct attribution *attribution);

void evidence_release(struct evidence *e);

#endif
