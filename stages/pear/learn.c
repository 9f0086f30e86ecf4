/* alignx-pear learn - a coefficient for each of a few heads. */

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
#include "stages/pear/pear.h"
#include "stages/pear/checkpoint.h"

enum { TOP = 30, SEEDS = 3, SAVE_EVERY = 10 };

static const char *heads_text, *checkpoint_file;
static long top, steps = 60, warm_up = 2, decay = 2500, held_out = 20, every = 10;
static double rate = 0.005, max_grad_norm = 1;
static bool is_resumed;

static const struct opt opts[] = {
	{ 0, "heads", "n|file", OPT_FILE, &heads_text,
	    "learn: the heads: the first n that detect finds, or those in file, a list "
	    "such as detect writes", 0, 0, NULL },
	{ 0, "top", "n", OPT_INT, &top,
	    "learn: take the first n heads of the file (default all; 30 if it ranks all "
	    "heads of the model)", 1, 1 << 20, NULL },
	{ 0, "steps", "n", OPT_INT, &steps,
	    "learn: end after n steps (default 60)", 0, 1 << 24, NULL },
	{ 0, "rate", "x", OPT_REAL, &rate,
	    "learn: the learning rate (default 0.005)", 0, 1, NULL },
	{ 0, "warm-up", "steps", OPT_INT, &warm_up,
	    "learn: let the rate rise over so many steps (default 2)", 0, 1 << 24, NULL },
	{ 0, "decay", "steps", OPT_INT, &decay,
	    "learn: let the rate fall to 0 at this step (default 2500)", 1, 1 << 24, NULL },
	{ 0, "clip", "x", OPT_REAL, &max_grad_norm,
	    "learn: shorten longer gradients to x (default 1; 0 does not)", 0, 1e9, NULL },
	{ 0, "held-out", "n", OPT_INT, &held_out,
	    "learn: judge by n texts that are not learned from (default 20)", 2, 1 << 20,
	    NULL },
	{ 0, "evaluate", "steps", OPT_INT, &every,
	    "learn: judge every so many steps (default 10)", 1, 1 << 24, NULL },
	{ 0, "checkpoint", "file", OPT_FILE, &checkpoint_file,
	    "learn: keep the run's state in file, every ten steps and at the end", 0, 0,
	    NULL },
	{ 0, "resume", NULL, OPT_FLAG, &is_resumed,
	    "learn: go on from the --checkpoint if it is there", 0, 0, NULL },
	{ 0 },
};

/* A run while it goes on. */
struct learn {
	struct pear_run_context program;
	struct head_learning_options settings;
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
	return pear_check_memory(&l->program, head_learning_bytes(&l->program.work,
	    &l->settings, state), l->settings.length, f);
}

static void
tell_heads(void *with, size_t done, size_t all)
{
	progress_say(with, "looking for heads: %zu of %zu", done, all);
}

/* The first n heads that detection finds, as alignx-pear detect does it. */
static int
find_heads(struct learn *l, size_t n, struct fault *f)
{
	const struct model *m = &l->program.model;
	struct ranked_head *ranked = arena_get(l->arena, m->layers * m->heads
	    * sizeof(*ranked));
	struct head_effects run[SEEDS] = { 0 };
	struct pear_context work = l->program.work;

	work.on_progress = tell_heads;
	work.with = &l->program.progress;
	if (check_memory(l, NULL, f) < 0)
		return -2;
	for (size_t i = 0; i < SEEDS; i++) {
		run[i].options = (struct head_effects_options){ .sequences = l->settings.sequences,
			.length = l->settings.length, .seed = l->settings.seed + i };
		if (pear_check_memory(&l->program, head_effects_bytes(&work, &run[i].options),
		    l->settings.length, f) < 0
		    || head_effects_compute(&work, &l->program.copy_task, &run[i], l->arena, f) < 0)
			return -2;
	}
	head_ranking_make(run, SEEDS, m->layers, m->heads, ranked);
	l->heads = (struct head_list){ .at = arena_get(l->arena, n
	    * sizeof(*l->heads.at)), .len = n };
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

	if (heads_text == NULL)
		return fault_stop(f, "--heads must tell how many heads, or name a file of "
		    "them");
	if (is_count(heads_text)) {
		n = strtoul(heads_text, NULL, 10);
		if (n < 1 || n > all)
			return fault_stop(f, "--heads %s: the model has %zu heads", heads_text,
			    all);
		return find_heads(l, n, f);
	}
	if (head_list_read(&l->heads, heads_text, m->layers, m->heads, l->arena, f) < 0
	    || head_coefficients_check(&l->heads, heads_text, m, f) < 0)
		return -2;
	if (l->heads.len == 0)
		return fault_stop(f, "%s: there are no heads in it", heads_text);
	n = top > 0 ? (size_t)top : l->heads.len == all && all > TOP ? TOP : all;
	l->heads.len = n < l->heads.len ? n : l->heads.len;
	return 0;
}

static int
settle(struct learn *l, struct fault *f)
{
	struct head_learning_options *s = &l->settings;

	*s = (struct head_learning_options){ .warmup = (size_t)warm_up,
		.decay = (size_t)decay, .rate = rate, .max_grad_norm = max_grad_norm,
		.seed = (uint64_t)pear_options.seed, .held_out = (size_t)held_out };
	if (decay <= warm_up)
		return fault_stop(f, "--decay %ld does not lie behind --warm-up %ld", decay,
		    warm_up);
	return pear_number(&pear_options.length, "length", 0, 50, 2, &s->length, f) < 0
	    || pear_number(&pear_options.sequences, "sequences", 0, 20, 1, &s->sequences, f) < 0
	    ? -2 : 0;
}

static void
put_settings(const struct head_learning_options *s, struct buf *b)
{
	buf_printf(b, "{\"length\": %zu, \"sequences\": %zu, \"warm_up\": %zu, \"decay\": "
	    "%zu, \"seed\": %" PRIu64 ", \"held_out\": %zu, \"evaluate\": %ld, \"rate\": ",
	    s->length, s->sequences, s->warmup, s->decay, s->seed, s->held_out, every);
	json_put_real(b, s->rate);
	buf_add_str(b, ", \"clip\": ");
	json_put_real(b, s->max_grad_norm);
	buf_add_byte(b, '}');
}

/* All that decides how the run goes, but for how far. */
static void
name_run(struct learn *l)
{
	char fingerprint[FINGERPRINT_SIZE];

	model_fingerprint(&l->program.model, fingerprint);
	put_settings(&l->settings, &l->name);
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

	*s = (struct head_learning_state){ .len = n, .head = l->heads.at,
		.coefficient = arena_get(l->arena, n * sizeof(float)),
		.first_moment = arena_get(l->arena, n * sizeof(double)),
		.second_moment = arena_get(l->arena, n * sizeof(double)) };
	for (size_t i = 0; i < n; i++)
		s->coefficient[i] = 1;
	if (checkpoint_file != NULL && is_resumed)
		rc = pear_checkpoint_read(&l->run, checkpoint_file, l->arena, f);
	if (rc < 0)
		return -2;
	if (s->step > (size_t)steps)
		return fault_stop(f, "%s: it is at step %zu already, behind --steps %ld",
		    checkpoint_file, s->step, steps);
	if (check_memory(l, s, f) < 0)
		return -2;
	l->learning = head_learning_open(&l->program.work, &l->program.copy_task,
	    &l->settings, s, f);
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
	return pear_write(checkpoint_file, &l->out, f);
}

static void
judge(struct learn *l, struct pear_event *e)
{
	memset(e, 0, sizeof(*e));
	e->step = l->run.state.step;
	e->loss = l->run.loss / (double)every;
	head_learning_evaluate(l->learning, &e->held_out);
	buf_add(&l->run.events, e, sizeof(*e));
	l->run.loss = 0;
}

static int
go(struct learn *l, struct fault *f)
{
	struct head_learning_state *s = &l->run.state;
	struct pear_event last = { .held_out = l->run.before };

	while (s->step < (size_t)steps) {
		double loss = head_learning_step(l->learning);

		l->run.loss += loss;
		if (s->step % (size_t)every == 0)
			judge(l, &last);
		progress_say(&l->program.progress, "step %zu of %ld: loss %.4f; held out: "
		    "loss %.4f, copy accuracy %.4f", s->step, steps, loss,
		    last.held_out.loss, last.held_out.accuracy);
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
	put_settings(&l->settings, b);
	buf_add_str(b, ",\n");
	pear_put_copy_score("before", &l->run.before, b);
	buf_add_str(b, ",\n");
	pear_put_copy_score("after", &after, b);
	buf_add_str(b, ",\n\"history\": [");
	pear_checkpoint_put_events(&l->run.events, b);
	buf_add_str(b, "],\n\"heads\": [");
	for (size_t i = 0; i < s->len; i++) {
		buf_printf(b, "%s\n  {\"layer\": %zu, \"head\": %zu, \"coefficient\": ",
		    i > 0 ? "," : "", s->head[i].layer, s->head[i].head);
		json_put_real(b, (double)s->coefficient[i]);
		buf_add_byte(b, '}');
	}
	buf_add_str(b, "]}\n");
	return pear_write(pear_options.output, b, f);
}

static int
run(struct turn *t, const char *model, struct fault *f)
{
	struct learn l = { .arena = t->life };
	int rc = settle(&l, f);

	if (rc < 0 || pear_open(&l.program, model, t->life, f) < 0)
		return -2;
	if ((rc = choose_heads(&l, f)) == 0) {
		name_run(&l);
		rc = begin_state(&l, f);
	}
	if (rc == 0 && (rc = go(&l, f)) == 0)
		rc = write_out(&l, f);
	head_learning_close(l.learning);
	pear_close(&l.program);
	buf_release(&l.name);
	buf_release(&l.out);
	buf_release(&l.run.events);
	return rc;
}

const struct pear_command pear_learn_command = {
	.name = "learn",
	.gist = "learn coefficients of attention heads",
	.opts = opts,
	.is_working = true,
	.run = run,
};
