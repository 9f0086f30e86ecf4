/* llm_local.h - an annotator that is a model on this machine.
 *
 * The text goes through the model once; behind it branch 90 questions, one for each
 * dimension, and behind each of these three answers, whose log-probabilities make
 * the marks (map_question.h). */

#ifndef ALIGNX_STAGES_MAP_LLM_LOCAL_H
#define ALIGNX_STAGES_MAP_LLM_LOCAL_H

#include "stages/map/llm_annotate.h"

struct llm_local_options {
	size_t threads;
	size_t tokens;		/* of each text that are read, from its beginning */
	size_t room;		/* tokens in memory at a time */
};

/* A GGUF file or a folder of Hugging Face.  NULL with a fault. */
struct annotator *llm_local_open(const char *file,
    const struct llm_local_options *o, struct arena *a, struct fault *f);

#endif
