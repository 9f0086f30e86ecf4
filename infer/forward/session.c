#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "infer/forward/forward.h"
#include "lib/core/memory_limit.h"
#include "infer/forward/session.h"

enum { BATCH = 512 };

struct session_sequence {
	int64_t parent;
	size_t first, len; /* in the cache, and in session.id */
	int32_t position;
	bool is_scored;
	struct kv_span *span; /* those before it, from the root on */
	size_t spans;
	float *last_hidden; /* of its last token */
	float *score;       /* NULL if not scored */
};

struct session {
	const struct model *model;
	struct forward_options options;
	struct thread_pool *pool;
	struct forward *forward;
	struct session_sequence *sequence;
	size_t sequences, sequences_cap;
	uint32_t *id;             /* of each token in the cache */
	size_t tokens, evaluated; /* appended, and evaluated */
	size_t next;              /* the sequence that `evaluated` is in, or one before it */
	uint64_t total_evaluated; /* since it was opened */
};

static struct forward_options
options_with_defaults(const struct model *m, const struct session_options *o)
{
	struct forward_options out = { .tokens = o->tokens,
		.batch = o->batch,
		.isa = o->isa,
		.precision = o->precision,
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
	struct forward_options full = options_with_defaults(m, o);

	return forward_bytes(m, &full, threads) + full.tokens * sizeof(uint32_t);
}

int
session_check(const struct model *m, const struct session_options *o, size_t threads,
    const char *name, const char *cure, struct fault *f)
{
	char what[64];

	snprintf(what, sizeof(what), "a session of %zu tokens", options_with_defaults(m, o).tokens);
	return memory_limit_check(name, model_file_bytes(&m->file), session_bytes(m, o, threads),
	    what, cure, f);
}

struct session *
session_open(const struct model *m, const struct session_options *o, struct thread_pool *pool)
{
	struct session *s = arena_calloc(1, sizeof(*s));

	s->model = m;
	s->options = options_with_defaults(m, o);
	s->pool = pool;
	s->forward = forward_new(m, &s->options, pool);
	s->id = arena_calloc(s->options.tokens, sizeof(*s->id));
	return s;
}

void
session_rewind(struct session *s, size_t sequences)
{
	for (size_t i = sequences; i < s->sequences; i++) {
		free(s->sequence[i].span);
		free(s->sequence[i].last_hidden);
		free(s->sequence[i].score);
	}
	if (sequences >= s->sequences)
		return;
	s->tokens = s->sequence[sequences].first;
	s->sequences = sequences;
	s->evaluated = s->evaluated < s->tokens ? s->evaluated : s->tokens;
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
	free(s->sequence);
	free(s->id);
	free(s);
}

static int
check_tokens(const struct session *s, int64_t parent, const uint32_t *id, size_t n,
    int32_t position, struct fault *f)
{
	if (parent >= (int64_t)s->sequences || parent < -1)
		return fault_set(f, "no-sequence", "there is no sequence %" PRId64, parent);
	if (n > s->options.tokens - s->tokens)
		return fault_set(f, "too-long",
		    "%zu tokens do not fit in the KV cache, "
		    "which has %zu left",
		    n, s->options.tokens - s->tokens);
	if (n > s->model->context - (size_t)position)
		return fault_set(f, "too-long",
		    "%zu tokens are more than the model's "
		    "context of %zu",
		    n + (size_t)position, s->model->context);
	for (size_t i = 0; i < n; i++)
		if (id[i] >= s->model->vocabulary)
			return fault_set(f, "bad-token",
			    "token %zu is %" PRIu32 ", and the vocabulary has %zu", i, id[i],
			    s->model->vocabulary);
	return 0;
}

/* A sequence sees what its parent sees, and its parent. */
static void
inherit_spans(const struct session *s, int64_t parent, struct session_sequence *b)
{
	const struct session_sequence *p;

	if (parent < 0)
		return;
	p = &s->sequence[parent];
	b->spans = p->spans + 1;
	b->span = arena_calloc(b->spans, sizeof(*b->span));
	if (p->spans > 0)
		memcpy(b->span, p->span, p->spans * sizeof(*b->span));
	b->span[p->spans] = (struct kv_span){ p->first, p->len, p->position };
	b->position = p->position + (int32_t)p->len;
}

int64_t
session_append(struct session *s, int64_t parent, const uint32_t *id, size_t n, bool is_scored,
    struct fault *f)
{
	struct session_sequence b = { .first = s->tokens, .len = n, .is_scored = is_scored };
	int32_t position = parent >= 0 && parent < (int64_t)s->sequences
	    ? s->sequence[parent].position + (int32_t)s->sequence[parent].len
	    : 0;

	if (check_tokens(s, parent, id, n, position, f) < 0)
		return -1;
	while (parent >= 0 && s->sequence[parent].len == 0)
		parent = s->sequence[parent].parent;
	b.parent = parent;
	inherit_spans(s, parent, &b);
	b.last_hidden = arena_calloc(s->model->width, sizeof(*b.last_hidden));
	if (is_scored)
		b.score = arena_calloc(n, sizeof(*b.score));
	s->sequence = arena_grow_array(s->sequence, s->sequences, &s->sequences_cap, sizeof(b));
	memcpy(s->id + s->tokens, id, n * sizeof(*id));
	s->tokens += n;
	s->sequence[s->sequences] = b;
	return (int64_t)s->sequences++;
}

void
session_set_length(struct session *s, size_t length)
{
	forward_set_length(s->forward, length);
}

/* A token's output predicts the next one, now or later. */
static bool
needs_output(const struct session_sequence *b, size_t at)
{
	return b->is_scored || at + 1 == b->len;
}

static void
fill_view(const struct session_sequence *b, size_t at, struct kv_view *v)
{
	*v = (struct kv_view){ .span = b->span,
		.spans = b->spans,
		.own = { b->first, at + 1, b->position },
		.position = b->position + (int32_t)at,
		.needs_output = needs_output(b, at) };
}

/* Views of the next batch.  Tokens are in the cache in the order they were appended, so a batch
 * is a run of it. */
static size_t
fill_views(struct session *s, struct kv_view *view)
{
	size_t rows = s->tokens - s->evaluated < s->options.batch ? s->tokens - s->evaluated
								  : s->options.batch;
	size_t sequence = s->next;

	for (size_t r = 0; r < rows; r++) {
		size_t at = s->evaluated + r;

		while (at >= s->sequence[sequence].first + s->sequence[sequence].len)
			sequence++;
		fill_view(&s->sequence[sequence], at - s->sequence[sequence].first, &view[r]);
	}
	return rows;
}

/* The hidden state that predicts a token: that of the token before it, `current` in this batch
 * or kept; NULL for the first of a text. */
static const float *
state_before(const struct session *s, const struct session_sequence *b, size_t at,
    const float *current)
{
	if (at == 0)
		return b->parent >= 0 ? s->sequence[b->parent].last_hidden : NULL;
	return b->first + at > s->evaluated ? current : b->last_hidden;
}

static void
request_scores(struct session *s, size_t rows)
{
	const float *hidden = forward_hidden(s->forward), *current = NULL;
	struct logits *logits = forward_logits(s->forward);
	const size_t width = s->model->width;

	/* a parent's state must be kept before its children ask for it; a sequence begun in an
	 * earlier batch needs its kept state first, and only then replaces it */
	for (size_t r = 0; r < rows; r++) {
		size_t at = s->evaluated + r;
		struct session_sequence *b;
		const float *from;

		while (at >= s->sequence[s->next].first + s->sequence[s->next].len)
			s->next++;
		b = &s->sequence[s->next];
		at -= b->first;
		from = state_before(s, b, at, current);
		if (b->is_scored && from != NULL)
			logits_request(logits, from,
			    &(struct logits_query){
				.target = s->id[b->first + at], .log_prob = &b->score[at] });
		if (!needs_output(b, at))
			continue;
		current = hidden;
		hidden += width;
		if (at + 1 == b->len || r + 1 == rows)
			memcpy(b->last_hidden, current, width * sizeof(*current));
	}
	logits_compute(logits);
	s->evaluated += rows;
}

bool
session_step(struct session *s)
{
	size_t rows = fill_views(s, forward_views(s->forward));

	if (rows == 0)
		return false;
	forward_run(s->forward, s->id + s->evaluated, s->evaluated, rows);
	request_scores(s, rows);
	s->total_evaluated += rows;
	return s->evaluated < s->tokens;
}

void
session_run(struct session *s)
{
	while (session_step(s))
		;
}

int
session_check_finite(const struct session *s, struct fault *f)
{
	return forward_check_finite(s->forward, f);
}

uint64_t
session_evaluated(const struct session *s)
{
	return s->total_evaluated;
}

const float *
session_scores(const struct session *s, int64_t sequence, size_t *n)
{
	*n = s->sequence[sequence].len;
	return s->sequence[sequence].score;
}

uint32_t
session_argmax(struct session *s, int64_t sequence)
{
	struct logits *logits = forward_logits(s->forward);
	uint32_t id = 0;

	logits_request(logits, s->sequence[sequence].last_hidden,
	    &(struct logits_query){ .target = UINT32_MAX, .argmax = &id });
	logits_compute(logits);
	return id;
}
