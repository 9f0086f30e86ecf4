#include "config.h"

#include <sys/stat.h>
#include <xxhash.h>

#include "lib/cli/report.h"
#include "stages/score/job.h"

static bool
has_reference(const struct score_job *j)
{
	return score_options_reference(j->options) != SCORE_NO_REFERENCE;
}

/* The model of a side: the reference may be the same with other words. */
static struct loaded_model *
engine_of(struct score_job *j, enum score_side side)
{
	return &j->engine[j->engine[side].file != NULL ? side : SCORE_POLICY];
}

int
score_job_open(struct score_job *j, const struct score_options *o,
    struct arena *life, struct fault *f)
{
	enum score_reference reference = score_options_reference(o);

	j->options = o;
	j->outcome.has_reference = has_reference(j);
	j->outcome.beta = o->beta;
	if (o->model == NULL)
		return fault_stop(f, "--model must name a model");
	if (loaded_model_open(&j->engine[SCORE_POLICY], o->model, o->pear, life, f) < 0)
		return -2;
	if (reference == SCORE_REFERENCE_MODEL || (reference == SCORE_WITHOUT_PERSONA
	    && (o->pear != NULL || o->reference_pear != NULL)))
		return loaded_model_open(&j->engine[SCORE_REFERENCE],
		    reference == SCORE_REFERENCE_MODEL ? o->reference : o->model,
		    o->reference_pear, life, f);
	return 0;
}

struct session_options
score_job_session_options(const struct score_job *j, enum score_side side)
{
	const struct score_options *o = j->options;

	return (struct session_options){ .tokens = (size_t)o->room,
		.batch = (size_t)o->batch, .coefficient = j->engine[side].coefficient,
		.precision = (enum precision)o->precision,
		.level = o->is_plain ? LEVEL_PLAIN : level_of_processor() };
}

static int
check_memory(const struct score_job *j, enum score_side side, struct fault *f)
{
	const struct session_options o = score_job_session_options(j, side);

	return session_check(&j->engine[side].model, &o, (size_t)j->options->threads,
	    j->engine[side].file, "lower --room or --batch", f);
}

int
score_job_open_session(struct score_job *j, enum score_side side, struct fault *f)
{
	struct session_options o = score_job_session_options(j, side);

	if (j->pool == NULL
	    && (j->pool = pool_new((size_t)j->options->threads, f)) == NULL)
		return -2;
	session_free(j->session);
	j->session = NULL;
	if (check_memory(j, side, f) < 0)
		return -2;
	j->session = session_open(&j->engine[side].model, &o, j->pool);
	return 0;
}

/* Sums are kept beside an output file, unless it is a device or a pipe. */
static int
open_resume(struct score_job *j, struct fault *f)
{
	const char *file = tool_file();
	struct stat st;

	if (file == NULL && j->options->resumes)
		return fault_stop(f, "--resume needs the output file of the earlier run; "
		    "name it with -o");
	if (file == NULL || j->options->is_summary
	    || (stat(file, &st) == 0 && !S_ISREG(st.st_mode)))
		return 0;
	return resume_open(&j->resume, file, j->options->resumes, f);
}

int
score_job_open_tokenizers(struct score_job *j, struct arena *life, struct fault *f)
{
	/* before the first row is read, as the last one is long after it */
	for (int side = 0; side < SCORE_SIDES; side++)
		if (j->engine[side].file != NULL
		    && ((j->options->print == SCORE_PRINT_SCORES
		    && check_memory(j, (enum score_side)side, f) < 0)
		    || loaded_model_read_tokenizer(&j->engine[side], life, f) < 0))
			return -2;
	for (int side = 0; side < SCORE_SIDES; side++)
		j->ask[side] = score_options_encode_settings(j->options, side == SCORE_REFERENCE,
		    engine_of(j, (enum score_side)side));
	if (j->options->generate > 0)
		return score_job_open_session(j, SCORE_POLICY, f);
	if (j->options->print != SCORE_PRINT_SCORES)
		return 0;
	for (int side = 0; side < SCORE_SIDES; side++)
		if (j->engine[side].file != NULL)
			loaded_model_hash(&j->engine[side]);
	j->rows.ids = spool_new(j->options->memory, j->options->tmpdir, f);
	return j->rows.ids == NULL ? -2 : open_resume(j, f);
}

static int
check_length(const struct score_job *j, const struct model *m,
    const struct model_scores *t, struct fault *f)
{
	size_t len = t->response[0] > t->response[1] ? t->response[0] : t->response[1];

	len += t->prompt;
	if (len <= m->context && len <= (size_t)j->options->room)
		return 0;
	return fault_set(f, "too-long", "%zu tokens, with the model's context of %zu and "
	    "--room for %ld; shorten with --truncate", len, m->context,
	    j->options->room);
}

/* Ids and key of a side. */
static int
add_side(struct score_job *j, struct score_row *row, enum score_side side,
    const struct record *r, struct fault *f)
{
	struct loaded_model *e = engine_of(j, side);
	struct model_scores *t = &row->of[side];
	uint32_t count[4] = { 0 };

	if (encode_row(&j->encoder, e, &j->ask[side], r, t, f) < 0
	    || check_length(j, &e->model, t, f) < 0)
		return -1;
	count[0] = t->prompt;
	count[1] = t->response[0];
	count[2] = t->response[1];
	count[3] = (uint32_t)j->options->precision;
	row->left[side] = 2;
	row->key = XXH3_64bits_withSeed(count, sizeof(count), row->key
	    ^ e->key);
	row->key = XXH3_64bits_withSeed(j->encoder.ids.data, j->encoder.ids.len,
	    row->key);
	return spool_add(j->rows.ids, j->encoder.ids.data, j->encoder.ids.len, &t->at, f);
}

int
score_job_add(struct score_job *j, const struct record *r, uint64_t number,
    struct arena *life, struct fault *f)
{
	struct score_row row = { .number = number };
	int rc = add_side(j, &row, SCORE_POLICY, r, f);

	if (rc == 0 && has_reference(j))
		rc = add_side(j, &row, SCORE_REFERENCE, r, f);
	if (rc < 0)
		return rc;
	results_groups(&j->outcome, r, life, row.group);
	resume_fill(&j->resume, &row);
	for (int side = 0; side < SCORE_SIDES; side++)
		j->given += row.of[side].prompt + row.of[side].response[0]
		    + row.of[side].response[1];
	buf_add(&j->rows.rows, &row, sizeof(row));
	return 0;
}

static void
landed(void *with, const struct score_row *row, enum score_side side)
{
	struct score_job *j = with;

	resume_add(&j->resume, row, side);
}

/* Writes the rows that are ready, as far as those before them are. */
static int
put_ready(struct score_job *j, struct fault *f)
{
	size_t n;
	const struct score_row *row = score_rows_all(&j->rows, &n);

	for (; j->out < n && row[j->out].left[0] + row[j->out].left[1] == 0; j->out++) {
		results_add(&j->outcome, &row[j->out], j->options->is_summary ? NULL
		    : j->turn->out);
		if (tool_flush(j->turn, f) < 0)
			return -2;
	}
	return 0;
}

static int
tell(void *with, uint64_t done, uint64_t all, struct fault *f)
{
	struct score_job *j = with;

	progress_work(&j->turn->report->progress, "tokens", done, all);
	return resume_flush(&j->resume, f) < 0 ? -2 : put_ready(j, f);
}

/* Asks one model: about both sides if it answers for both. */
static int
ask(struct score_job *j, enum score_side side, unsigned sides, struct fault *f)
{
	struct score_run r = { .room = (size_t)j->options->room, .rows = &j->rows,
		.landed = landed, .tell = tell, .with = j };
	struct trie_order o;
	int rc = trie_order_make(&o, &j->rows, sides, f);

	if (rc == 0 && o.n > 0) {
		if ((rc = score_job_open_session(j, side, f)) == 0) {
			r.session = j->session;
			rc = score_run(&r, &o, f);
			j->taken += session_evaluated(j->session);
		}
	}
	trie_order_release(&o);
	return rc;
}

int
score_job_run(struct score_job *j, struct turn *t, struct fault *f)
{
	bool is_one = j->engine[SCORE_REFERENCE].file == NULL;
	int rc;

	j->turn = t;
	rc = ask(j, SCORE_POLICY, is_one ? 1 << SCORE_POLICY | 1 << SCORE_REFERENCE
	    : 1 << SCORE_POLICY, f);
	if (rc == 0 && !is_one)
		rc = ask(j, SCORE_REFERENCE, 1 << SCORE_REFERENCE, f);
	if (rc == 0)
		rc = put_ready(j, f);
	count_add(t->count, "tokens", j->given);
	count_add(t->count, "tokens-through-model", j->taken);
	return rc;
}

void
score_job_close(struct score_job *j)
{
	session_free(j->session);
	pool_free(j->pool);
	for (int side = 0; side < SCORE_SIDES; side++)
		loaded_model_close(&j->engine[side]);
	row_encoder_release(&j->encoder);
	score_rows_release(&j->rows);
	j->session = NULL;
	j->pool = NULL;
}
