/* prompt.h - what responses answer: a post, or a comment under a post.
 *
 * The text of the prompt of a reply to a comment is that of the post, an empty line, and that
 * of the comment. */

#ifndef ALIGNX_STAGES_PAIR_PROMPT_H
#define ALIGNX_STAGES_PAIR_PROMPT_H

#include "schema/messages.h"

struct prompt {
	const struct interaction *post, *answered; /* set by the caller; the same for a post */
	struct thread_text as_text;                /* as exchanges and pairs hold it */
};

void prompt_make(struct prompt *p, struct arena *a);

/* The words of a text, without links; of a script without spaces, one for two characters. */
long prompt_words(const struct text *text);

/* Have they the same author? */
bool prompt_is_by(const struct interaction *post, const struct interaction *response);

/* A response as exchanges and pairs hold it. */
struct thread_text thread_text_of(const struct interaction *x);

#endif
