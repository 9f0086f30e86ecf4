/* llm_openai.h - asks a language model behind an OpenAI-compatible web service.
 *
 * Requests go to URL/chat/completions, in one of two modes (ask_mode.h), several at a time.
 * The name of the annotator is the name of the model in the answers, since the requested
 * name is often an alias.  If answers about one text have two names, they are joined by "+". */

#ifndef ALIGNX_STAGES_MAP_LLM_OPENAI_H
#define ALIGNX_STAGES_MAP_LLM_OPENAI_H

#include "stages/map/http_client.h"
#include "stages/map/ask_mode.h"

struct llm_openai_options {
	struct http_client_options http; /* url may lack /chat/completions */
	const struct ask_mode *mode;
	const char *model; /* name in the requests */
	const char *cache; /* file of answers; NULL: none */
	long max_failures; /* stop after so many texts in a row without an answer */
};

bool llm_openai_is_url(const char *name); /* http:// or https:// */

/* NULL with a fault. */
struct llm_backend *llm_openai_open(const struct llm_openai_options *o, struct arena *a,
    struct fault *f);

#endif
