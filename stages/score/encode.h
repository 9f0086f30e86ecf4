/* encode.h - the token ids of a row: prompt and both responses, as AlignX's eval/ code has
 * them: BOS + prompt + response + EOS, tokenized apart, each part cut on the left. */

#ifndef ALIGNX_STAGES_SCORE_ENCODE_H
#define ALIGNX_STAGES_SCORE_ENCODE_H

#include "stages/score/loaded_model.h"
#include "stages/score/prompt.h"

/* What ends a response: EOS; a space in place of line ends, then EOS, as in training; nothing. */
enum score_eos { SCORE_EOS_PLAIN, SCORE_EOS_SPACED, SCORE_EOS_NONE };

/* Who decides: an option, --variant, the model's files, or nobody. */
enum choice_by { CHOICE_DEFAULT, CHOICE_FILE, CHOICE_VARIANT, CHOICE_OPTION };

/* How a row becomes token ids. */
struct encode_settings {
	struct prompt_settings prompt;
	bool has_bos;
	enum score_eos eos; /* if the vocabulary has EOS */
	enum choice_by bos_by, eos_by;
	bool is_joint;   /* prompt and response are tokenized as one text */
	size_t truncate; /* keep the last ids, of each part */
};

/* A row as one model reads it, and the log-probabilities it gives. */
struct model_scores {
	uint64_t at;                  /* of its ids in the spool: prompt, chosen, rejected */
	uint32_t prompt, response[2]; /* number of ids; chosen, rejected */
	double sum[2];                /* log p of the response, nats */
};

struct row_encoder {
	struct prompt_text prompt;
	struct buf text, whole, joint[2];
	struct buf ids;        /* of the current row, uint32_t: prompt, chosen, rejected */
	bool is_truncated;     /* the current row */
	bool is_conditioned;   /* its prompt is BOS or EOS alone, as it has no tokens */
	size_t special_tokens; /* BOS and EOS, of prompt and a response */
};

/* Encodes prompt and responses of a record into e->ids, and counts them in out.  Joint: the
 * prompt ends where the ids of prompt, prompt + chosen and prompt + rejected first differ, so
 * both responses follow the same ids.  A prompt without tokens becomes BOS, or else EOS, since
 * the first token of a text has no probability.  -1: prompt_make() refuses the row, it has more
 * than 2^31 ids or one that the model does not have, or nothing can be before the responses. */
int encode_row(struct row_encoder *e, const struct loaded_model *with,
    const struct encode_settings *ask, const struct record *r, struct model_scores *out,
    struct fault *f);

/* A response as it is tokenized, without EOS; a view. */
const struct buf *encode_response_text(struct row_encoder *e, enum score_eos eos,
    const struct text *t);

void row_encoder_release(struct row_encoder *e);

#endif
