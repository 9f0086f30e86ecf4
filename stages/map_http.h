/* map_http.h - JSON posted to a web service, again and again if need be.
 *
 * Tries again, with twice the pause each time or what Retry-After asks for, where
 * that may help: no connection, no answer in time, 408, 429 and 5xx.  One at a
 * time; requests begin no faster than the rate that is given. */

#ifndef ALIGNX_STAGES_MAP_HTTP_H
#define ALIGNX_STAGES_MAP_HTTP_H

#include "lib/buf.h"
#include "lib/fault.h"

enum { HTTP_ANSWER_MAX = 8 << 20, HTTP_WAIT_MAX = 600 };

struct http_options {
	const char *url;
	const char *key;	/* bearer token; NULL: none */
	double timeout;		/* seconds for an answer */
	double backoff;		/* seconds before the second try */
	long retries;		/* tries behind the first */
	double rate;		/* requests a minute; 0: any */
};

struct http;

struct http *http_open(const struct http_options *o, struct fault *f);
void http_free(struct http *h);		/* NULL is allowed */

/* Whether an answer is what was asked for: 0, or -1 with what is wrong, and it is
 * asked again. */
typedef int http_check_fn(void *with, const char *answer, size_t len,
    struct fault *f);

/* Posts a body and waits for an answer that passes.  -1: no try came to one, and
 * the fault says what the last came to; -2: the service will not have us. */
int http_post(struct http *h, const char *body, size_t len, http_check_fn *check,
    void *with, struct fault *f);

#endif
