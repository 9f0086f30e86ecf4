/* map_engine.h - an annotator that is a model on this machine.
 *
 * The text goes through the model once; behind it branch 90 questions, one for each
 * dimension, and behind each of these three answers, whose log-probabilities make
 * the marks (map_question.h). */

#ifndef ALIGNX_STAGES_MAP_ENGINE_H
#define ALIGNX_STAGES_MAP_ENGINE_H

#include "stages/map/llm_annotate.h"

struct engine_options {
	size_t threads;
	size_t tokens;		/* of each text that are read, from its beginning */
	size_t room;		/* tokens in memory at a time */
};

/* A GGUF file or a folder of Hugging Face.  NULL with a fault. */
struct annotator *map_engine_open(const char *file,
    const struct engine_options *o, struct arena *a, struct fault *f);

#endif
