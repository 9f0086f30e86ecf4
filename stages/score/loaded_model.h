/* score_engine.h - a model that is asked, with what reads texts for it. */

#ifndef ALIGNX_STAGES_SCORE_ENGINE_H
#define ALIGNX_STAGES_SCORE_ENGINE_H

#include "infer/forward/session.h"
#include "infer/tokenizer/tokenizer.h"
#include "stages/score/chat_template.h"

struct score_engine {
	const char *file;
	struct model model;
	struct vocabulary vocabulary;
	struct tokenizer *tokenizer;	/* NULL until rows are to be read */
	const float *coefficient;	/* NULL: there are none */
	const struct score_template *template;	/* the model's own */
	uint64_t key;			/* of weights and coefficients; 0 until it is named */
	const char *template_mark;	/* what betrayed it; NULL: nothing did */
};

/* Opens a model and the coefficients for it (NULL: none). */
int score_engine_open(struct score_engine *e, const char *file,
    const char *coefficients, struct arena *a, struct fault *f);

/* Makes it ready to read texts; -2 if its file brings no tokenizer. */
int score_engine_read(struct score_engine *e, struct arena *a, struct fault *f);

/* Sets the key. */
void score_engine_name(struct score_engine *e);

void score_engine_close(struct score_engine *e);

#endif
