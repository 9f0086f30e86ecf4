/* map_endpoint.h - an annotator behind an OpenAI-compatible web service.
 *
 * For each text one request to URL/chat/completions, which asks for a JSON object
 * with a whole number from -2 (clearly pole 0) to 2 (clearly pole 1) for every
 * dimension that the text shows.  Dimensions that are left out, and zeros, are
 * neutral.  The value is half of the number, with full confidence. */

#ifndef ALIGNX_STAGES_MAP_ENDPOINT_H
#define ALIGNX_STAGES_MAP_ENDPOINT_H

#include "stages/map_annotate.h"
#include "stages/map_http.h"

struct endpoint_options {
	struct http_options http;	/* url may lack /chat/completions */
	const char *model;		/* that is asked for */
	const char *cache;		/* file of answers; NULL: none */
	long failures;			/* texts without an answer in a row that end it */
};

bool map_endpoint_is(const char *name);		/* http:// or https:// */

/* NULL with a fault. */
struct annotator *map_endpoint_open(const struct endpoint_options *o,
    struct arena *a, struct fault *f);

#endif
