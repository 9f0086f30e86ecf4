/* http_client.h - posts JSON to a web service, in parallel and with retries.
 *
 * A request is retried, after twice the last delay or after Retry-After, on connection errors,
 * timeouts and HTTP 408, 429 and 5xx.  Requests keep to a rate, and none is sent while a
 * Retry-After lasts. */

#ifndef ALIGNX_STAGES_MAP_HTTP_CLIENT_H
#define ALIGNX_STAGES_MAP_HTTP_CLIENT_H

#include <stdbool.h>

#include "lib/core/buf.h"
#include "lib/core/fault.h"

enum { HTTP_ANSWER_MAX = 8 << 20, HTTP_WAIT_MAX = 600, HTTP_PARALLEL_MAX = 256 };

struct http_client_options {
	const char *url;
	const char *key; /* bearer token; NULL: none */
	double timeout;  /* seconds to wait for an answer */
	double backoff;  /* seconds before the first retry */
	long retries;
	double rate;   /* requests a minute; 0: no limit */
	long parallel; /* requests at a time, at most */
};

struct http_client;

struct http_client *http_client_open(const struct http_client_options *o, struct fault *f);
void http_client_free(struct http_client *h); /* NULL is allowed */

/* Where requests come from and answers go; called by http_client_run(), one at a time. */
struct http_callbacks {
	void *with;
	/* Sets the next body and the number of the request; false: there are no more. */
	bool (*next)(void *with, struct buf *body, size_t *number);
	/* An answer to a body.  0: it is good; -1: it is not, and the request is retried; -2
	 * ends the run. */
	int (*check)(void *with, size_t number, const struct buf *body, const struct buf *answer,
	    struct fault *f);
	/* All tries have failed, the last one with this fault.  -1: the other requests go on;
	 * -2 ends the run. */
	int (*failed)(void *with, size_t number, struct fault *f);
};

/* Posts all bodies and waits until each request is answered or has failed.  -2: a callback
 * ended the run, or the service refused a request with a status that is not retried. */
int http_client_run(struct http_client *h, const struct http_callbacks *w, struct fault *f);

#endif
