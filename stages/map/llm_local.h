/* llm_local.h - asks a language model on this machine.
 *
 * The text is evaluated once and stays in the KV cache.  90 questions branch from it, one for
 * each dimension, and three answers from each question; the log-probabilities of these make
 * the judgement (llm_prompt.h). */

#ifndef ALIGNX_STAGES_MAP_LLM_LOCAL_H
#define ALIGNX_STAGES_MAP_LLM_LOCAL_H

#include "stages/map/llm_annotate.h"

struct llm_local_options {
	size_t threads;
	size_t text_tokens; /* of each text, from its beginning, that are read */
	size_t context;     /* tokens in the KV cache */
};

/* A GGUF file or a Hugging Face folder.  NULL with a fault. */
struct llm_backend *llm_local_open(const char *file, const struct llm_local_options *o,
    struct arena *a, struct fault *f);

#endif
