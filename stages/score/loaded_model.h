/* loaded_model.h - a model that is asked, with what reads texts for it. */

#ifndef ALIGNX_STAGES_SCORE_LOADED_MODEL_H
#define ALIGNX_STAGES_SCORE_LOADED_MODEL_H

#include "infer/forward/session.h"
#include "infer/tokenizer/tokenizer.h"
#include "stages/score/chat_template.h"

struct loaded_model {
	const char *file;
	struct model model;
	struct vocabulary vocabulary;
	struct tokenizer *tokenizer;	/* NULL until rows are to be read */
	const float *coefficient;	/* NULL: there are none */
	const struct chat_template *template;	/* the model's own */
	uint64_t key;			/* of weights and coefficients; 0 until it is named */
	const char *template_mark;	/* what betrayed it; NULL: nothing did */
};

/* Opens a model and the coefficients for it (NULL: none). */
int loaded_model_open(struct loaded_model *e, const char *file,
    const char *coefficients, struct arena *a, struct fault *f);

/* Makes it ready to read texts; -2 if its file brings no tokenizer. */
int loaded_model_read_tokenizer(struct loaded_model *e, struct arena *a, struct fault *f);

/* Sets the key. */
void loaded_model_hash(struct loaded_model *e);

void loaded_model_close(struct loaded_model *e);

#endif
