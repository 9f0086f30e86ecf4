#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json/json.h"
#include "lib/json/json_write.h"
#include "lib/core/utf8.h"
#include "stages/map/answer_cache.h"
#include "stages/map/llm_openai.h"

enum { ORDERS = 2, NAME_MAX_BYTES = LLM_NAME_MAX / 2, BATCH_ROUNDS = 4 };
static const char path[] = "/chat/completions";

/* A subject whose requests are being sent. */
struct llm_query {
	struct llm_task *task;
	union ask_reply reply[ORDERS];
	char first_name[NAME_MAX_BYTES]; /* of the model in the answers, by order */
	char last_name[NAME_MAX_BYTES];
	size_t pending; /* answers still to come */
};

/* One of the requests of a run. */
struct llm_request {
	struct llm_query *query;
	size_t order, request;
};

/* The answers about an empty text or pair. */
struct llm_prior {
	struct llm_query query;
	struct llm_task task;
	bool is_known;
};

struct llm_openai {
	struct llm_backend backend;
	struct llm_openai_options o;
	struct http_client *http;
	struct answer_cache *cache;
	struct json *json, *kept_json; /* of an answer, and of the part that is kept */
	struct buf text, answer, kept;
	struct llm_query *batch;
	struct llm_prior prior[2]; /* [1]: of pairs */
	struct llm_query *query;   /* of the current run: len of them */
	size_t len, next;          /* next: number of the next request */
	long failures;             /* texts in a row */
};

bool
llm_openai_is_url(const char *name)
{
	return strncmp(name, "http://", 7) == 0 || strncmp(name, "https://", 8) == 0;
}

int
ask_bad_answer(struct fault *f, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	fault_clear(f);
	return fault_set(f, "bad-answer", "unusable answer: %s", what);
}

static void
put_message(struct llm_openai *e, const char *role, struct buf *b)
{
	buf_printf(b, "{\"role\":\"%s\",\"content\":", role);
	json_write_text(b, e->text.data, e->text.len);
	buf_add_byte(b, '}');
}

static void
put_body(struct llm_openai *e, const struct llm_request *p, struct buf *b)
{
	const struct llm_subject *s = &p->query->task->subject;
	const struct llm_subject swapped = llm_subject_swapped(s);

	buf_add_str(b, "{\"model\":");
	json_write_text(b, e->o.model, strlen(e->o.model));
	buf_printf(b, ",\"temperature\":0,%s,\"messages\":[", e->o.mode->settings);
	buf_clear(&e->text);
	e->o.mode->put_system(&e->text, s->is_pair);
	put_message(e, "system", b);
	buf_add_byte(b, ',');
	buf_clear(&e->text);
	e->o.mode->put_user(&e->text, p->order == 0 ? s : &swapped, p->request);
	put_message(e, "user", b);
	buf_add_str(b, "]}");
}

static struct llm_request
request_of(const struct llm_openai *e, size_t number)
{
	size_t requests = e->o.mode->requests;

	return (struct llm_request){ &e->query[number / (ORDERS * requests)],
		number / requests % ORDERS, number % requests };
}

static int
parse(struct json *json, struct buf *b, struct json_node *root, struct fault *f)
{
	memset(buf_reserve(b, JSON_PADDING), 0, JSON_PADDING);
	return json_parse(json, b->data, b->len, root, f);
}

static void
add_name(struct llm_query *x, const struct json_node *name)
{
	char s[NAME_MAX_BYTES];

	snprintf(s, sizeof(s), "%.*s",
	    (int)(name->text.len < sizeof(s) ? name->text.len : sizeof(s)), name->text.ptr);
	utf8_replace_invalid(s);
	if (x->first_name[0] == '\0' || strcmp(s, x->first_name) < 0)
		memcpy(x->first_name, s, sizeof(s));
	if (strcmp(s, x->last_name) > 0)
		memcpy(x->last_name, s, sizeof(s));
}

/* Reads the part of an answer that is kept, and counts it. */
static int
read_kept(struct llm_openai *e, const struct llm_request *p, struct buf *kept, struct fault *f)
{
	static const char *const names[] = { "model", "said" };
	struct json_node root, part[2];
	struct llm_query *x = p->query;

	if (parse(e->kept_json, kept, &root, f) < 0 || json_pick(&root, names, 2, part, f) < 0
	    || part[0].kind != JSON_TEXT)
		return ask_bad_answer(f, "what the model said is not JSON, or is cut short");
	if (e->o.mode->read(&part[1], p->request, &x->reply[p->order], f) < 0)
		return -1;
	add_name(x, &part[0]);
	if (--x->pending == 0)
		e->failures = 0;
	return 0;
}

/* The next request whose answer is not in the cache, for a subject that has not failed. */
static bool
next(void *with, struct buf *body, size_t *number)
{
	struct llm_openai *e = with;
	struct fault ignored = FAULT_NONE;

	while (e->next < e->len * ORDERS * e->o.mode->requests) {
		struct llm_request p = request_of(e, *number = e->next++);

		if (p.query->task->rc < 0 || (p.order > 0 && !p.query->task->subject.is_pair))
			continue;
		buf_clear(body);
		put_body(e, &p, body);
		if (e->cache == NULL
		    || !answer_cache_look_up(e->cache, answer_key_of(body->data, body->len),
			&e->answer)
		    || read_kept(e, &p, &e->answer, &ignored) < 0)
			return true;
	}
	return false;
}

static int
check(void *with, size_t number, const struct buf *body, const struct buf *answer, struct fault *f)
{
	struct llm_openai *e = with;
	struct llm_request p = request_of(e, number);
	struct json_node root, name;
	int rc;

	buf_clear(&e->answer);
	buf_add(&e->answer, answer->data, answer->len);
	if (parse(e->json, &e->answer, &root, f) < 0)
		return ask_bad_answer(f, "it is not JSON, or is cut short");
	name = json_at(&root, "/model");
	buf_clear(&e->kept);
	buf_add_str(&e->kept, "{\"model\":");
	if (name.kind == JSON_TEXT && name.text.len > 0)
		json_write_text(&e->kept, name.text.ptr, name.text.len);
	else
		json_write_text(&e->kept, e->o.model, strlen(e->o.model));
	buf_add_str(&e->kept, ",\"said\":");
	rc = e->o.mode->take(&root, p.query->task->subject.is_pair, &e->kept, f);
	buf_add_byte(&e->kept, '}');
	if (rc < 0 || (rc = read_kept(e, &p, &e->kept, f)) < 0 || e->cache == NULL)
		return rc;
	return answer_cache_put(e->cache, answer_key_of(body->data, body->len), e->kept.data,
	    e->kept.len, f);
}

/* Refuses a text without an answer.  Too many in a row end the program: when a service is down,
 * the rest of the input must not be refused. */
static int
refuse(struct llm_openai *e, struct llm_task *task, const struct fault *why, struct fault *f)
{
	task->rc = -1;
	task->fault = *why;
	if (++e->failures < e->o.max_failures)
		return -1;
	fault_clear(f);
	return fault_stop(f, "%.380s; %ld text%s in a row without an answer", task->fault.text,
	    e->failures, e->failures == 1 ? "" : "s");
}

static int
failed(void *with, size_t number, struct fault *f)
{
	struct llm_openai *e = with;
	struct llm_task *task = request_of(e, number).query->task;

	if (task->rc < 0)
		return -1;
	if (e->query == e->batch)
		return refuse(e, task, f, f);
	task->rc = -1; /* the empty text: reported for the texts that need it */
	task->fault = *f;
	return -1;
}

static int
run(struct llm_openai *e, struct llm_query *query, size_t n, struct fault *f)
{
	const struct http_callbacks work = { e, next, check, failed };

	e->query = query;
	e->len = n;
	e->next = 0;
	return http_client_run(e->http, &work, f);
}

static void
prepare(const struct llm_openai *e, struct llm_query *x, struct llm_task *task)
{
	x->task = task;
	x->first_name[0] = x->last_name[0] = '\0';
	x->pending = e->o.mode->requests * (task->subject.is_pair ? ORDERS : 1);
}

/* Asks about an empty text, once. */
static int
find_prior(struct llm_openai *e, bool is_pair, struct fault *f)
{
	struct llm_prior *l = &e->prior[is_pair];

	if (l->is_known || !e->o.mode->needs_prior)
		return 0;
	l->task = (struct llm_task){ .subject = { .post = { "", 0 },
					 .first = { "", 0 },
					 .second = { "", 0 },
					 .is_pair = is_pair },
		.fault = FAULT_NONE };
	prepare(e, &l->query, &l->task);
	if (run(e, &l->query, 1, f) < 0)
		return -2;
	l->is_known = l->task.rc == 0;
	return 0;
}

static void
finish(const struct llm_openai *e, struct llm_query *x)
{
	const struct llm_prior *l = &e->prior[x->task->subject.is_pair];

	for (int order = 0; order < (x->task->subject.is_pair ? 2 : 1); order++)
		e->o.mode->judge(&x->reply[order], &l->query.reply[order],
		    x->task->judgement[order]);
	if (strcmp(x->first_name, x->last_name) == 0)
		x->last_name[0] = '\0';
	snprintf(x->task->id, sizeof(x->task->id), "%s%s%s/%s", x->first_name,
	    x->last_name[0] != '\0' ? "+" : "", x->last_name, e->o.mode->name);
}

static int
ask(struct llm_backend *b, struct llm_task *const task[], size_t n, struct fault *f)
{
	struct llm_openai *e = (struct llm_openai *)(void *)b;

	for (size_t i = 0; i < n; i++) {
		const struct llm_prior *l = &e->prior[task[i]->subject.is_pair];

		prepare(e, &e->batch[i], task[i]);
		if (find_prior(e, task[i]->subject.is_pair, f) < 0
		    || (l->task.rc < 0 && refuse(e, task[i], &l->task.fault, f) == -2))
			return -2;
	}
	if (run(e, e->batch, n, f) < 0)
		return -2;
	for (size_t i = 0; i < n; i++)
		if (task[i]->rc == 0)
			finish(e, &e->batch[i]);
	return 0;
}

static void
release(struct llm_backend *b)
{
	struct llm_openai *e = (struct llm_openai *)(void *)b;

	http_client_free(e->http);
	answer_cache_free(e->cache);
	json_free(e->json);
	json_free(e->kept_json);
	buf_release(&e->text);
	buf_release(&e->kept);
	buf_release(&e->answer);
	free(e->batch);
	free(e);
}

/* The URL of the requests. */
static const char *
complete_url(const char *url, struct arena *a)
{
	size_t len = strlen(url), end = sizeof(path) - 1;
	char *s = arena_alloc(a, len + sizeof(path));

	memcpy(s, url, len);
	while (len > 0 && s[len - 1] == '/')
		len--;
	if (len < end || memcmp(s + len - end, path, end) != 0)
		memcpy(s + len, path, end);
	else
		s[len] = '\0';
	return s;
}

/* Enough subjects that the end of a batch, with fewer requests at a time, is a small part of it. */
static size_t
batch_of(const struct llm_openai_options *o)
{
	size_t all = BATCH_ROUNDS * (size_t)o->http.parallel;

	return (all + o->mode->requests - 1) / o->mode->requests;
}

struct llm_backend *
llm_openai_open(const struct llm_openai_options *o, struct arena *a, struct fault *f)
{
	struct llm_openai *e = arena_calloc(1, sizeof(*e));

	e->backend = (struct llm_backend){ batch_of(o), ask, release };
	e->o = *o;
	e->o.http.url = complete_url(o->http.url, a);
	e->json = json_new();
	e->kept_json = json_new();
	e->batch = arena_calloc(e->backend.batch, sizeof(*e->batch));
	if ((e->http = http_client_open(&e->o.http, f)) != NULL
	    && (o->cache == NULL || (e->cache = answer_cache_open(o->cache, f)) != NULL))
		return &e->backend;
	release(&e->backend);
	return NULL;
}
