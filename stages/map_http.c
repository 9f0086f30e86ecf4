#include "config.h"

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/arena.h"
#include "lib/utf8.h"
#include "stages/map_http.h"

enum { SHOWN = 160 };			/* bytes of an answer that a message shows */

struct http {
	struct http_options o;
	CURL *curl;
	struct curl_slist *headers;
	struct buf answer;
	char said[CURL_ERROR_SIZE];
	double next;			/* when the next request may begin */
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void
pause_for(double seconds)
{
	struct timespec t;

	if (seconds <= 0)
		return;
	t.tv_sec = (time_t)seconds;
	t.tv_nsec = (long)(1e9 * (seconds - (double)t.tv_sec));
	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

/* More than is wanted ends the transfer. */
static size_t
take(char *data, size_t size, size_t n, void *with)
{
	struct http *h = with;

	if (h->answer.len + size * n > HTTP_ANSWER_MAX)
		return 0;
	buf_add(&h->answer, data, size * n);
	return size * n;
}

static bool
add_header(struct http *h, const char *name, const char *value)
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
set_headers(struct http *h, struct fault *f)
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

struct http *
http_open(const struct http_options *o, struct fault *f)
{
	struct http *h = calloc(1, sizeof(*h));

	if (h == NULL)
		arena_exhausted();
	h->o = *o;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0
	    || (h->curl = curl_easy_init()) == NULL) {
		fault_stop(f, "libcurl does not begin");
		http_free(h);
		return NULL;
	}
	if (set_headers(h, f) < 0) {
		http_free(h);
		return NULL;
	}
	curl_easy_setopt(h->curl, CURLOPT_URL, o->url);
	curl_easy_setopt(h->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, h->headers);
	curl_easy_setopt(h->curl, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	curl_easy_setopt(h->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h->curl, CURLOPT_TIMEOUT_MS, (long)ceil(1000 * o->timeout));
	curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, h);
	curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, h->said);
	curl_easy_setopt(h->curl, CURLOPT_ACCEPT_ENCODING, "");
	return h;
}

void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	curl_slist_free_all(h->headers);
	curl_easy_cleanup(h->curl);
	curl_global_cleanup();
	buf_release(&h->answer);
	free(h);
}

static CURLcode
send_once(struct http *h, const char *body, size_t len)
{
	double wait = h->next - now();

	pause_for(wait);
	if (h->o.rate > 0)
		h->next = now() + 60 / h->o.rate;
	buf_clear(&h->answer);
	h->said[0] = '\0';
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
	return curl_easy_perform(h->curl);
}

/* The beginning of an answer, fit for a message. */
static const char *
shown(const struct http *h, char out[SHOWN + 1])
{
	size_t n = h->answer.len < SHOWN ? h->answer.len : SHOWN;

	for (size_t i = 0; i < n; i++)
		out[i] = h->answer.data[i] >= 0 && h->answer.data[i] < ' ' ? ' '
		    : h->answer.data[i];
	out[n] = '\0';
	utf8_mend(out);
	return out;
}

/* What an answer comes to: 0 it is one, -1 try again, -2 never. */
static int
judge(struct http *h, CURLcode code, http_check_fn *check, void *with,
    struct fault *f)
{
	char text[SHOWN + 1];
	long status = 0;

	if (code == CURLE_OPERATION_TIMEDOUT)
		return fault_set(f, "endpoint", "%s: no answer within %g s", h->o.url,
		    h->o.timeout);
	if (code == CURLE_WRITE_ERROR)
		return fault_set(f, "endpoint", "%s: the answer has more than %d bytes",
		    h->o.url, HTTP_ANSWER_MAX);
	if (code != CURLE_OK)
		return fault_set(f, "endpoint", "%s: %s", h->o.url,
		    h->said[0] != '\0' ? h->said : curl_easy_strerror(code));
	curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status == 200)
		return check(with, h->answer.data, h->answer.len, f);
	if (status == 408 || status == 429 || status >= 500)
		return fault_set(f, "endpoint", "%s: the endpoint answers %ld: %s",
		    h->o.url, status, shown(h, text));
	return fault_stop(f, "%s: the endpoint answers %ld: %s", h->o.url, status,
	    shown(h, text));
}

/* The pause before the next try; below 0 if it is too long to wait. */
static double
pause_of(const struct http *h, long tried)
{
	double wait = h->o.backoff * pow(2, (double)tried);
	curl_off_t asked = 0;

	curl_easy_getinfo(h->curl, CURLINFO_RETRY_AFTER, &asked);
	if (asked > HTTP_WAIT_MAX)
		return -1;
	if ((double)asked > wait)
		return (double)asked;
	return wait < HTTP_WAIT_MAX ? wait : HTTP_WAIT_MAX;
}

/* Says how often it was tried, behind what went wrong. */
static int
give_up(struct fault *f, long tries)
{
	struct fault last = *f;

	fault_clear(f);
	return fault_set(f, last.code, "%.400s; gave up after %ld tr%s", last.text, tries,
	    tries == 1 ? "y" : "ies");
}

int
http_post(struct http *h, const char *body, size_t len, http_check_fn *check,
    void *with, struct fault *f)
{
	for (long tried = 0;; tried++) {
		int rc = judge(h, send_once(h, body, len), check, with, f);
		double wait;

		if (rc != -1)
			return rc;
		wait = pause_of(h, tried);
		if (tried >= h->o.retries || wait < 0)
			return give_up(f, tried + 1);
		fault_clear(f);
		pause_for(wait);
	}
}
