#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "lib/cli/report.h"
#include "stages/score/choices.h"
#include "stages/score/job.h"

static bool
has_reference(const struct score_job *j)
{
	return score_options_reference(j->options) != SCORE_NO_REFERENCE;
}

/* The reference may be the same model with another prompt. */
static struct loaded_model *
model_of(struct score_job *j, enum score_side side)
{
	return &j->model[j->model[side].file != NULL ? side : SCORE_POLICY];
}

int
score_job_open(struct score_job *j, const struct score_options *o, struct arena *life,
    struct fault *f)
{
	enum score_reference reference = score_options_reference(o);

	j->options = o;
	j->results.has_reference = has_reference(j);
	j->results.beta = o->beta;
	if (o->model == NULL)
		return fault_stop(f, "--model must name a model");
	if (cpu_isa_check(f) < 0)
		return -2;
	if (loaded_model_open(&j->model[SCORE_POLICY], o->model, o->pear, life, f) < 0)
		return -2;
	if (reference == SCORE_REFERENCE_MODEL
	    || (reference == SCORE_WITHOUT_PERSONA
		&& (o->pear != NULL || o->reference_pear != NULL)))
		return loaded_model_open(&j->model[SCORE_REFERENCE],
		    reference == SCORE_REFERENCE_MODEL ? o->reference : o->model, o->reference_pear,
		    life, f);
	return 0;
}

struct session_options
score_job_session_options(const struct score_job *j, enum score_side side)
{
	const struct score_options *o = j->options;

	return (struct session_options){ .tokens = (size_t)o->ctx_size,
		.batch = (size_t)o->batch,
		.coefficient = j->model[side].coefficient,
		.precision = (enum precision)o->precision,
		.isa = o->no_simd ? CPU_ISA_PLAIN : cpu_isa_detect() };
}

static int
check_memory(const struct score_job *j, enum score_side side, struct fault *f)
{
	const struct session_options o = score_job_session_options(j, side);

	return session_check(&j->model[side].model, &o, (size_t)j->options->threads,
	    j->model[side].file, "lower --ctx-size or --batch-size", f);
}

int
score_job_open_session(struct score_job *j, enum score_side side, struct fault *f)
{
	struct session_options o = score_job_session_options(j, side);

	if (j->pool == NULL && (j->pool = thread_pool_new((size_t)j->options->threads, f)) == NULL)
		return -2;
	session_free(j->session);
	j->session = NULL;
	if (check_memory(j, side, f) < 0)
		return -2;
	j->session = session_open(&j->model[side].model, &o, j->pool);
	return 0;
}

/* Opens FILE.part next to the output FILE, unless that is a device or a pipe. */
static int
open_resume(struct score_job *j, struct fault *f)
{
	const char *file = tool_file();
	struct stat st;

	if (file == NULL && j->options->is_resumed)
		return fault_stop(f,
		    "--resume needs the output file of the earlier run; "
		    "name it with -o");
	if (file == NULL || j->options->is_summary
	    || (stat(file, &st) == 0 && !S_ISREG(st.st_mode)))
		return 0;
	return resume_open(&j->resume, file, j->options->is_resumed, f);
}

int
score_job_open_tokenizers(struct score_job *j, struct arena *life, struct fault *f)
{
	/* before the first row is read: the last one is long after */
	for (int side = 0; side < SCORE_SIDES; side++)
		if (j->model[side].file != NULL
		    && ((j->options->print == SCORE_PRINT_SCORES
			    && check_memory(j, (enum score_side)side, f) < 0)
			|| loaded_model_read_tokenizer(&j->model[side], life, f) < 0))
			return -2;
	for (int side = 0; side < SCORE_SIDES; side++) {
		const struct loaded_model *e = model_of(j, (enum score_side)side);

		j->settings[side] = score_options_encode_settings(j->options,
		    side == SCORE_REFERENCE, e);
		if (choices_check(e, &j->settings[side], f) < 0)
			return -2;
	}
	if (j->options->generate > 0)
		return score_job_open_session(j, SCORE_POLICY, f);
	if (j->options->print != SCORE_PRINT_SCORES)
		return 0;
	for (int side = 0; side < SCORE_SIDES; side++)
		if (j->model[side].file != NULL)
			loaded_model_hash(&j->model[side]);
	j->rows.ids = spool_new(j->options->memory, j->options->tmpdir, f);
	return j->rows.ids == NULL ? -2 : open_resume(j, f);
}

/* The suggested --truncate fits any row: with it neither part is longer than half the context. */
static int
refuse_length(const struct score_job *j, enum score_side side, size_t context, uint32_t prompt,
    uint32_t response, struct fault *f)
{
	const size_t len = (size_t)prompt + response, ctx_size = (size_t)j->options->ctx_size;
	const size_t limit = context < ctx_size ? context : ctx_size;
	const size_t special = j->encoder.special_tokens;
	char raise[64] = "";

	if (len <= context)
		snprintf(raise, sizeof(raise), "--ctx-size %zu or ", len);
	return fault_set(f, "too-long",
	    "the prompt has %" PRIu32 " tokens and the longest "
	    "response %" PRIu32 ", but %s %zu; use %s--truncate %zu",
	    prompt, response,
	    ctx_size < context            ? "--ctx-size is"
		: side == SCORE_REFERENCE ? "the reference model's context is"
					  : "the model's context is",
	    limit, raise, limit > special + 2 ? (limit - special) / 2 : 1);
}

/* The sum over no tokens is 0, which would beat any response. */
static int
check_responses(const struct model_scores *t, struct fault *f)
{
	if (t->response[0] > 0 && t->response[1] > 0)
		return 0;
	return fault_set(f, "empty-response",
	    "the %s response has no tokens, and so no probability; drop the row, or end responses "
	    "with EOS if the model has one",
	    t->response[0] == 0 ? "chosen" : "rejected");
}

static int
check_length(const struct score_job *j, enum score_side side, size_t context,
    const struct model_scores *t, struct fault *f)
{
	const uint32_t response = t->response[0] > t->response[1] ? t->response[0] : t->response[1];
	const size_t len = (size_t)t->prompt + response;

	if (len <= context && len <= (size_t)j->options->ctx_size)
		return 0;
	return refuse_length(j, side, context, t->prompt, response, f);
}

/* Encodes a side of a row, and hashes it into the row's key. */
static int
add_side(struct score_job *j, struct score_row *row, enum score_side side, const struct record *r,
    bool *is_truncated, struct fault *f)
{
	struct loaded_model *m = model_of(j, side);
	struct model_scores *t = &row->of[side];
	uint32_t count[4] = { 0 };

	if (encode_row(&j->encoder, m, &j->settings[side], r, t, f) < 0 || check_responses(t, f) < 0
	    || check_length(j, side, m->model.context, t, f) < 0)
		return -1;
	*is_truncated = *is_truncated || j->encoder.is_truncated;
	j->conditioned += j->encoder.is_conditioned;
	count[0] = t->prompt;
	count[1] = t->response[0];
	count[2] = t->response[1];
	count[3] = (uint32_t)j->options->precision;
	row->left[side] = 2;
	row->key = XXH3_64bits_withSeed(count, sizeof(count), row->key ^ m->key);
	row->key = XXH3_64bits_withSeed(j->encoder.ids.data, j->encoder.ids.len, row->key);
	return spool_add(j->rows.ids, j->encoder.ids.data, j->encoder.ids.len, &t->at, f);
}

int
score_job_add(struct score_job *j, const struct record *r, uint64_t number, struct arena *life,
    struct fault *f)
{
	struct score_row row = { .number = number };
	bool is_truncated = false;
	int rc = add_side(j, &row, SCORE_POLICY, r, &is_truncated, f);

	if (rc == 0 && has_reference(j))
		rc = add_side(j, &row, SCORE_REFERENCE, r, &is_truncated, f);
	if (rc < 0)
		return rc;
	j->truncated += is_truncated;
	results_groups(&j->results, r, life, row.group);
	resume_fill(&j->resume, &row);
	for (int side = 0; side < SCORE_SIDES; side++)
		j->total_tokens += row.of[side].prompt + row.of[side].response[0]
		    + row.of[side].response[1];
	buf_add(&j->rows.rows, &row, sizeof(row));
	return 0;
}

static void
on_scored(void *with, const struct score_row *row, enum score_side side)
{
	struct score_job *j = with;

	resume_add(&j->resume, row, side);
}

/* Writes rows in order, up to the first that is not scored yet. */
static int
write_ready(struct score_job *j, struct fault *f)
{
	size_t n;
	const struct score_row *row = score_rows_all(&j->rows, &n);

	for (; j->out < n && row[j->out].left[0] + row[j->out].left[1] == 0; j->out++) {
		results_add(&j->results, &row[j->out], j->options->is_summary ? NULL : j->ctx->out);
		if (tool_flush(j->ctx, f) < 0)
			return -2;
	}
	return 0;
}

static int
on_progress(void *with, uint64_t done, uint64_t all, struct fault *f)
{
	struct score_job *j = with;

	progress_work(&j->ctx->report->progress, "tokens", done, all);
	return resume_flush(&j->resume, f) < 0 ? -2 : write_ready(j, f);
}

/* Scores the texts of more than `above` and up to `most` tokens of the sides that a model
 * answers for. */
static int
run_lengths(struct score_job *j, enum score_side side, unsigned sides, size_t above, size_t most,
    struct fault *f)
{
	struct trie_walk w = { .ctx_size = (size_t)j->options->ctx_size,
		.rows = &j->rows,
		.on_scored = on_scored,
		.on_progress = on_progress,
		.with = j };
	struct trie_order o;
	int rc = trie_order_make(&o, &j->rows, sides, above, most, f);

	if (rc == 0 && o.n > 0) {
		if ((rc = score_job_open_session(j, side, f)) == 0) {
			w.session = j->session;
			session_set_length(j->session, above + 1);
			rc = trie_walk_run(&w, &o, f);
			j->evaluated_tokens += session_evaluated(j->session);
		}
	}
	j->long_texts += above > 0 ? o.n : 0;
	trie_order_release(&o);
	return rc;
}

/* With LongRoPE short texts and long ones have different keys, and share no prefix. */
static int
run_model(struct score_job *j, enum score_side side, unsigned sides, struct fault *f)
{
	const struct model *m = &j->model[side].model;

	if (m->rope_long == NULL)
		return run_lengths(j, side, sides, 0, SIZE_MAX, f);
	return run_lengths(j, side, sides, 0, m->rope_original, f) < 0
		|| run_lengths(j, side, sides, m->rope_original, SIZE_MAX, f) < 0
	    ? -2
	    : 0;
}

int
score_job_run(struct score_job *j, struct stage_ctx *t, struct fault *f)
{
	bool is_one = j->model[SCORE_REFERENCE].file == NULL;
	int rc;

	j->ctx = t;
	rc = run_model(j, SCORE_POLICY,
	    is_one ? 1 << SCORE_POLICY | 1 << SCORE_REFERENCE : 1 << SCORE_POLICY, f);
	if (rc == 0 && !is_one)
		rc = run_model(j, SCORE_REFERENCE, 1 << SCORE_REFERENCE, f);
	if (rc == 0)
		rc = write_ready(j, f);
	counters_add(t->count, "tokens", j->total_tokens);
	counters_add(t->count, "tokens-through-model", j->evaluated_tokens);
	return rc;
}

void
score_job_close(struct score_job *j)
{
	session_free(j->session);
	thread_pool_free(j->pool);
	for (int side = 0; side < SCORE_SIDES; side++)
		loaded_model_close(&j->model[side]);
	row_encoder_release(&j->encoder);
	score_rows_release(&j->rows);
	j->session = NULL;
	j->pool = NULL;
}
