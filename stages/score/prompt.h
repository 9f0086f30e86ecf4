/* prompt.h - makes AlignX's prompts, byte for byte as its released code (train/ and eval/).
 *
 * A prompt is text in parts: those of the template, in which control tokens count, and those
 * that people wrote, in which they do not. */

#ifndef ALIGNX_STAGES_SCORE_PROMPT_H
#define ALIGNX_STAGES_SCORE_PROMPT_H

#include "infer/tokenizer/tokenizer.h"
#include "schema/messages.h"
#include "stages/score/chat_template.h"

enum score_method { SCORE_ICA, SCORE_PBA, SCORE_FEW_SHOT, SCORE_PLAIN, SCORE_DIRECTION };
enum score_variant { SCORE_EVALUATION, SCORE_TRAINING };

/* The row's own profile, or the mean of its history's directions, rounded if need be as in
 * AlignX's released code. -1 (no-profile, bad-profile). */
int prompt_profile(const struct record *r, bool uses_released_rounding, struct direction *d,
    struct fault *f);

struct prompt_text {
	struct buf text, parts; /* parts: struct tokenizer_part */
};

/* How a prompt is made. */
struct prompt_settings {
	enum score_method method;
	enum score_variant variant;
	const struct chat_template *template;
	bool uses_released_rounding;
	bool is_bare; /* nothing is told of the person */
};

/* Makes the prompt of a record.  SCORE_PLAIN: its prompt as the user's text, without a system
 * text. -1 (no-profile): PBA needs a profile. */
int prompt_make(struct prompt_text *p, const struct prompt_settings *q, const struct record *r,
    struct fault *f);
const struct tokenizer_part *prompt_parts(const struct prompt_text *p, size_t *n);
void prompt_release(struct prompt_text *p);

#endif
