/* prompt_text.h - what a model is asked, byte for byte (AlignX, section A3.2).
 *
 * A prompt is text in parts: the template's own, in which control tokens count,
 * and what people wrote, in which they do not. */

#ifndef ALIGNX_STAGES_SCORE_PROMPT_H
#define ALIGNX_STAGES_SCORE_PROMPT_H

#include "infer/tokenizer/tokenizer.h"
#include "schema/messages.h"
#include "stages/score/chat_template.h"

enum score_method { SCORE_ICA, SCORE_PBA, SCORE_FEW_SHOT, SCORE_PLAIN,
	SCORE_DIRECTION };
enum score_variant { SCORE_EVALUATION, SCORE_TRAINING };

/* The row's own profile, or what the directions of its history add up to; is_compat:
 * with means rounded as in the release.  -1 (no-profile, bad-profile). */
int prompt_profile(const struct record *r, bool is_compat, struct direction *d,
    struct fault *f);

struct prompt_text {
	struct buf text, parts;		/* parts: struct tokenizer_part */
};

/* How a prompt is made. */
struct prompt_settings {
	enum score_method method;
	enum score_variant variant;
	const struct chat_template *template;
	bool is_compat;			/* profiles are rounded as in the release */
	bool is_bare;			/* what is known of the person is left out */
};

/* Fills the prompt for a record.  Plain: the record's prompt as the user's text,
 * and no system.  -1 (no-profile): PBA has nothing to bridge with. */
int prompt_make(struct prompt_text *p, const struct prompt_settings *q,
    const struct record *r, struct fault *f);
const struct tokenizer_part *prompt_parts(const struct prompt_text *p,
    size_t *n);
void prompt_release(struct prompt_text *p);

#endif
