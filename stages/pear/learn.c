/* alignx-pear learn - learns a coefficient for each of a few heads. */

#include "config.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "infer/pear/head_coefficients.h"
#include "infer/model/fingerprint.h"
#include "infer/pear/head_learning.h"
#include "infer/pear/head_ranking.h"
#include "lib/json/json_write.h"
#include "lib/io/sink.h"
#include "stages/pear/pear.h"
#include "stages/pear/checkpoint.h"

enum { TOP = 30, SEEDS = 3, SAVE_EVERY = 10 };

static const char *heads_arg, *checkpoint_file;
static long top, steps = 60, warmup = 2, decay = 2500, held_out = 20, eval_every = 10;
static double rate = 0.005, max_grad_norm = 1;
static bool is_resumed;

static const struct opt opts[] = {
	{ 0, "heads", "n|file", OPT_FILE, &heads_arg,
	    "learn: coefficients for the n strongest suppressors that detect finds, or for "
	    "the heads in file, such as detect writes",
	    0, 0, NULL },
	{ 0, "top", "n", OPT_INT, &top,
	    "learn: take only the first n heads of the file (default all; 30 if it ranks "
	    "all heads of the model)",
	    1, 1 << 20, NULL },
	{ 0, "steps", "n", OPT_INT, &steps, "learn: stop after n steps (default 60)", 0, 1 << 24,
	    NULL },
	{ 0, "learning-rate", "x", OPT_REAL, &rate, "learn: peak learning rate (default 0.005)", 0,
	    1, NULL, "rate" },
	{ 0, "warmup-steps", "n", OPT_INT, &warmup,
	    "learn: raise the learning rate over the first n steps (default 2)", 0, 1 << 24, NULL,
	    "warm-up" },
	{ 0, "decay-steps", "n", OPT_INT, &decay,
	    "learn: lower the learning rate linearly to 0 at step n (default 2500)", 1, 1 << 24,
	    NULL, "decay" },
	{ 0, "max-grad-norm", "x", OPT_REAL, &max_grad_norm,
	    "learn: clip the gradient to norm x (default 1; 0 is no clipping)", 0, 1e9, NULL,
	    "clip" },
	{ 0, "held-out", "n", OPT_INT, &held_out,
	    "learn: evaluate on n sequences that are not learned from (default 20)", 2, 1 << 20,
	    NULL },
	{ 0, "eval-steps", "n", OPT_INT, &eval_every, "learn: evaluate every n steps (default 10)",
	    1, 1 << 24, NULL, "evaluate" },
	{ 0, "checkpoint", "file", OPT_FILE, &checkpoint_file,
	    "learn: save the run's state to file every ten steps and at the end", 0, 0, NULL },
	{ 0, "resume", NULL, OPT_FLAG, &is_resumed,
	    "learn: continue from --checkpoint if the file exists", 0, 0, NULL },
	{ 0 },
};

struct learn {
	struct pear_tool program;
	struct head_learning_options options;
	struct head_list heads;
	struct pear_run run;
	struct head_learning *learning;
	struct buf name, out;
	struct arena *arena;
};

static bool
is_count(const char *s)
{
	while (isdigit((unsigned char)*s))
		s++;
	return *s == '\0';
}

static int
check_memory(const struct learn *l, const struct head_learning_state *state, struct fault *f)
{
	return pear_check_memory(&l->program,
	    head_learning_bytes(&l->program.ctx, &l->options, state), l->options.length, f);
}

static void
report_heads(void *with, size_t done, size_t all)
{
	progress_printf(with, "finding heads: %zu of %zu", done, all);
}

/* The first n heads as alignx-pear detect ranks them. */
static int
find_heads(struct learn *l, size_t n, struct fault *f)
{
	const struct model *m = &l->program.model;
	struct ranked_head *ranked = arena_alloc(l->arena, m->layers * m->heads * sizeof(*ranked));
	struct head_effects run[SEEDS] = { 0 };
	struct pear_context ctx = l->program.ctx;

	ctx.on_progress = report_heads;
	ctx.with = &l->program.progress;
	if (check_memory(l, NULL, f) < 0)
		return -2;
	for (size_t i = 0; i < SEEDS; i++) {
		run[i].options = (struct head_effects_options){ .sequences = l->options.sequences,
			.length = l->options.length,
			.seed = l->options.seed + i };
		if (pear_check_memory(&l->program, head_effects_bytes(&ctx, &run[i].options),
			l->options.length, f)
			< 0
		    || head_effects_compute(&ctx, &l->program.copy_task, &run[i], l->arena, f) < 0)
			return -2;
	}
	head_ranking_make(run, SEEDS, m->layers, m->heads, ranked);
	l->heads = (struct head_list){ .at = arena_alloc(l->arena, n * sizeof(*l->heads.at)),
		.len = n };
	for (size_t i = 0; i < n; i++)
		l->heads.at[i] = (struct head_entry){ .layer = ranked[i].layer,
			.head = ranked[i].head };
	return 0;
}

static int
choose_heads(struct learn *l, struct fault *f)
{
	const struct model *m = &l->program.model;
	const size_t all = m->layers * m->heads;
	unsigned long n;

	if (heads_arg == NULL)
		return fault_stop(f,
		    "--heads must be a number of heads or a file that "
		    "lists them");
	if (is_count(heads_arg)) {
		n = strtoul(heads_arg, NULL, 10);
		if (n < 1 || n > all)
			return fault_stop(f, "--heads %s: the model has %zu heads", heads_arg, all);
		return find_heads(l, n, f);
	}
	if (head_list_read(&l->heads, heads_arg, m->layers, m->heads, l->arena, f) < 0
	    || head_coefficients_check(&l->heads, heads_arg, m, f) < 0)
		return -2;
	if (l->heads.len == 0)
		return fault_stop(f, "%s: it lists no heads", heads_arg);
	n = top > 0 ? (size_t)top : l->heads.len == all && all > TOP ? TOP : all;
	l->heads.len = n < l->heads.len ? n : l->heads.len;
	return 0;
}

static int
read_options(struct learn *l, struct fault *f)
{
	struct head_learning_options *s = &l->options;

	*s = (struct head_learning_options){ .warmup = (size_t)warmup,
		.decay = (size_t)decay,
		.rate = rate,
		.max_grad_norm = max_grad_norm,
		.seed = (uint64_t)pear_options.seed,
		.held_out = (size_t)held_out };
	if (decay <= warmup)
		return fault_stop(f, "--decay-steps %ld must be more than --warmup-steps %ld",
		    decay, warmup);
	return pear_number(&pear_options.length, "length", 0, 50, 2, &s->length, f) < 0
		|| pear_number(&pear_options.sequences, "sequences", 0, 20, 1, &s->sequences, f) < 0
	    ? -2
	    : 0;
}

static void
put_settings(const struct head_learning_options *s, struct buf *b)
{
	buf_printf(b,
	    "{\"length\": %zu, \"sequences\": %zu, \"warm_up\": %zu, \"decay\": "
	    "%zu, \"seed\": %" PRIu64 ", \"held_out\": %zu, \"evaluate\": %ld, \"rate\": ",
	    s->length, s->sequences, s->warmup, s->decay, s->seed, s->held_out, eval_every);
	json_write_real(b, s->rate);
	buf_add_str(b, ", \"clip\": ");
	json_write_real(b, s->max_grad_norm);
	buf_add_byte(b, '}');
}

/* All that decides the result, but for the number of steps. */
static void
name_run(struct learn *l)
{
	char fingerprint[FINGERPRINT_SIZE];

	model_fingerprint(&l->program.model, fingerprint);
	put_settings(&l->options, &l->name);
	buf_printf(&l->name, " %s", fingerprint);
	for (size_t i = 0; i < l->heads.len; i++)
		buf_printf(&l->name, " %zu.%zu", l->heads.at[i].layer, l->heads.at[i].head);
	buf_add_byte(&l->name, '\0');
	l->run.name = l->name.data;
}

static int
begin_state(struct learn *l, struct fault *f)
{
	struct head_learning_state *s = &l->run.state;
	const size_t n = l->heads.len;
	int rc = 1;

	*s = (struct head_learning_state){ .len = n,
		.head = l->heads.at,
		.coefficient = arena_alloc(l->arena, n * sizeof(float)),
		.first_moment = arena_alloc(l->arena, n * sizeof(double)),
		.second_moment = arena_alloc(l->arena, n * sizeof(double)) };
	for (size_t i = 0; i < n; i++)
		s->coefficient[i] = 1;
	if (checkpoint_file != NULL && is_resumed)
		rc = pear_checkpoint_read(&l->run, checkpoint_file, l->arena, f);
	if (rc < 0)
		return -2;
	if (s->step > (size_t)steps)
		return fault_stop(f, "%s: it is at step %zu already, past --steps %ld",
		    checkpoint_file, s->step, steps);
	if (check_memory(l, s, f) < 0)
		return -2;
	l->learning = head_learning_open(&l->program.ctx, &l->program.copy_task, &l->options, s, f);
	if (l->learning != NULL && rc == 1)
		head_learning_evaluate(l->learning, &l->run.before);
	return l->learning != NULL ? 0 : -2;
}

static int
save(struct learn *l, struct fault *f)
{
	if (checkpoint_file == NULL)
		return 0;
	buf_clear(&l->out);
	pear_checkpoint_put(&l->run, &l->out);
	return sink_write_file(checkpoint_file, l->out.data, l->out.len, f);
}

static void
evaluate(struct learn *l, struct pear_evaluation *e)
{
	memset(e, 0, sizeof(*e));
	e->step = l->run.state.step;
	e->loss = l->run.loss / (double)eval_every;
	head_learning_evaluate(l->learning, &e->held_out);
	buf_add(&l->run.evaluations, e, sizeof(*e));
	l->run.loss = 0;
}

static int
run_steps(struct learn *l, struct fault *f)
{
	struct head_learning_state *s = &l->run.state;
	struct pear_evaluation last = { .held_out = l->run.before };

	while (s->step < (size_t)steps) {
		double loss = head_learning_step(l->learning);

		l->run.loss += loss;
		if (s->step % (size_t)eval_every == 0)
			evaluate(l, &last);
		progress_printf(&l->program.progress,
		    "step %zu of %ld: loss %.4f; held out: "
		    "loss %.4f, copy accuracy %.4f",
		    s->step, steps, loss, last.held_out.loss, last.held_out.accuracy);
		if (s->step % SAVE_EVERY == 0 && save(l, f) < 0)
			return -2;
	}
	return save(l, f);
}

static int
write_out(struct learn *l, struct fault *f)
{
	const struct head_learning_state *s = &l->run.state;
	struct copy_score after;
	struct buf *b = &l->out;

	head_learning_evaluate(l->learning, &after);
	buf_clear(b);
	buf_add_byte(b, '{');
	pear_put_model(&l->program, b);
	buf_printf(b, ",\n\"steps\": %zu,\n\"settings\": ", s->step);
	put_settings(&l->options, b);
	buf_add_str(b, ",\n");
	pear_put_copy_score("before", &l->run.before, b);
	buf_add_str(b, ",\n");
	pear_put_copy_score("after", &after, b);
	buf_add_str(b, ",\n\"history\": [");
	pear_checkpoint_put_evaluations(&l->run.evaluations, b);
	buf_add_str(b, "],\n\"heads\": [");
	for (size_t i = 0; i < s->len; i++) {
		buf_printf(b,
		    "%s\n  {\"layer\": %zu, \"head\": %zu, \"coefficient\": ", i > 0 ? "," : "",
		    s->head[i].layer, s->head[i].head);
		json_write_real(b, (double)s->coefficient[i]);
		buf_add_byte(b, '}');
	}
	buf_add_str(b, "]}\n");
	return sink_write_file(pear_options.output, b->data, b->len, f);
}

static int
run(struct stage_ctx *t, const char *model, struct fault *f)
{
	struct learn l = { .arena = t->run_arena };
	int rc = read_options(&l, f);

	if (rc < 0 || pear_open(&l.program, model, t->run_arena, f) < 0)
		return -2;
	if ((rc = choose_heads(&l, f)) == 0) {
		name_run(&l);
		rc = begin_state(&l, f);
	}
	if (rc == 0 && (rc = run_steps(&l, f)) == 0)
		rc = write_out(&l, f);
	head_learning_close(l.learning);
	pear_close(&l.program);
	buf_release(&l.name);
	buf_release(&l.out);
	buf_release(&l.run.evaluations);
	return rc;
}

const struct pear_command pear_learn_command = {
	.name = "learn",
	.summary = "learn coefficients of attention heads",
	.opts = opts,
	.needs_copy_task = true,
	.run = run,
};
