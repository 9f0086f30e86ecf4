/* encode_row.h - the token ids of a row: prompt and both responses (A4.1). */

#ifndef ALIGNX_STAGES_SCORE_ENCODE_H
#define ALIGNX_STAGES_SCORE_ENCODE_H

#include "stages/score/loaded_model.h"
#include "stages/score/prompt.h"

/* What ends a response: the token that ends texts; the same behind a blank in
 * place of line ends, as in training; or nothing. */
enum score_eos { SCORE_EOS_PLAIN, SCORE_EOS_SPACED, SCORE_EOS_NONE };

/* How a model is asked. */
struct encode_settings {
	struct prompt_settings question;
	bool has_bos;			/* begins with it, if the vocabulary has one */
	enum score_eos eos;
	bool is_joint;			/* prompt and response are tokenised as one text */
	size_t truncate;		/* the last so many tokens are kept, of each part */
};

/* What a model says of a row. */
struct model_scores {
	uint64_t at;			/* of its ids in the spool: prompt, chosen, rejected */
	uint32_t prompt, response[2];	/* how many; chosen is the first */
	double sum[2];			/* log-probabilities */
};

struct row_encoder {
	struct prompt_text prompt;
	struct buf text, whole, joint[2];
	struct buf ids;			/* of the row in hand: uint32_t */
};

/* Makes prompt and responses of a record into ids, and counts them.  Joint: the
 * prompt ends where the tokens of prompt, prompt with chosen and prompt with
 * rejected cease to be the same, so both responses stand behind the same ids.
 * -1 as prompt_make(), and too-long for a row of more than 2^31 ids. */
int encode_row(struct row_encoder *e, const struct loaded_model *with,
    const struct encode_settings *ask, const struct record *r, struct model_scores *out,
    struct fault *f);

/* A response as it is tokenised, before the token that ends it; a view. */
const struct buf *encode_response_text(struct row_encoder *e,
    enum score_eos eos, const struct text *t);

void row_encoder_release(struct row_encoder *e);

#endif
