/* extract_voice.h - does the author of a text mean what stands there?
 *
 * For extract_hits.c.  Words of others (quoted, or told of them), what is only
 * imagined, and irony that says so are not the author's own voice; the sets
 * others and hypothetical of the rule files tell by which words. */

#ifndef ALIGNX_STAGES_EXTRACT_VOICE_H
#define ALIGNX_STAGES_EXTRACT_VOICE_H

#include "lib/match/tokens.h"

/* What holds for a whole text. */
struct voice {
	bool is_sarcastic;		/* there is a "/s" at the end of a line */
};

/* Marks the tokens that are quoted, too. */
struct voice voice_of(struct tokens *t);

/* Is what the tokens from first to before stop say, if any, said of the author, by the
 * author, and in earnest? */
bool voice_is_own(const struct voice *v, const struct tokens *t, size_t first, size_t stop);

#endif
