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

enum { SHOWN = 160 };			/* bytes of an answer that a message shows */

enum state { IDLE, WAITING, SENT };

/* A request from its first try to its last. */
struct slot {
	struct http_client *http;
	enum state state;
	CURL *curl;
	struct buf body, answer;
	size_t number;			/* by which its asker knows it */
	long tried;
	double begin;			/* when the next try may begin */
	char said[CURL_ERROR_SIZE];
};

struct http_client {
	struct http_client_options o;
	CURLM *multi;
	struct curl_slist *headers;
	struct slot *slot;		/* o.parallel of them */
	double next;			/* when any request may begin */
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* More than is wanted ends the transfer. */
static size_t
take(char *data, size_t size, size_t n, void *with)
{
	struct slot *s = with;

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
			return fault_stop(f, "OPENAI_API_KEY has a character that no key has");
	if (is_set && h->o.key != NULL && *h->o.key != '\0') {
		buf_printf(&b, "Bearer %s", h->o.key);
		buf_add_byte(&b, '\0');
		is_set = add_header(h, "Authorization", b.data);
		memset(b.data, 0, b.len);
		buf_release(&b);
	}
	if (!is_set)
		arena_exhausted();
	return 0;
}

static int
open_slot(struct http_client *h, struct slot *s, struct fault *f)
{
	s->http = h;
	if ((s->curl = curl_easy_init()) == NULL)
		return fault_stop(f, "libcurl does not begin");
	curl_easy_setopt(s->curl, CURLOPT_URL, h->o.url);
	curl_easy_setopt(s->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, h->headers);
	curl_easy_setopt(s->curl, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS, (long)ceil(1000 * h->o.timeout));
	curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(s->curl, CURLOPT_PRIVATE, s);
	curl_easy_setopt(s->curl, CURLOPT_ERRORBUFFER, s->said);
	curl_easy_setopt(s->curl, CURLOPT_ACCEPT_ENCODING, "");
	return 0;
}

static int
open_all(struct http_client *h, struct fault *f)
{
	int rc;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0
	    || (h->multi = curl_multi_init()) == NULL)
		return fault_stop(f, "libcurl does not begin");
	rc = set_headers(h, f);
	for (long i = 0; rc == 0 && i < h->o.parallel; i++)
		rc = open_slot(h, &h->slot[i], f);
	return rc;
}

struct http_client *
http_client_open(const struct http_client_options *o, struct fault *f)
{
	struct http_client *h = arena_array(1, sizeof(*h));

	h->o = *o;
	h->slot = arena_array((size_t)o->parallel, sizeof(*h->slot));
	if (open_all(h, f) == 0)
		return h;
	http_client_free(h);
	return NULL;
}

static void
rest(struct slot *s)
{
	if (s->state == SENT)
		curl_multi_remove_handle(s->http->multi, s->curl);
	s->state = IDLE;
}

void
http_client_free(struct http_client *h)
{
	if (h == NULL)
		return;
	for (long i = 0; i < h->o.parallel; i++) {
		rest(&h->slot[i]);
		curl_easy_cleanup(h->slot[i].curl);
		buf_release(&h->slot[i].body);
		buf_release(&h->slot[i].answer);
	}
	curl_multi_cleanup(h->multi);
	curl_slist_free_all(h->headers);
	curl_global_cleanup();
	free(h->slot);
	free(h);
}

/* The beginning of an answer, fit for a message. */
static const char *
shown(const struct slot *s, char out[SHOWN + 1])
{
	size_t n = s->answer.len < SHOWN ? s->answer.len : SHOWN;

	for (size_t i = 0; i < n; i++)
		out[i] = s->answer.data[i] >= 0 && s->answer.data[i] < ' ' ? ' '
		    : s->answer.data[i];
	out[n] = '\0';
	utf8_mend(out);
	return out;
}

/* What an answer comes to: 0 it is one, -1 try again, -2 never. */
static int
judge(struct slot *s, CURLcode code, const struct http_callbacks *w, struct fault *f)
{
	const struct http_client_options *o = &s->http->o;
	char text[SHOWN + 1];
	long status = 0;

	if (code == CURLE_OPERATION_TIMEDOUT)
		return fault_set(f, "endpoint", "%s: no answer within %g s", o->url,
		    o->timeout);
	if (code == CURLE_WRITE_ERROR)
		return fault_set(f, "endpoint", "%s: the answer has more than %d bytes",
		    o->url, HTTP_ANSWER_MAX);
	if (code != CURLE_OK)
		return fault_set(f, "endpoint", "%s: %s", o->url,
		    s->said[0] != '\0' ? s->said : curl_easy_strerror(code));
	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status == 200)
		return w->check(w->with, s->number, &s->body, &s->answer, f);
	if (status == 408 || status == 429 || status >= 500)
		return fault_set(f, "endpoint", "%s: the endpoint answers %ld: %s", o->url,
		    status, shown(s, text));
	return fault_stop(f, "%s: the endpoint answers %ld: %s", o->url, status,
	    shown(s, text));
}

/* The pause before the next try; below 0 if it is too long to wait. */
static double
pause_of(struct slot *s)
{
	double wait = s->http->o.backoff * pow(2, (double)s->tried);
	curl_off_t asked = 0;

	curl_easy_getinfo(s->curl, CURLINFO_RETRY_AFTER, &asked);
	if (asked > HTTP_WAIT_MAX)
		return -1;
	s->http->next = fmax(s->http->next, now() + (double)asked);
	return fmin(fmax(wait, (double)asked), HTTP_WAIT_MAX);
}

/* Says how often it was tried, behind what went wrong. */
static void
give_up(struct fault *f, long tries)
{
	struct fault last = *f;

	fault_clear(f);
	fault_set(f, last.code, "%.400s; gave up after %ld tr%s", last.text, tries,
	    tries == 1 ? "y" : "ies");
}

/* A try has ended. */
static int
land(struct slot *s, CURLcode code, const struct http_callbacks *w, struct fault *f)
{
	int rc = judge(s, code, w, f);
	double wait;

	rest(s);
	if (rc != -1)
		return rc;
	wait = pause_of(s);
	if (s->tried++ >= s->http->o.retries || wait < 0) {
		give_up(f, s->tried);
		rc = w->lost(w->with, s->number, f);
	} else {
		s->begin = now() + wait;
		s->state = WAITING;
	}
	if (rc == -1)
		fault_clear(f);
	return rc == -1 ? 0 : rc;
}

/* 1: some have landed, so that others may begin; 0: none has. */
static int
land_all(struct http_client *h, const struct http_callbacks *w, struct fault *f)
{
	CURLMsg *m;
	int left, landed = 0;

	while ((m = curl_multi_info_read(h->multi, &left)) != NULL) {
		char *slot;

		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &slot);
		if (land((struct slot *)(void *)slot, m->data.result, w, f) < 0)
			return -2;
		landed = 1;
	}
	return landed;
}

/* Begins the next try, unless it is too early; then, in how many seconds. */
static double
begin(struct slot *s)
{
	struct http_client *h = s->http;
	double t = now(), wait = fmax(s->begin, h->next) - t;

	if (wait > 0)
		return wait;
	if (h->o.rate > 0)
		h->next = t + 60 / h->o.rate;
	buf_clear(&s->answer);
	s->said[0] = '\0';
	curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, s->body.data);
	curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)s->body.len);
	if (curl_multi_add_handle(h->multi, s->curl) != CURLM_OK)
		arena_exhausted();
	s->state = SENT;
	return 0;
}

/* Gives every slot something to do.  How many have, and the seconds until another
 * may begin. */
static size_t
begin_all(struct http_client *h, const struct http_callbacks *w, double *wait)
{
	size_t busy = 0;

	*wait = HTTP_WAIT_MAX;
	for (long i = 0; i < h->o.parallel; i++) {
		struct slot *s = &h->slot[i];
		double more;

		if (s->state == IDLE) {
			buf_clear(&s->body);
			if (!w->next(w->with, &s->body, &s->number))
				continue;
			s->state = WAITING;
			s->tried = 0;
			s->begin = 0;
		}
		busy++;
		if (s->state == WAITING && (more = begin(s)) > 0)
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
			arena_exhausted();
		if ((rc = land_all(h, w, f)) == 0)
			curl_multi_poll(h->multi, NULL, 0, (int)ceil(1000 * wait), NULL);
	}
	for (long i = 0; i < h->o.parallel; i++)
		rest(&h->slot[i]);
	return rc < 0 ? rc : 0;
}
