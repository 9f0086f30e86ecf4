/* alignx-score - computes log-probabilities of responses. */

#include "config.h"

#include <inttypes.h>
#include <stdio.h>

#include "lib/json/json_write.h"
#include "lib/cli/report.h"
#include "schema/parse.h"
#include "stages/score/choices.h"
#include "stages/score/describe.h"
#include "stages/score/generate.h"
#include "stages/score/job.h"
#include "stages/score/read_rows.h"
#include "stages/score/token_scores.h"

static struct score_job job;
static struct parse *parse;
static uint64_t number;

/* --describe and --tokens. 1: done. */
static int
describe_or_score_ids(struct stage_ctx *t, struct fault *f)
{
	struct session_options o = score_job_session_options(&job, SCORE_POLICY);

	if (score_options.describe != NULL) {
		score_describe(&job.model[SCORE_POLICY], &score_options, &o, t->run_arena, t->out);
		return 1;
	}
	if (score_options.tokens == NULL) {
		if (score_job_open_tokenizers(&job, t->run_arena, f) < 0)
			return -2;
		for (int side = 0; side < SCORE_SIDES; side++)
			if (job.model[side].file != NULL)
				choices_say(&job.model[side], &job.settings[side], t->report);
		return 0;
	}
	return score_job_open_session(&job, SCORE_POLICY, f) < 0
		|| token_scores(job.session, score_options.tokens, t->out, f) < 0
	    ? -2
	    : 1;
}

static int
begin(struct stage_ctx *t, struct fault *f)
{
	struct score_options *o = &score_options;
	int rc;

	if (score_options_check(o, f) < 0)
		return -2;
	parse = parse_new();
	if (o->describe != NULL)
		o->model = o->describe;
	if (o->method == SCORE_DIRECTION)
		return 0;
	if (o->model == NULL && o->print == SCORE_PRINT_PROMPT) {
		job.settings[SCORE_POLICY] = score_options_encode_settings(o, false, NULL);
		return 0;
	}
	if (score_job_open(&job, o, t->run_arena, f) < 0)
		return -2;
	if ((rc = describe_or_score_ids(t, f)) != 0)
		score_job_close(&job);
	return rc;
}

static void
put_text_member(struct buf *b, const char *name, const struct buf *text)
{
	buf_printf(b, ",\"%s\":", name);
	json_write_text(b, text->data, text->len);
}

/* --print prompt */
static int
print_prompt(struct score_job *j, const struct record *r, struct buf *b, struct fault *f)
{
	static const char *const eos[] = { "plain", "spaced", "none" };
	const struct encode_settings *settings = &j->settings[SCORE_POLICY];
	struct row_encoder *e = &j->encoder;

	if (prompt_make(&e->prompt, &settings->prompt, r, f) < 0)
		return -1;
	buf_printf(b, "{\"row\":%" PRIu64 ",\"template\":\"%s\",\"bos\":%s,\"eos\":\"%s\"", number,
	    settings->prompt.template->name, settings->has_bos ? "true" : "false",
	    eos[settings->eos]);
	put_text_member(b, "prompt", &e->prompt.text);
	put_text_member(b, "chosen", encode_response_text(e, settings->eos, &r->chosen));
	put_text_member(b, "rejected", encode_response_text(e, settings->eos, &r->rejected));
	buf_add_str(b, "}\n");
	return 0;
}

static int
print_tokens(struct score_job *j, const struct record *r, struct buf *b, struct fault *f)
{
	static const char *const names[] = { "prompt", "chosen", "rejected" };
	struct model_scores t;
	const uint32_t *id;

	if (encode_row(&j->encoder, &j->model[SCORE_POLICY], &j->settings[SCORE_POLICY], r, &t, f)
	    < 0)
		return -1;
	j->truncated += j->encoder.is_truncated;
	j->conditioned += j->encoder.is_conditioned;
	id = (const uint32_t *)(const void *)j->encoder.ids.data;
	buf_printf(b, "{\"row\":%" PRIu64, number);
	for (int i = 0; i < 3; i++) {
		uint32_t n = i == 0 ? t.prompt : t.response[i - 1];

		buf_printf(b, ",\"%s\":[", names[i]);
		for (uint32_t k = 0; k < n; k++)
			buf_printf(b, "%s%" PRIu32, k > 0 ? "," : "", *id++);
		buf_add_byte(b, ']');
	}
	buf_add_str(b, "}\n");
	return 0;
}

static int
print_generated(struct score_job *j, const struct record *r, struct buf *b, struct fault *f)
{
	struct row_encoder *e = &j->encoder;
	const struct loaded_model *model = &j->model[SCORE_POLICY];
	struct model_scores t;
	size_t n;

	if (encode_row(e, model, &j->settings[SCORE_POLICY], r, &t, f) < 0
	    || score_generate(j->session, model, (const uint32_t *)(const void *)e->ids.data,
		   t.prompt, (size_t)score_options.generate, &e->text, &n, f)
		< 0)
		return -1;
	j->truncated += e->is_truncated;
	j->conditioned += e->is_conditioned;
	buf_printf(b, "{\"row\":%" PRIu64 ",\"tokens\":[%" PRIu32 ",%zu]", number, t.prompt, n);
	put_text_member(b, "generated", &e->text);
	buf_add_str(b, "}\n");
	return 0;
}

/* --method direction */
static int
add_direction_row(struct stage_ctx *t, const struct record *r, const struct descriptor *d,
    struct fault *f)
{
	struct score_row row = { .number = number };
	int sum = 0;

	if (direction_agreement(r, d, score_options.uses_released_rounding, &sum, f) < 0)
		return -1;
	row.of[SCORE_POLICY].sum[0] = sum;
	row.of[SCORE_POLICY].sum[1] = -sum;
	results_groups(&job.results, r, t->run_arena, row.group);
	results_add(&job.results, &row, score_options.is_summary ? NULL : t->out);
	return 0;
}

static int
handle_row(struct stage_ctx *t, const struct record *r, const struct descriptor *d, struct fault *f)
{
	if (score_options.method == SCORE_DIRECTION)
		return add_direction_row(t, r, d, f);
	if (score_options.print == SCORE_PRINT_PROMPT)
		return print_prompt(&job, r, t->out, f);
	if (score_options.print == SCORE_PRINT_TOKENS)
		return print_tokens(&job, r, t->out, f);
	if (score_options.generate > 0)
		return print_generated(&job, r, t->out, f);
	return score_job_add(&job, r, number, t->run_arena, f);
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	const struct descriptor *d = NULL;
	msgpack_object tree;
	struct record r;
	int rc = -1;

	number++;
	if (parse_tree(parse, &t->item, t->record_arena, &tree, f) == 0
	    && read_row(&tree, score_options.is_pairs, t->record_arena, &r, &d, f) == 0)
		rc = handle_row(t, &r, d, f);
	if (rc == -1)
		parse_locate(&t->item, f);
	return rc;
}

static void
report_conditioned(struct stage_ctx *t)
{
	struct fault line = FAULT_NONE;

	counters_add(t->count, "prompts-without-tokens", job.conditioned);
	if (job.conditioned == 0 || t->report->is_quiet)
		return;
	snprintf(line.text, sizeof(line.text),
	    "prompts without tokens, which BOS or EOS stands for: %" PRIu64, job.conditioned);
	report_say(t->report, &line);
}

/* The factors that LongRoPE scales frequencies by depend on the length of a text. */
static void
report_long(struct stage_ctx *t)
{
	struct fault line = FAULT_NONE;

	if (job.long_texts == 0)
		return;
	counters_add(t->count, "long-texts", job.long_texts);
	if (t->report->is_quiet)
		return;
	snprintf(line.text, sizeof(line.text),
	    "texts longer than the model's original context, with its long RoPE factors: %" PRIu64,
	    job.long_texts);
	report_say(t->report, &line);
}

static void
report_truncated(struct stage_ctx *t)
{
	struct fault line = FAULT_NONE;

	counters_add(t->count, "truncated", job.truncated);
	if (job.truncated == 0 || t->report->is_quiet)
		return;
	snprintf(line.text, sizeof(line.text), "rows truncated by --truncate %ld: %" PRIu64,
	    score_options.truncate, job.truncated);
	report_say(t->report, &line);
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	int rc = 0;

	if (job.rows.ids != NULL)
		rc = score_job_run(&job, t, f);
	if (rc == 0 && score_options.method != SCORE_DIRECTION) {
		report_truncated(t);
		report_conditioned(t);
		report_long(t);
	}
	if (rc == 0 && score_options.print == SCORE_PRINT_SCORES && score_options.generate == 0) {
		results_count(&job.results, t->run_arena, t->count);
		if (score_options.is_summary)
			results_print_table(&job.results, t->out);
		else if (!t->report->is_quiet)
			results_report(&job.results, t->report);
	}
	score_job_close(&job);
	parse_free(parse);
	return rc;
}

static const struct tool tool = {
	.name = "alignx-score",
	.summary = "score responses with a model",
	.operands = "[file ...]",
	.opts = score_opts,
	.input = TOOL_FOREIGN,
	.output = TOOL_TEXT,
	.begin = begin,
	.step = step,
	.end = end,
};

int
main(int argc, char **argv)
{
	int rc = tool_main(&tool, argc, argv);

	resume_close(&job.resume, rc < 2);
	return rc;
}
