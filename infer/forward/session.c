#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "infer/forward/forward.h"
#include "lib/core/memory_limit.h"
#include "infer/forward/session.h"

enum { BATCH = 512 };

struct branch {
	int64_t parent;
	size_t first, len;		/* in the cache, and in session.id */
	int32_t position;
	bool is_scored;
	struct span *span;		/* what is before it, from the root on */
	size_t spans;
	float *last;			/* hidden state behind its last token */
	float *score;			/* NULL where it is not scored */
};

struct session {
	const struct model *model;
	struct forward_options options;
	struct pool *pool;
	struct forward *forward;
	struct branch *branch;
	size_t branches, branches_room;
	uint32_t *id;			/* of each token in the cache */
	size_t tokens, done;		/* fed, and taken through the model */
	size_t next;			/* the branch that `done` is in, or one before it */
	uint64_t taken;			/* through the model, ever */
};

static struct forward_options
settled(const struct model *m, const struct session_options *o)
{
	struct forward_options out = { .tokens = o->tokens, .batch = o->batch,
		.level = o->level, .precision = o->precision,
		.coefficient = o->coefficient };

	if (out.tokens == 0)
		out.tokens = m->context;
	if (out.batch == 0)
		out.batch = BATCH;
	if (out.batch > out.tokens)
		out.batch = out.tokens;
	return out;
}

size_t
session_bytes(const struct model *m, const struct session_options *o, size_t threads)
{
	struct forward_options settled_ones = settled(m, o);

	return forward_bytes(m, &settled_ones, threads)
	    + settled_ones.tokens * sizeof(uint32_t);
}

int
session_check(const struct model *m, const struct session_options *o, size_t threads,
    const char *name, const char *cure, struct fault *f)
{
	char what[64];

	snprintf(what, sizeof(what), "a session of %zu tokens", settled(m, o).tokens);
	return memory_check(name, directory_bytes(&m->file), session_bytes(m, o, threads),
	    what, cure, f);
}

struct session *
session_open(const struct model *m, const struct session_options *o,
    struct pool *pool)
{
	struct session *s = arena_array(1, sizeof(*s));

	s->model = m;
	s->options = settled(m, o);
	s->pool = pool;
	s->forward = forward_new(m, &s->options, pool);
	s->id = arena_array(s->options.tokens, sizeof(*s->id));
	return s;
}

void
session_rewind(struct session *s, size_t branches)
{
	for (size_t i = branches; i < s->branches; i++) {
		free(s->branch[i].span);
		free(s->branch[i].last);
		free(s->branch[i].score);
	}
	if (branches >= s->branches)
		return;
	s->tokens = s->branch[branches].first;
	s->branches = branches;
	s->done = s->done < s->tokens ? s->done : s->tokens;
	s->next = 0;
}

void
session_clear(struct session *s)
{
	session_rewind(s, 0);
}

void
session_free(struct session *s)
{
	if (s == NULL)
		return;
	session_clear(s);
	forward_free(s->forward);
	free(s->branch);
	free(s->id);
	free(s);
}

static int
check(const struct session *s, int64_t parent, const uint32_t *id, size_t n,
    int32_t position, struct fault *f)
{
	if (parent >= (int64_t)s->branches || parent < -1)
		return fault_set(f, "no-branch", "there is no branch %" PRId64, parent);
	if (n > s->options.tokens - s->tokens)
		return fault_set(f, "too-long", "%zu tokens do not fit in the room for %zu "
		    "that is left", n, s->options.tokens - s->tokens);
	if (n > s->model->context - (size_t)position)
		return fault_set(f, "too-long", "%zu tokens are more than the model's "
		    "context of %zu", n + (size_t)position, s->model->context);
	for (size_t i = 0; i < n; i++)
		if (id[i] >= s->model->vocabulary)
			return fault_set(f, "bad-token", "token %zu is %" PRIu32
			    ", and the vocabulary has %zu", i, id[i],
			    s->model->vocabulary);
	return 0;
}

/* What a branch behind this one sees: what it sees itself, and it. */
static void
inherit(const struct session *s, int64_t parent, struct branch *b)
{
	const struct branch *p;

	if (parent < 0)
		return;
	p = &s->branch[parent];
	b->spans = p->spans + 1;
	b->span = arena_array(b->spans, sizeof(*b->span));
	if (p->spans > 0)
		memcpy(b->span, p->span, p->spans * sizeof(*b->span));
	b->span[p->spans] = (struct span){ p->first, p->len, p->position };
	b->position = p->position + (int32_t)p->len;
}

int64_t
session_feed(struct session *s, int64_t parent, const uint32_t *id, size_t n,
    bool is_scored, struct fault *f)
{
	struct branch b = { .first = s->tokens, .len = n, .is_scored = is_scored };
	int32_t position = parent >= 0 && parent < (int64_t)s->branches
	    ? s->branch[parent].position + (int32_t)s->branch[parent].len : 0;

	if (check(s, parent, id, n, position, f) < 0)
		return -1;
	while (parent >= 0 && s->branch[parent].len == 0)
		parent = s->branch[parent].parent;
	b.parent = parent;
	inherit(s, parent, &b);
	b.last = arena_array(s->model->width, sizeof(*b.last));
	if (is_scored)
		b.score = arena_array(n, sizeof(*b.score));
	s->branch = arena_grown(s->branch, s->branches, &s->branches_room, sizeof(b));
	memcpy(s->id + s->tokens, id, n * sizeof(*id));
	s->tokens += n;
	s->branch[s->branches] = b;
	return (int64_t)s->branches++;
}

/* Something is predicted, or may be later, from what stands behind a token. */
static bool
is_wanted(const struct branch *b, size_t at)
{
	return b->is_scored || at + 1 == b->len;
}

static void
set_view(const struct branch *b, size_t at, struct view *v)
{
	*v = (struct view){ .span = b->span, .spans = b->spans,
		.own = { b->first, at + 1, b->position },
		.position = b->position + (int32_t)at, .is_wanted = is_wanted(b, at) };
}

/* Takes the next rows that are in line: tokens are in the cache in the order
 * they were fed, so a batch is a run of it. */
static size_t
prepare(struct session *s, struct view *view)
{
	size_t rows = s->tokens - s->done < s->options.batch ? s->tokens - s->done
	    : s->options.batch;
	size_t branch = s->next;

	for (size_t r = 0; r < rows; r++) {
		size_t at = s->done + r;

		while (at >= s->branch[branch].first + s->branch[branch].len)
			branch++;
		set_view(&s->branch[branch], at - s->branch[branch].first, &view[r]);
	}
	return rows;
}

/* The hidden state from which a token is predicted: that of the token before it, `here`
 * in this batch or kept; NULL for the first of a text. */
static const float *
before(const struct session *s, const struct branch *b, size_t at, const float *here)
{
	if (at == 0)
		return b->parent >= 0 ? s->branch[b->parent].last : NULL;
	return b->first + at > s->done ? here : b->last;
}

static void
finish(struct session *s, size_t rows)
{
	const float *hidden = forward_hidden(s->forward), *here = NULL;
	struct logits *logits = forward_logits(s->forward);
	const size_t width = s->model->width;

	/* a parent in this batch must be kept before its children are looked at;
	 * a branch that began earlier still needs what it has kept, so its first
	 * row comes first */
	for (size_t r = 0; r < rows; r++) {
		size_t at = s->done + r;
		struct branch *b;
		const float *from;

		while (at >= s->branch[s->next].first + s->branch[s->next].len)
			s->next++;
		b = &s->branch[s->next];
		at -= b->first;
		from = before(s, b, at, here);
		if (b->is_scored && from != NULL)
			logits_ask(logits, from, &(struct question){
			    .target = s->id[b->first + at], .answer = &b->score[at] });
		if (!is_wanted(b, at))
			continue;
		here = hidden;
		hidden += width;
		if (at + 1 == b->len || r + 1 == rows)
			memcpy(b->last, here, width * sizeof(*here));
	}
	logits_answer(logits);
	s->done += rows;
}

bool
session_step(struct session *s)
{
	size_t rows = prepare(s, forward_views(s->forward));

	if (rows == 0)
		return false;
	forward_run(s->forward, s->id + s->done, s->done, rows);
	finish(s, rows);
	s->taken += rows;
	return s->done < s->tokens;
}

void
session_run(struct session *s)
{
	while (session_step(s))
		;
}

uint64_t
session_taken(const struct session *s)
{
	return s->taken;
}

const float *
session_scores(const struct session *s, int64_t branch, size_t *n)
{
	*n = s->branch[branch].len;
	return s->branch[branch].score;
}

uint32_t
session_likeliest(struct session *s, int64_t branch)
{
	struct logits *logits = forward_logits(s->forward);
	uint32_t id = 0;

	logits_ask(logits, s->branch[branch].last, &(struct question){
	    .target = UINT32_MAX, .likeliest = &id });
	logits_answer(logits);
	return id;
}
