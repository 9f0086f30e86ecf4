/* loaded_model.h - an open model with its tokenizer, template and head coefficients. */

#ifndef ALIGNX_STAGES_SCORE_LOADED_MODEL_H
#define ALIGNX_STAGES_SCORE_LOADED_MODEL_H

#include "infer/forward/session.h"
#include "infer/tokenizer/tokenizer.h"
#include "stages/score/chat_template.h"

struct loaded_model {
	const char *file;
	struct model model;
	struct vocab vocabulary;
	struct tokenizer *tokenizer;          /* NULL before loaded_model_read_tokenizer() */
	const float *coefficient;             /* layers x heads; NULL: all 1 */
	const struct chat_template *template; /* the model's own */
	uint64_t key;                         /* hash of weights and coefficients; 0 before
					   loaded_model_hash() */
	const char *template_mark;            /* token or piece that shows it; NULL: none */
};

/* Opens a model and its coefficients (NULL: none). -2. */
int loaded_model_open(struct loaded_model *e, const char *file, const char *coefficients,
    struct arena *a, struct fault *f);

/* Reads tokenizer and chat template. -2: the file has none, or one of another model. */
int loaded_model_read_tokenizer(struct loaded_model *e, struct arena *a, struct fault *f);

/* Sets the key, which reads all weights. */
void loaded_model_hash(struct loaded_model *e);

void loaded_model_close(struct loaded_model *e);

#endif
