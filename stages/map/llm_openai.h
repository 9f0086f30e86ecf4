/* map_endpoint.h - an annotator behind an OpenAI-compatible web service.
 *
 * Requests go to URL/chat/completions, in one of two ways (map_way.h), some at a
 * time.  The annotator's name is the one that the service gives to the model in its
 * answers (what was asked for is often an alias), or, if these are two, both with a
 * plus sign. */

#ifndef ALIGNX_STAGES_MAP_LLM_OPENAI_H
#define ALIGNX_STAGES_MAP_LLM_OPENAI_H

#include "stages/map/http_client.h"
#include "stages/map/ask_mode.h"

struct llm_openai_options {
	struct http_client_options http;	/* url may lack /chat/completions */
	const struct ask_mode *way;
	const char *model;		/* that is asked for */
	const char *cache;		/* file of answers; NULL: none */
	long failures;			/* texts without an answer in a row that end it */
};

bool llm_openai_is_url(const char *name);		/* http:// or https:// */

/* NULL with a fault. */
struct annotator *llm_openai_open(const struct llm_openai_options *o,
    struct arena *a, struct fault *f);

#endif
