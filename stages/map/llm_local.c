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

/* Ids of a text. */
struct ids {
	const uint32_t *at;
	size_t len;
};

struct llm_local {
	struct annotator annotator;
	char id[LLM_ID_MAX];
	struct llm_local_options o;
	struct model model;
	bool is_open;
	struct vocabulary vocabulary;
	struct tokenizer *tokenizer;
	struct pool *pool;
	struct session *session;
	struct ids question[2][DIMENSIONS];	/* [1]: of pairs */
	struct ids answer[2][ANSWERS];
	struct buf prefix;
	int64_t branch[DIMENSIONS][ANSWERS];
	double lean[2][DIMENSIONS];	/* to pole 1 where there is no text */
	bool has_lean[2];
};

static void
put_template(struct llm_local *e, const char *text, struct buf *ids)
{
	const struct tokenizer_part whole = { strlen(text), true };

	tokenizer_encode(e->tokenizer, text, whole.len, &whole, 1, ids);
}

/* What people wrote, cut to what is read of it. */
static void
put_text(struct llm_local *e, const struct text *text, struct buf *ids)
{
	size_t from = ids->len, most = e->o.tokens * sizeof(uint32_t);

	tokenizer_encode(e->tokenizer, text->ptr, text->len, NULL, 0, ids);
	if (ids->len - from > most)
		ids->len = from + most;
}

static struct ids
keep(struct llm_local *e, const char *text, struct arena *a)
{
	struct buf b = { 0 };
	struct ids ids;

	put_template(e, text, &b);
	ids.len = b.len / sizeof(uint32_t);
	ids.at = (const uint32_t *)(const void *)arena_dup(a, b.data, b.len);
	buf_release(&b);
	return ids;
}

static void
prepare_questions(struct llm_local *e, struct arena *a)
{
	struct buf b = { 0 };

	for (int pair = 0; pair < 2; pair++) {
		for (int i = 0; i < DIMENSIONS; i++) {
			buf_clear(&b);
			prompt_put_question(&b, pair, i);
			buf_add_byte(&b, '\0');
			e->question[pair][i] = keep(e, b.data, a);
		}
		for (int k = 0; k < ANSWERS; k++) {
			buf_clear(&b);
			buf_printf(&b, " %s", prompt_answer[pair][k]);
			buf_add_byte(&b, '\0');
			e->answer[pair][k] = keep(e, b.data, a);
		}
	}
	buf_release(&b);
}

static void
make_prefix(struct llm_local *e, const struct llm_subject *s)
{
	struct prompt_piece piece[PROMPT_PIECES];
	size_t n = prompt_prefix(s, piece);
	struct buf *b = &e->prefix;

	buf_clear(b);
	if (e->vocabulary.bos != TOKEN_NONE && e->vocabulary.adds_bos)
		buf_add(b, &e->vocabulary.bos, sizeof(uint32_t));
	for (size_t i = 0; i < n; i++) {
		put_template(e, piece[i].words, b);
		if (piece[i].text.len > 0)
			put_text(e, &piece[i].text, b);
	}
}

static int64_t
feed(struct llm_local *e, int64_t parent, const struct ids *ids, bool is_scored,
    struct fault *f)
{
	return session_feed(e->session, parent, ids->at, ids->len, is_scored, f);
}

static int
feed_dimension(struct llm_local *e, int pair, int i, int64_t prefix,
    struct fault *f)
{
	int64_t question = feed(e, prefix, &e->question[pair][i], false, f);

	for (int k = 0; question >= 0 && k < ANSWERS; k++)
		if ((e->branch[i][k] = feed(e, question, &e->answer[pair][k], true, f)) < 0)
			return -1;
	return question < 0 ? -1 : 0;
}

static void
sum_answers(const struct llm_local *e, int i, double sum[ANSWERS])
{
	for (int k = 0; k < ANSWERS; k++) {
		size_t n;
		const float *score = session_scores(e->session, e->branch[i][k], &n);

		sum[k] = 0;
		for (size_t j = 0; j < n; j++)
			sum[k] += (double)score[j];
	}
}

static size_t
tokens_of(const struct llm_local *e, int pair, int i)
{
	size_t n = e->question[pair][i].len;

	for (int k = 0; k < ANSWERS; k++)
		n += e->answer[pair][k].len;
	return n;
}

/* Feeds as many questions from `first` on as there is room for; the next one. */
static int
ask_some(struct llm_local *e, int pair, int first, int64_t prefix, size_t room,
    struct fault *f)
{
	int i = first;

	for (; i < DIMENSIONS && tokens_of(e, pair, i) <= room; i++) {
		room -= tokens_of(e, pair, i);
		if (feed_dimension(e, pair, i, prefix, f) < 0)
			return -1;
	}
	return i > first ? i : fault_set(f, "too-long", "there is no room for a question "
	    "behind the text; raise --room");
}

/* The log-probabilities of all answers. */
static int
ask_all(struct llm_local *e, const struct llm_subject *s,
    double sum[DIMENSIONS][ANSWERS], struct fault *f)
{
	struct ids prefix;
	int64_t branch;
	int next = 0;

	session_clear(e->session);
	make_prefix(e, s);
	prefix = (struct ids){ (const uint32_t *)(const void *)e->prefix.data,
		e->prefix.len / sizeof(uint32_t) };
	if (prefix.len >= e->o.room || (branch = feed(e, -1, &prefix, false, f)) < 0) {
		fault_clear(f);
		return fault_set(f, "too-long", "%zu tokens, with the model's context of %zu and "
		    "--room for %zu; shorten with --truncate", prefix.len, e->model.context,
		    e->o.room);
	}
	for (int i = 0; i < DIMENSIONS; i = next) {
		next = ask_some(e, s->is_pair, i, branch, e->o.room - prefix.len, f);
		if (next < 0)
			return -1;
		session_run(e->session);
		for (int k = i; k < next; k++)
			sum_answers(e, k, sum[k]);
		session_rewind(e->session, 1);
	}
	return 0;
}

/* What the model leans to when there is nothing to read, found out once. */
static int
find_lean(struct llm_local *e, bool is_pair, struct fault *f)
{
	const struct llm_subject nothing = { .first = { "", 0 },
		.second = { "", 0 }, .post = { "", 0 }, .is_pair = is_pair };
	double sum[DIMENSIONS][ANSWERS];

	if (e->has_lean[is_pair])
		return 0;
	if (ask_all(e, &nothing, sum, f) < 0)
		return -1;
	for (int i = 0; i < DIMENSIONS; i++)
		e->lean[is_pair][i] = prompt_prior_bias(sum[i]);
	e->has_lean[is_pair] = true;
	return 0;
}

static int
ask_one(struct llm_local *e, const struct llm_subject *s,
    struct judgement mark[DIMENSIONS], struct fault *f)
{
	double sum[DIMENSIONS][ANSWERS];

	if (find_lean(e, s->is_pair, f) < 0 || ask_all(e, s, sum, f) < 0)
		return -1;
	for (int i = 0; i < DIMENSIONS; i++)
		mark[i] = prompt_judgement(sum[i], e->lean[s->is_pair][i]);
	return 0;
}

static int
ask(struct annotator *a, struct llm_task *const task[], size_t n,
    struct fault *f)
{
	struct llm_local *e = (struct llm_local *)(void *)a;

	(void)f;
	for (size_t i = 0; i < n; i++) {
		struct llm_task *t = task[i];
		struct llm_subject turned = llm_subject_swapped(&t->subject);

		memcpy(t->id, e->id, sizeof(t->id));
		t->rc = ask_one(e, &t->subject, t->mark[0], &t->fault);
		if (t->rc == 0 && turned.is_pair)
			t->rc = ask_one(e, &turned, t->mark[1], &t->fault);
	}
	return 0;
}

static void
release(struct annotator *a)
{
	struct llm_local *e = (struct llm_local *)(void *)a;

	session_free(e->session);
	pool_free(e->pool);
	tokenizer_free(e->tokenizer);
	if (e->is_open)
		model_close(&e->model);
	buf_release(&e->prefix);
	free(e);
}

/* Its name, and a hash of all its bytes. */
static void
identify(struct llm_local *e, const char *file)
{
	XXH3_state_t *state = XXH3_createState();
	const char *base = strrchr(file, '/');
	const struct directory_text *name = &e->model.name;
	size_t len = name->len;

	if (len == 0) {
		base = base != NULL && base[1] != '\0' ? base + 1 : file;
		len = strlen(base);
	} else {
		base = name->ptr;
	}
	XXH3_64bits_reset(state);
	for (size_t i = 0; i < e->model.file.maps; i++)
		XXH3_64bits_update(state, e->model.file.map[i].data,
		    e->model.file.map[i].len);
	snprintf(e->id, sizeof(e->id), "%.*s-%08" PRIx32
	    "/asked-" PROMPT_VERSION,
	    (int)(len < LLM_NAME_MAX ? len : LLM_NAME_MAX), base,
	    (uint32_t)(XXH3_64bits_digest(state) >> 32));
	utf8_mend(e->id);
	XXH3_freeState(state);
}

static int
open_all(struct llm_local *e, const char *file, struct arena *a, struct fault *f)
{
	const struct session_options o = { .tokens = e->o.room,
		.level = level_of_processor() };

	if (model_open(&e->model, file, a, f) < 0)
		return -2;
	e->is_open = true;
	if (session_check(&e->model, &o, e->o.threads, file, "lower --room", f) < 0
	    || vocabulary_read(&e->vocabulary, &e->model.file, file, a, f) < 0
	    || (e->tokenizer = tokenizer_new(&e->vocabulary, f)) == NULL
	    || (e->pool = pool_new(e->o.threads, f)) == NULL)
		return -2;
	if (e->vocabulary.len > e->model.vocabulary)
		return fault_stop(f, "%s: %zu tokens, and the model knows %zu", file,
		    e->vocabulary.len, e->model.vocabulary);
	e->session = session_open(&e->model, &o, e->pool);
	prepare_questions(e, a);
	identify(e, file);
	return 0;
}

struct annotator *
llm_local_open(const char *file, const struct llm_local_options *o,
    struct arena *a, struct fault *f)
{
	struct llm_local *e = calloc(1, sizeof(*e));

	if (e == NULL)
		arena_exhausted();
	e->annotator = (struct annotator){ .batch = 1, .ask = ask, .free = release };
	e->o = *o;
	if (open_all(e, file, a, f) == 0)
		return &e->annotator;
	release(&e->annotator);
	return NULL;
}
