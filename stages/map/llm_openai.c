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

/* A subject while it is asked about. */
struct asked {
	struct llm_task *task;
	union ask_reply reply[ORDERS];
	char least[NAME_MAX_BYTES], most[NAME_MAX_BYTES];	/* names of the model, by order */
	size_t left;			/* answers that are not there yet */
};

/* A request by its spot among those of a run. */
struct spot {
	struct asked *asked;
	size_t order, request;
};

/* What is said of no text, or of no pair. */
struct lean {
	struct asked asked;
	struct llm_task task;
	bool is_known;
};

struct llm_openai {
	struct annotator annotator;
	struct llm_openai_options o;
	struct http_client *http;
	struct answer_cache *cache;
	struct json *json, *inner;	/* of an answer, and of what is kept of it */
	struct buf text, answer, kept;
	struct asked *batch;
	struct lean lean[2];		/* [1]: of pairs */
	struct asked *asked;		/* of the run in hand, and the request to come */
	size_t len, next;
	long failures;			/* texts in a row */
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
	return fault_set(f, "bad-answer", "the answer is of no use: %s", what);
}

static void
put_message(struct llm_openai *e, const char *role, struct buf *b)
{
	buf_printf(b, "{\"role\":\"%s\",\"content\":", role);
	json_put_text(b, e->text.data, e->text.len);
	buf_add_byte(b, '}');
}

static void
put_body(struct llm_openai *e, const struct spot *p, struct buf *b)
{
	const struct llm_subject *s = &p->asked->task->subject;
	const struct llm_subject turned = llm_subject_swapped(s);

	buf_add_str(b, "{\"model\":");
	json_put_text(b, e->o.model, strlen(e->o.model));
	buf_printf(b, ",\"temperature\":0,%s,\"messages\":[", e->o.way->settings);
	buf_clear(&e->text);
	e->o.way->put_system(&e->text, s->is_pair);
	put_message(e, "system", b);
	buf_add_byte(b, ',');
	buf_clear(&e->text);
	e->o.way->put_user(&e->text, p->order == 0 ? s : &turned, p->request);
	put_message(e, "user", b);
	buf_add_str(b, "]}");
}

static struct spot
spot_of(const struct llm_openai *e, size_t number)
{
	size_t requests = e->o.way->requests;

	return (struct spot){ &e->asked[number / (ORDERS * requests)],
		number / requests % ORDERS, number % requests };
}

static int
parse(struct json *json, struct buf *b, struct json_node *root, struct fault *f)
{
	memset(buf_reserve(b, JSON_PADDING), 0, JSON_PADDING);
	return json_parse(json, b->data, b->len, root, f);
}

static void
see_name(struct asked *x, const struct json_node *name)
{
	char s[NAME_MAX_BYTES];

	snprintf(s, sizeof(s), "%.*s", (int)(name->text.len < sizeof(s) ? name->text.len
	    : sizeof(s)), name->text.ptr);
	utf8_mend(s);
	if (x->least[0] == '\0' || strcmp(s, x->least) < 0)
		memcpy(x->least, s, sizeof(s));
	if (strcmp(s, x->most) > 0)
		memcpy(x->most, s, sizeof(s));
}

/* Reads what was kept of an answer, and counts it. */
static int
read_kept(struct llm_openai *e, const struct spot *p, struct buf *kept,
    struct fault *f)
{
	static const char *const names[] = { "model", "said" };
	struct json_node root, part[2];
	struct asked *x = p->asked;

	if (parse(e->inner, kept, &root, f) < 0 || json_pick(&root, names, 2, part, f) < 0
	    || part[0].kind != JSON_TEXT)
		return ask_bad_answer(f, "what the model said is no JSON, or was cut");
	if (e->o.way->read(&part[1], p->request, &x->reply[p->order], f) < 0)
		return -1;
	see_name(x, &part[0]);
	if (--x->left == 0)
		e->failures = 0;
	return 0;
}

/* The next request of a subject that is not lost, whose answer is not in the cache. */
static bool
next(void *with, struct buf *body, size_t *number)
{
	struct llm_openai *e = with;
	struct fault ignored = FAULT_NONE;

	while (e->next < e->len * ORDERS * e->o.way->requests) {
		struct spot p = spot_of(e, *number = e->next++);

		if (p.asked->task->rc < 0
		    || (p.order > 0 && !p.asked->task->subject.is_pair))
			continue;
		buf_clear(body);
		put_body(e, &p, body);
		if (e->cache == NULL || !answer_cache_get(e->cache,
		    answer_key_of(body->data, body->len), &e->answer)
		    || read_kept(e, &p, &e->answer, &ignored) < 0)
			return true;
	}
	return false;
}

static int
check(void *with, size_t number, const struct buf *body, const struct buf *answer,
    struct fault *f)
{
	struct llm_openai *e = with;
	struct spot p = spot_of(e, number);
	struct json_node root, name;
	int rc;

	buf_clear(&e->answer);
	buf_add(&e->answer, answer->data, answer->len);
	if (parse(e->json, &e->answer, &root, f) < 0)
		return ask_bad_answer(f, "it is no JSON, or was cut");
	name = json_at(&root, "/model");
	buf_clear(&e->kept);
	buf_add_str(&e->kept, "{\"model\":");
	if (name.kind == JSON_TEXT && name.text.len > 0)
		json_put_text(&e->kept, name.text.ptr, name.text.len);
	else
		json_put_text(&e->kept, e->o.model, strlen(e->o.model));
	buf_add_str(&e->kept, ",\"said\":");
	rc = e->o.way->take(&root, p.asked->task->subject.is_pair, &e->kept, f);
	buf_add_byte(&e->kept, '}');
	if (rc < 0 || (rc = read_kept(e, &p, &e->kept, f)) < 0 || e->cache == NULL)
		return rc;
	return answer_cache_put(e->cache, answer_key_of(body->data, body->len), e->kept.data,
	    e->kept.len, f);
}

/* A text that nobody answers is refused, and counted: a service that is away must not
 * cost a whole input. */
static int
refuse(struct llm_openai *e, struct llm_task *task, const struct fault *why,
    struct fault *f)
{
	task->rc = -1;
	task->fault = *why;
	if (++e->failures < e->o.failures)
		return -1;
	fault_clear(f);
	return fault_stop(f, "%.380s; that makes %ld texts in a row", task->fault.text,
	    e->failures);
}

static int
lost(void *with, size_t number, struct fault *f)
{
	struct llm_openai *e = with;
	struct llm_task *task = spot_of(e, number).asked->task;

	if (task->rc < 0)
		return -1;
	if (e->asked == e->batch)
		return refuse(e, task, f, f);
	task->rc = -1;		/* of no text: for those with one to hear */
	task->fault = *f;
	return -1;
}

static int
run(struct llm_openai *e, struct asked *asked, size_t n, struct fault *f)
{
	const struct http_callbacks work = { e, next, check, lost };

	e->asked = asked;
	e->len = n;
	e->next = 0;
	return http_client_run(e->http, &work, f);
}

static void
prepare(const struct llm_openai *e, struct asked *x, struct llm_task *task)
{
	x->task = task;
	x->least[0] = x->most[0] = '\0';
	x->left = e->o.way->requests * (task->subject.is_pair ? ORDERS : 1);
}

/* Finds out what is said where there is nothing to read, once. */
static int
find_lean(struct llm_openai *e, bool is_pair, struct fault *f)
{
	struct lean *l = &e->lean[is_pair];

	if (l->is_known || !e->o.way->has_lean)
		return 0;
	l->task = (struct llm_task){ .subject = { .post = { "", 0 },
		.first = { "", 0 }, .second = { "", 0 }, .is_pair = is_pair },
		.fault = FAULT_NONE };
	prepare(e, &l->asked, &l->task);
	if (run(e, &l->asked, 1, f) < 0)
		return -2;
	l->is_known = l->task.rc == 0;
	return 0;
}

static void
finish(const struct llm_openai *e, struct asked *x)
{
	const struct lean *l = &e->lean[x->task->subject.is_pair];

	for (int order = 0; order < (x->task->subject.is_pair ? 2 : 1); order++)
		e->o.way->set(&x->reply[order], &l->asked.reply[order], x->task->mark[order]);
	if (strcmp(x->least, x->most) == 0)
		x->most[0] = '\0';
	snprintf(x->task->id, sizeof(x->task->id), "%s%s%s/%s", x->least,
	    x->most[0] != '\0' ? "+" : "", x->most, e->o.way->name);
}

static int
ask(struct annotator *a, struct llm_task *const task[], size_t n,
    struct fault *f)
{
	struct llm_openai *e = (struct llm_openai *)(void *)a;

	for (size_t i = 0; i < n; i++) {
		const struct lean *l = &e->lean[task[i]->subject.is_pair];

		prepare(e, &e->batch[i], task[i]);
		if (find_lean(e, task[i]->subject.is_pair, f) < 0
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
release(struct annotator *a)
{
	struct llm_openai *e = (struct llm_openai *)(void *)a;

	http_client_free(e->http);
	answer_cache_free(e->cache);
	json_free(e->json);
	json_free(e->inner);
	buf_release(&e->text);
	buf_release(&e->kept);
	buf_release(&e->answer);
	free(e->batch);
	free(e);
}

/* The address that is posted to. */
static const char *
complete(const char *url, struct arena *a)
{
	size_t len = strlen(url), end = sizeof(path) - 1;
	char *s = arena_get(a, len + sizeof(path));

	memcpy(s, url, len);
	while (len > 0 && s[len - 1] == '/')
		len--;
	if (len < end || memcmp(s + len - end, path, end) != 0)
		memcpy(s + len, path, end);
	else
		s[len] = '\0';
	return s;
}

/* So many subjects that the last requests of a batch, which fewer and fewer stand
 * beside, are few of all. */
static size_t
batch_of(const struct llm_openai_options *o)
{
	size_t all = BATCH_ROUNDS * (size_t)o->http.parallel;

	return (all + o->way->requests - 1) / o->way->requests;
}

struct annotator *
llm_openai_open(const struct llm_openai_options *o, struct arena *a,
    struct fault *f)
{
	struct llm_openai *e = arena_array(1, sizeof(*e));

	e->annotator = (struct annotator){ batch_of(o), ask, release };
	e->o = *o;
	e->o.http.url = complete(o->http.url, a);
	e->json = json_new();
	e->inner = json_new();
	e->batch = arena_array(e->annotator.batch, sizeof(*e->batch));
	if ((e->http = http_client_open(&e->o.http, f)) != NULL
	    && (o->cache == NULL || (e->cache = answer_cache_open(o->cache, f)) != NULL))
		return &e->annotator;
	release(&e->annotator);
	return NULL;
}
