#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "infer/forward/session.h"
#include "infer/tokenizer/tokenizer.h"
#include "lib/core/utf8.h"
#include "stages/map/llm_local.h"
#include "stages/map/llm_prompt.h"

enum { ANSWERS = PROMPT_ANSWERS };

/* The tokens of a text. */
struct token_ids {
	const uint32_t *at;
	size_t len;
};

struct llm_local {
	struct llm_backend backend;
	char id[LLM_ID_MAX];
	struct llm_local_options o;
	struct model model;
	bool is_open;
	struct vocab vocabulary;
	struct tokenizer *tokenizer;
	struct thread_pool *pool;
	struct session *session;
	struct token_ids question[2][DIMENSIONS]; /* [1]: of pairs */
	struct token_ids answer[2][ANSWERS];
	struct buf prefix;
	int64_t branch[DIMENSIONS][ANSWERS];
	double prior_bias[2][DIMENSIONS];
	bool has_prior_bias[2];
};

static void
put_template(struct llm_local *l, const char *text, struct buf *ids)
{
	const struct tokenizer_part whole = { strlen(text), true };

	tokenizer_encode(l->tokenizer, text, whole.len, &whole, 1, ids);
}

/* Appends a text of the input, truncated. */
static void
put_text(struct llm_local *l, const struct text *text, struct buf *ids)
{
	size_t start = ids->len, max = l->o.text_tokens * sizeof(uint32_t);

	tokenizer_encode(l->tokenizer, text->ptr, text->len, NULL, 0, ids);
	if (ids->len - start > max)
		ids->len = start + max;
}

static struct token_ids
tokenize(struct llm_local *l, const char *text, struct arena *a)
{
	struct buf b = { 0 };
	struct token_ids ids;

	put_template(l, text, &b);
	ids.len = b.len / sizeof(uint32_t);
	ids.at = (const uint32_t *)(const void *)arena_strndup(a, b.data, b.len);
	buf_release(&b);
	return ids;
}

static void
prepare_questions(struct llm_local *l, struct arena *a)
{
	struct buf b = { 0 };

	for (int is_pair = 0; is_pair < 2; is_pair++) {
		for (int i = 0; i < DIMENSIONS; i++) {
			buf_clear(&b);
			prompt_put_question(&b, is_pair, i);
			buf_add_byte(&b, '\0');
			l->question[is_pair][i] = tokenize(l, b.data, a);
		}
		for (int k = 0; k < ANSWERS; k++) {
			buf_clear(&b);
			buf_printf(&b, " %s", prompt_answer[is_pair][k]);
			buf_add_byte(&b, '\0');
			l->answer[is_pair][k] = tokenize(l, b.data, a);
		}
	}
	buf_release(&b);
}

static void
make_prefix(struct llm_local *l, const struct llm_subject *s)
{
	struct prompt_piece piece[PROMPT_PIECES];
	size_t n = prompt_prefix(s, piece);
	struct buf *b = &l->prefix;

	buf_clear(b);
	if (l->vocabulary.bos != TOKEN_NONE && l->vocabulary.adds_bos)
		buf_add(b, &l->vocabulary.bos, sizeof(uint32_t));
	for (size_t i = 0; i < n; i++) {
		put_template(l, piece[i].words, b);
		if (piece[i].text.len > 0)
			put_text(l, &piece[i].text, b);
	}
}

static int64_t
append(struct llm_local *l, int64_t parent, const struct token_ids *ids, bool is_scored,
    struct fault *f)
{
	return session_append(l->session, parent, ids->at, ids->len, is_scored, f);
}

static int
append_question(struct llm_local *l, bool is_pair, int i, int64_t prefix, struct fault *f)
{
	int64_t question = append(l, prefix, &l->question[is_pair][i], false, f);

	for (int k = 0; question >= 0 && k < ANSWERS; k++)
		if ((l->branch[i][k] = append(l, question, &l->answer[is_pair][k], true, f)) < 0)
			return -1;
	return question < 0 ? -1 : 0;
}

static void
sum_log_probs(const struct llm_local *l, int i, double sum[ANSWERS])
{
	for (int k = 0; k < ANSWERS; k++) {
		size_t n;
		const float *score = session_scores(l->session, l->branch[i][k], &n);

		sum[k] = 0;
		for (size_t j = 0; j < n; j++)
			sum[k] += (double)score[j];
	}
}

static size_t
tokens_of(const struct llm_local *l, bool is_pair, int i)
{
	size_t n = l->question[is_pair][i].len;

	for (int k = 0; k < ANSWERS; k++)
		n += l->answer[is_pair][k].len;
	return n;
}

/* Appends as many questions as fit, starting with `first`; returns the next one. */
static int
append_questions(struct llm_local *l, bool is_pair, int first, int64_t prefix, size_t capacity,
    struct fault *f)
{
	int i = first;

	for (; i < DIMENSIONS && tokens_of(l, is_pair, i) <= capacity; i++) {
		capacity -= tokens_of(l, is_pair, i);
		if (append_question(l, is_pair, i, prefix, f) < 0)
			return -1;
	}
	return i > first ? i
			 : fault_set(f, "too-long",
			     "a question does not fit after "
			     "the text; raise --ctx-size");
}

/* Sets the log-probabilities of all answers about a subject. */
static int
ask_questions(struct llm_local *l, const struct llm_subject *s, double sum[DIMENSIONS][ANSWERS],
    struct fault *f)
{
	struct token_ids prefix;
	int64_t branch;
	int next = 0;

	session_clear(l->session);
	make_prefix(l, s);
	prefix = (struct token_ids){ (const uint32_t *)(const void *)l->prefix.data,
		l->prefix.len / sizeof(uint32_t) };
	session_set_length(l->session, prefix.len);
	if (prefix.len >= l->o.context || (branch = append(l, -1, &prefix, false, f)) < 0) {
		fault_clear(f);
		return fault_set(f, "too-long",
		    "%zu tokens do not fit in the model's context "
		    "of %zu and --ctx-size %zu; shorten with --truncate",
		    prefix.len, l->model.context, l->o.context);
	}
	for (int i = 0; i < DIMENSIONS; i = next) {
		next = append_questions(l, s->is_pair, i, branch, l->o.context - prefix.len, f);
		if (next < 0)
			return -1;
		session_run(l->session);
		if (session_check_finite(l->session, f) < 0)
			return -2;
		for (int k = i; k < next; k++)
			sum_log_probs(l, k, sum[k]);
		session_rewind(l->session, 1);
	}
	return 0;
}

/* Asks about an empty text, once. */
static int
find_prior_bias(struct llm_local *l, bool is_pair, struct fault *f)
{
	const struct llm_subject empty = {
		.first = { "", 0 }, .second = { "", 0 }, .post = { "", 0 }, .is_pair = is_pair
	};
	double sum[DIMENSIONS][ANSWERS];

	if (l->has_prior_bias[is_pair])
		return 0;
	if (ask_questions(l, &empty, sum, f) < 0)
		return -1;
	for (int i = 0; i < DIMENSIONS; i++)
		l->prior_bias[is_pair][i] = prompt_prior_bias(sum[i]);
	l->has_prior_bias[is_pair] = true;
	return 0;
}

static int
ask_one(struct llm_local *l, const struct llm_subject *s, struct judgement judgement[DIMENSIONS],
    struct fault *f)
{
	double sum[DIMENSIONS][ANSWERS];

	if (find_prior_bias(l, s->is_pair, f) < 0 || ask_questions(l, s, sum, f) < 0)
		return -1;
	for (int i = 0; i < DIMENSIONS; i++)
		judgement[i] = prompt_judgement(sum[i], l->prior_bias[s->is_pair][i]);
	return 0;
}

static int
ask(struct llm_backend *b, struct llm_task *const task[], size_t n, struct fault *f)
{
	struct llm_local *l = (struct llm_local *)(void *)b;

	(void)f;
	for (size_t i = 0; i < n; i++) {
		struct llm_task *t = task[i];
		struct llm_subject swapped = llm_subject_swapped(&t->subject);

		memcpy(t->id, l->id, sizeof(t->id));
		t->rc = ask_one(l, &t->subject, t->judgement[0], &t->fault);
		if (t->rc == 0 && swapped.is_pair)
			t->rc = ask_one(l, &swapped, t->judgement[1], &t->fault);
	}
	return 0;
}

static void
release(struct llm_backend *b)
{
	struct llm_local *l = (struct llm_local *)(void *)b;

	session_free(l->session);
	thread_pool_free(l->pool);
	tokenizer_free(l->tokenizer);
	if (l->is_open)
		model_close(&l->model);
	buf_release(&l->prefix);
	free(l);
}

/* Sets the id: the name of the model, and a hash of all its bytes. */
static void
identify(struct llm_local *l, const char *file)
{
	XXH3_state_t *state = XXH3_createState();
	const char *base = strrchr(file, '/');
	const struct text *name = &l->model.name;
	size_t len = name->len;

	if (len == 0) {
		base = base != NULL && base[1] != '\0' ? base + 1 : file;
		len = strlen(base);
	} else {
		base = name->ptr;
	}
	XXH3_64bits_reset(state);
	for (size_t i = 0; i < l->model.file.maps; i++)
		XXH3_64bits_update(state, l->model.file.map[i].data, l->model.file.map[i].len);
	snprintf(l->id, sizeof(l->id), "%.*s-%08" PRIx32 "/asked-" PROMPT_VERSION,
	    (int)(len < LLM_NAME_MAX ? len : LLM_NAME_MAX), base,
	    (uint32_t)(XXH3_64bits_digest(state) >> 32));
	utf8_replace_invalid(l->id);
	XXH3_freeState(state);
}

static int
open_model(struct llm_local *l, const char *file, struct arena *a, struct fault *f)
{
	const struct session_options o = { .tokens = l->o.context, .isa = cpu_isa_detect() };

	if (cpu_isa_check(f) < 0 || model_open(&l->model, file, a, f) < 0)
		return -2;
	l->is_open = true;
	if (session_check(&l->model, &o, l->o.threads, file, "lower --ctx-size", f) < 0
	    || vocab_read(&l->vocabulary, &l->model.file, file, a, f) < 0
	    || (l->tokenizer = tokenizer_new(&l->vocabulary, f)) == NULL
	    || (l->pool = thread_pool_new(l->o.threads, f)) == NULL)
		return -2;
	if (l->vocabulary.len > l->model.vocabulary)
		return fault_stop(f, "%s: the vocabulary has %zu tokens, but the model %zu", file,
		    l->vocabulary.len, l->model.vocabulary);
	l->session = session_open(&l->model, &o, l->pool);
	prepare_questions(l, a);
	identify(l, file);
	return 0;
}

struct llm_backend *
llm_local_open(const char *file, const struct llm_local_options *o, struct arena *a,
    struct fault *f)
{
	struct llm_local *l = arena_calloc(1, sizeof(*l));

	l->backend = (struct llm_backend){ .batch = 1, .ask = ask, .free = release };
	l->o = *o;
	if (open_model(l, file, a, f) == 0)
		return &l->backend;
	release(&l->backend);
	return NULL;
}
