/* map_http.h - JSON posted to a web service, again and again if need be.
 *
 * Some requests are under way at a time.  One is tried again, with twice the pause
 * each time or what Retry-After asks for, where that may help: no connection, no
 * answer in time, 408, 429 and 5xx.  Requests begin no faster than the rate that is
 * given, and none begins while a Retry-After lasts. */

#ifndef ALIGNX_STAGES_MAP_HTTP_CLIENT_H
#define ALIGNX_STAGES_MAP_HTTP_CLIENT_H

#include <stdbool.h>

#include "lib/core/buf.h"
#include "lib/core/fault.h"

enum { HTTP_ANSWER_MAX = 8 << 20, HTTP_WAIT_MAX = 600, HTTP_PARALLEL_MAX = 256 };

struct http_client_options {
	const char *url;
	const char *key;	/* bearer token; NULL: none */
	double timeout;		/* seconds for an answer */
	double backoff;		/* seconds before the second try */
	long retries;		/* tries behind the first */
	double rate;		/* requests a minute; 0: any */
	long parallel;		/* requests at a time, at most */
};

struct http_client;

struct http_client *http_client_open(const struct http_client_options *o, struct fault *f);
void http_client_free(struct http_client *h);		/* NULL is allowed */

/* What is asked, and who hears the answers; all are called by http_client_run() itself,
 * one at a time. */
struct http_callbacks {
	void *with;
	/* The next body, with a number by which it is known; false: there is none. */
	bool (*next)(void *with, struct buf *body, size_t *number);
	/* An answer to a body.  0: it is one; -1 with what is wrong, and it is asked
	 * again; -2 ends all. */
	int (*check)(void *with, size_t number, const struct buf *body,
	    const struct buf *answer, struct fault *f);
	/* No try came to an answer, and the fault says what the last came to.  -1: the
	 * others go on; -2 ends all. */
	int (*lost)(void *with, size_t number, struct fault *f);
};

/* Posts all bodies and waits until each has an answer or is lost.  -2: something
 * said so, or the service will not have us. */
int http_client_run(struct http_client *h, const struct http_callbacks *w, struct fault *f);

#endif
