#include "config.h"

#include <ctype.h>
#include <curl/curl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/core/arena.h"
#include "lib/core/utf8.h"
#include "stages/map/http_client.h"

enum { EXCERPT_MAX = 160 }; /* bytes of an answer in a message */

enum transfer_state { IDLE, WAITING, SENT };

/* A request, from its first try to its last; reused. */
struct http_transfer {
	struct http_client *client;
	enum transfer_state state;
	CURL *curl;
	struct buf body, answer;
	size_t number; /* from the callback */
	long failures;
	double next_try; /* not before this time */
	char error[CURL_ERROR_SIZE];
};

struct http_client {
	struct http_client_options o;
	CURLM *multi;
	struct curl_slist *headers;
	struct http_transfer *transfer; /* o.parallel of them */
	double next_request;            /* of any transfer: not before this time */
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Receives data; an answer that is too long ends the transfer. */
static size_t
receive(char *data, size_t size, size_t n, void *with)
{
	struct http_transfer *s = with;

	if (s->answer.len + size * n > HTTP_ANSWER_MAX)
		return 0;
	buf_add(&s->answer, data, size * n);
	return size * n;
}

static bool
add_header(struct http_client *h, const char *name, const char *value)
{
	struct buf b = { 0 };
	struct curl_slist *more;

	buf_printf(&b, "%s: %s", name, value);
	buf_add_byte(&b, '\0');
	more = curl_slist_append(h->headers, b.data);
	memset(b.data, 0, b.len);
	buf_release(&b);
	if (more != NULL)
		h->headers = more;
	return more != NULL;
}

static int
set_headers(struct http_client *h, struct fault *f)
{
	struct buf b = { 0 };
	bool is_set = add_header(h, "Content-Type", "application/json");

	for (const char *s = h->o.key; s != NULL && *s != '\0'; s++)
		if (!isgraph((unsigned char)*s))
			return fault_stop(f, "OPENAI_API_KEY must be printable, without spaces");
	if (is_set && h->o.key != NULL && *h->o.key != '\0') {
		buf_printf(&b, "Bearer %s", h->o.key);
		buf_add_byte(&b, '\0');
		is_set = add_header(h, "Authorization", b.data);
		memset(b.data, 0, b.len);
		buf_release(&b);
	}
	if (!is_set)
		arena_out_of_memory();
	return 0;
}

static int
open_transfer(struct http_client *h, struct http_transfer *s, struct fault *f)
{
	s->client = h;
	if ((s->curl = curl_easy_init()) == NULL)
		return fault_stop(f, "libcurl cannot be initialised");
	curl_easy_setopt(s->curl, CURLOPT_URL, h->o.url);
	curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, h->headers);
	curl_easy_setopt(s->curl, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS, (long)ceil(1000 * h->o.timeout));
	curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(s->curl, CURLOPT_PRIVATE, s);
	curl_easy_setopt(s->curl, CURLOPT_ERRORBUFFER, s->error);
	curl_easy_setopt(s->curl, CURLOPT_ACCEPT_ENCODING, "");
	return 0;
}

static int
open_all(struct http_client *h, struct fault *f)
{
	int rc;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || (h->multi = curl_multi_init()) == NULL)
		return fault_stop(f, "libcurl cannot be initialised");
	rc = set_headers(h, f);
	for (long i = 0; rc == 0 && i < h->o.parallel; i++)
		rc = open_transfer(h, &h->transfer[i], f);
	return rc;
}

struct http_client *
http_client_open(const struct http_client_options *o, struct fault *f)
{
	struct http_client *h = arena_calloc(1, sizeof(*h));

	h->o = *o;
	h->transfer = arena_calloc((size_t)o->parallel, sizeof(*h->transfer));
	if (open_all(h, f) == 0)
		return h;
	http_client_free(h);
	return NULL;
}

static void
stop(struct http_transfer *s)
{
	if (s->state == SENT)
		curl_multi_remove_handle(s->client->multi, s->curl);
	s->state = IDLE;
}

void
http_client_free(struct http_client *h)
{
	if (h == NULL)
		return;
	for (long i = 0; i < h->o.parallel; i++) {
		stop(&h->transfer[i]);
		curl_easy_cleanup(h->transfer[i].curl);
		buf_release(&h->transfer[i].body);
		buf_release(&h->transfer[i].answer);
	}
	curl_multi_cleanup(h->multi);
	curl_slist_free_all(h->headers);
	curl_global_cleanup();
	free(h->transfer);
	free(h);
}

/* The beginning of an answer, for a message. */
static const char *
excerpt(const struct http_transfer *s, char out[EXCERPT_MAX + 1])
{
	size_t n = s->answer.len < EXCERPT_MAX ? s->answer.len : EXCERPT_MAX;

	for (size_t i = 0; i < n; i++)
		out[i] = s->answer.data[i] >= 0 && s->answer.data[i] < ' ' ? ' '
									   : s->answer.data[i];
	out[n] = '\0';
	utf8_replace_invalid(out);
	return out;
}

/* 0: a good answer; -1: retry; -2: end the run. */
static int
check_response(struct http_transfer *s, CURLcode code, const struct http_callbacks *w,
    struct fault *f)
{
	const struct http_client_options *o = &s->client->o;
	char text[EXCERPT_MAX + 1];
	long status = 0;

	if (code == CURLE_OPERATION_TIMEDOUT)
		return fault_set(f, "endpoint", "%s: no answer within %g s", o->url, o->timeout);
	if (code == CURLE_WRITE_ERROR)
		return fault_set(f, "endpoint", "%s: the answer is longer than %d bytes", o->url,
		    HTTP_ANSWER_MAX);
	if (code != CURLE_OK)
		return fault_set(f, "endpoint", "%s: %s", o->url,
		    s->error[0] != '\0' ? s->error : curl_easy_strerror(code));
	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status == 200)
		return w->check(w->with, s->number, &s->body, &s->answer, f);
	if (status == 408 || status == 429 || status >= 500)
		return fault_set(f, "endpoint", "%s: HTTP status %ld: %s", o->url, status,
		    excerpt(s, text));
	return fault_stop(f, "%s: HTTP status %ld: %s", o->url, status, excerpt(s, text));
}

/* Seconds before the next try; negative if that is too long to wait. */
static double
retry_delay(struct http_transfer *s)
{
	double delay = s->client->o.backoff * pow(2, (double)s->failures);
	curl_off_t asked = 0;

	curl_easy_getinfo(s->curl, CURLINFO_RETRY_AFTER, &asked);
	if (asked > HTTP_WAIT_MAX)
		return -1;
	s->client->next_request = fmax(s->client->next_request, now() + (double)asked);
	return fmin(fmax(delay, (double)asked), HTTP_WAIT_MAX);
}

/* Appends the number of tries to the fault. */
static void
give_up(struct fault *f, long tries)
{
	struct fault last = *f;

	fault_clear(f);
	fault_set(f, last.code, "%.400s; gave up after %ld tr%s", last.text, tries,
	    tries == 1 ? "y" : "ies");
}

/* Handles the end of a try. */
static int
finish(struct http_transfer *s, CURLcode code, const struct http_callbacks *w, struct fault *f)
{
	int rc = check_response(s, code, w, f);
	double wait;

	stop(s);
	if (rc != -1)
		return rc;
	wait = retry_delay(s);
	if (s->failures++ >= s->client->o.retries || wait < 0) {
		give_up(f, s->failures);
		rc = w->failed(w->with, s->number, f);
	} else {
		s->next_try = now() + wait;
		s->state = WAITING;
	}
	if (rc == -1)
		fault_clear(f);
	return rc == -1 ? 0 : rc;
}

/* 1: some transfers have ended, so that others may begin; 0: none has. */
static int
finish_all(struct http_client *h, const struct http_callbacks *w, struct fault *f)
{
	CURLMsg *m;
	int left, ended = 0;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		char *transfer;

		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &transfer);
		if (finish((struct http_transfer *)(void *)transfer, m->data.result, w, f) < 0)
			return -2;
		ended = 1;
	}
	return ended;
}

/* Sends a request; if it is too early, returns the seconds to wait. */
static double
try_send(struct http_transfer *s)
{
	struct http_client *h = s->client;
	double t = now(), wait = fmax(s->next_try, h->next_request) - t;

	if (wait > 0)
		return wait;
	if (h->o.rate > 0)
		h->next_request = t + 60 / h->o.rate;
	buf_clear(&s->answer);
	s->error[0] = '\0';
	curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, s->body.data);
	curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)s->body.len);
	if (curl_multi_add_handle(h->multi, s->curl) != CURLM_OK)
		arena_out_of_memory();
	s->state = SENT;
	return 0;
}

/* Gives every transfer something to do.  Returns how many are busy, and sets the seconds until
 * another may begin. */
static size_t
begin_all(struct http_client *h, const struct http_callbacks *w, double *wait)
{
	size_t busy = 0;

	*wait = HTTP_WAIT_MAX;
	for (long i = 0; i < h->o.parallel; i++) {
		struct http_transfer *s = &h->transfer[i];
		double more;

		if (s->state == IDLE) {
			buf_clear(&s->body);
			if (!w->next(w->with, &s->body, &s->number))
				continue;
			s->state = WAITING;
			s->failures = 0;
			s->next_try = 0;
		}
		busy++;
		if (s->state == WAITING && (more = try_send(s)) > 0)
			*wait = fmin(*wait, more);
	}
	return busy;
}

int
http_client_run(struct http_client *h, const struct http_callbacks *w, struct fault *f)
{
	double wait;
	int rc = 0, running;

	while (rc >= 0 && begin_all(h, w, &wait) > 0) {
		if (curl_multi_perform(h->multi, &running) != CURLM_OK)
			arena_out_of_memory();
		if ((rc = finish_all(h, w, f)) == 0)
			curl_multi_poll(h->multi, NULL, 0, (int)ceil(1000 * wait), NULL);
	}
	for (long i = 0; i < h->o.parallel; i++)
		stop(&h->transfer[i]);
	return rc < 0 ? rc : 0;
}
