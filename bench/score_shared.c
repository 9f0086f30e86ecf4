/* score_shared - what shared prefixes save.
 *
 *	usage: score_shared MODEL THREADS PRECISION PAIRS PROMPT RESPONSE
 *
 * Scores random ids in four ways and prints a line for each: what, seconds, the peer and its
 * seconds, tokens evaluated, a hash of the sums.
 *
 *	pairs      PAIRS pairs of responses, each pair with a prompt of its own; the peer
 *	           evaluates each text alone and computes every logit, as scripts on
 *	           top of a training framework do
 *	person     PAIRS pairs after one prompt; the same peer
 *	ten        ten pairs after one prompt; the peer is the prompt alone
 *	questions  90 questions of 8 ids with three answers of 2 after one prompt;
 *	           the peer is the prompt alone
 *
 * In the first two the peer's sums must be the same to the last bit, or it fails. */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "stages/score/trie_walk.h"

enum { QUESTIONS = 90, QUESTION = 8, ANSWER = 2, TEN = 10 };

static struct model model;
static struct session *session;
static size_t ctx_size;
static uint32_t seed = 1;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void
stop(const struct fault *f)
{
	fprintf(stderr, "score_shared: %s\n", f->text);
	exit(2);
}

static void
put_ids(struct buf *b, size_t n)
{
	for (; n > 0; n--) {
		uint32_t id = (uint32_t)(((seed = seed * 1664525u + 1013904223u) >> 8)
		    % model.vocabulary);

		buf_add(b, &id, sizeof(id));
	}
}

/* Adds a row: a prompt and two responses. */
static void
add_row(struct score_rows *r, const struct buf *ids, size_t prompt, size_t response)
{
	struct fault f = FAULT_NONE;
	struct score_row row = { .left = { 2, 0 } };
	struct model_scores *t = &row.of[SCORE_POLICY];

	t->prompt = (uint32_t)prompt;
	t->response[0] = t->response[1] = (uint32_t)response;
	if (spool_add(r->ids, ids->data, ids->len, &t->at, &f) < 0)
		stop(&f);
	buf_add(&r->rows, &row, sizeof(row));
}

static void
on_scored(void *with, const struct score_row *row, enum score_side side)
{
	(void)with, (void)row, (void)side;
}

static int
on_progress(void *with, uint64_t done, uint64_t all, struct fault *f)
{
	(void)with, (void)done, (void)all, (void)f;
	return 0;
}

/* Seconds, and a hash of the sums. */
static double
share(struct score_rows *r, uint64_t *hash)
{
	struct fault f = FAULT_NONE;
	struct trie_walk run = { .session = session,
		.ctx_size = ctx_size,
		.rows = r,
		.on_scored = on_scored,
		.on_progress = on_progress };
	struct trie_order o;
	double from = now();
	size_t n;
	const struct score_row *row = score_rows_all(r, &n);

	if (trie_order_make(&o, r, 1, &f) < 0 || trie_walk_run(&run, &o, &f) < 0)
		stop(&f);
	trie_order_release(&o);
	*hash = 0;
	for (size_t i = 0; i < n; i++)
		*hash = XXH3_64bits_withSeed(row[i].of[0].sum, sizeof(row[i].of[0].sum), *hash);
	return now() - from;
}

/* Evaluates each text by itself, with a logit for every token. */
static double
alone(const struct score_rows *r, uint64_t *hash)
{
	struct fault f = FAULT_NONE;
	struct buf ids = { 0 };
	uint32_t scratch[SCORE_SCRATCH];
	double from = now();
	size_t rows;

	score_rows_all(r, &rows);
	*hash = 0;
	for (size_t i = 0; i < rows; i++) {
		double sum[2] = { 0, 0 };

		for (int k = 0; k < 2; k++) {
			const uint64_t text = score_text_id(i, SCORE_POLICY, k);
			size_t prompt, len = score_text_len(r, text, &prompt);
			const float *score;

			buf_clear(&ids);
			for (size_t at = 0, n; at < len; at += n) {
				const uint32_t *id = score_text_ids(r, text, at, &n, scratch, &f);

				buf_add(&ids, id, n * sizeof(*id));
			}
			if (session_append(session, -1, (void *)ids.data, len, true, &f) < 0)
				stop(&f);
			session_run(session);
			score = session_scores(session, 0, &len);
			while (len > prompt)
				sum[k] += (double)score[--len];
			session_clear(session);
		}
		*hash = XXH3_64bits_withSeed(sum, sizeof(sum), *hash);
	}
	buf_release(&ids);
	return now() - from;
}

static double
prompt_alone(const struct buf *ids, size_t n)
{
	struct fault f = FAULT_NONE;
	double from = now();

	if (session_append(session, -1, (const void *)ids->data, n, false, &f) < 0)
		stop(&f);
	session_run(session);
	session_clear(session);
	return now() - from;
}

static void
report(const char *what, double seconds, const char *peer, double peer_seconds, uint64_t tokens,
    uint64_t hash)
{
	printf("%s\t%.3f\t%s\t%.3f\t%" PRIu64 "\t%016" PRIx64 "\n", what, seconds, peer,
	    peer_seconds, tokens, hash);
	fflush(stdout);
}

/* Rows with `own` ids between the prompt and two responses; `each` rows in turn share these
 * ids and the first response. own_prompts: each group has a prompt of its own. */
static struct score_rows
make_rows(size_t rows, const struct buf *prompt, bool own_prompts, size_t own, size_t response,
    size_t each)
{
	struct fault f = FAULT_NONE;
	struct score_rows r = { .ids = spool_new(INT64_MAX, NULL, &f) };
	struct buf ids = { 0 };
	size_t n = prompt->len / sizeof(uint32_t);

	if (r.ids == NULL)
		stop(&f);
	for (size_t i = 0; i < rows; i++) {
		if (i % each == 0) {
			buf_clear(&ids);
			if (own_prompts)
				put_ids(&ids, n);
			else
				buf_add(&ids, prompt->data, prompt->len);
			put_ids(&ids, own + response);
		}
		ids.len = (n + own + response) * sizeof(uint32_t);
		put_ids(&ids, response);
		add_row(&r, &ids, n + own, response);
	}
	buf_release(&ids);
	return r;
}

static void
beside_full_passes(const char *what, struct score_rows r)
{
	uint64_t began = session_evaluated(session), taken, hash, other;
	double a = share(&r, &hash), b;

	taken = session_evaluated(session) - began;
	b = alone(&r, &other);
	report(what, a, "full passes with full logits", b, taken, hash);
	if (hash != other) {
		fprintf(stderr, "score_shared: the sums differ\n");
		exit(1);
	}
	score_rows_release(&r);
}

static void
beside_prompt(const char *what, const struct buf *prompt, struct score_rows r)
{
	double b = prompt_alone(prompt, prompt->len / sizeof(uint32_t)), a;
	uint64_t began = session_evaluated(session), hash;

	a = share(&r, &hash);
	report(what, a, "the prompt alone", b, session_evaluated(session) - began, hash);
	score_rows_release(&r);
}

int
main(int argc, char **argv)
{
	static const char *const names[] = { "auto", "f32", "bf16", "int8", "amx" };
	struct fault f = FAULT_NONE;
	struct session_options o = { .isa = cpu_isa_detect() };
	struct arena a = { 0 };
	struct thread_pool *pool;
	size_t pairs, prompt, response;
	struct buf common = { 0 };

	if (argc != 7)
		return fputs("usage: score_shared MODEL THREADS PRECISION PAIRS PROMPT "
			     "RESPONSE\n",
			   stderr),
		       2;
	while (o.precision < PRECISION_AMX && strcmp(names[o.precision], argv[3]) != 0)
		o.precision++;
	pairs = strtoul(argv[4], NULL, 10);
	prompt = strtoul(argv[5], NULL, 10);
	response = strtoul(argv[6], NULL, 10);
	o.tokens = ctx_size = 2 * prompt + 8 * response;
	if ((pool = thread_pool_new(strtoul(argv[2], NULL, 10), &f)) == NULL
	    || model_open(&model, argv[1], &a, &f) < 0)
		stop(&f);
	session = session_open(&model, &o, pool);
	put_ids(&common, prompt);
	prompt_alone(&common, prompt);
	beside_full_passes("pairs", make_rows(pairs, &common, true, 0, response, 1));
	beside_full_passes("person", make_rows(pairs, &common, false, 0, response, 1));
	beside_prompt("ten", &common, make_rows(TEN, &common, false, 0, response, 1));
	beside_prompt("questions", &common,
	    make_rows(2 * QUESTIONS, &common, false, QUESTION, ANSWER, 2));
	buf_release(&common);
	session_free(session);
	thread_pool_free(pool);
	model_close(&model);
	arena_release(&a);
	return 0;
}
