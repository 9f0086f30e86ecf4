/* attribution.h - does the author of a text claim what a match says?
 *
 * Not if it is quoted, said of others, hypothetical, or marked as sarcasm; the sets `others`
 * and `hypothetical` of the rule files list the words that show it. */

#ifndef ALIGNX_ANNOTATE_ATTRIBUTION_H
#define ALIGNX_ANNOTATE_ATTRIBUTION_H

#include "lib/match/tokens.h"

/* What holds for a whole text. */
struct attribution {
	bool is_sarcastic; /* a line ends with "/s" */
};

/* Sets LEXICON_QUOTED, too. */
struct attribution attribution_of(struct tokens *t);

/* Is what the tokens from first to before stop say claimed by the author of himself, in
 * earnest?  There may be no tokens. */
bool attribution_is_author_claim(const struct attribution *v, const struct tokens *t, size_t first,
    size_t stop);

#endif
