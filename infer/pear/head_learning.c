#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/pear/backward.h"
#include "infer/pear/head_learning.h"
#include "infer/pear/lm_loss.h"
#include "lib/core/arena.h"

/* Texts of this number and above are held out. */
#define HELD_OUT ((uint64_t)1 << 62)

struct pear_learning {
	const struct pear_work *work;
	const struct copying *copying;
	struct pear_settings settings;
	struct pear_state *state;
	float *coefficient;		/* layers x heads */
	struct trace trace;
	struct backward *backward;
	struct readout *readout;
	uint32_t *id, *target;		/* of a step */
	float *second, *d_second;	/* states that tell second copies, and gradients */
	float *d_hidden;
	struct readout_answer *answer;
	double *each;			/* of each text of a pass: layers x heads */
};

static size_t
lowest_layer(const struct pear_state *s, size_t layers)
{
	size_t least = layers - 1;

	for (size_t i = 0; s != NULL && i < s->len; i++)
		least = s->head[i].layer < least ? s->head[i].layer : least;
	return least;
}

static size_t
pass_bytes(const struct pear_work *w, const struct trace_options *o)
{
	return trace_bytes(w->model, o, pool_threads(w->pool))
	    + backward_bytes(w->model, o);
}

/* Texts that go there and back in one pass. */
static size_t
texts_in_pass(const struct pear_work *w, struct trace_options o, size_t all)
{
	size_t n;

	o.texts = 1;
	n = w->memory / pass_bytes(w, &o);
	return n < 1 ? 1 : n < all ? n : all;
}

size_t
pear_learn_bytes(const struct pear_work *w, const struct pear_settings *s,
    const struct pear_state *state)
{
	const struct model *m = w->model;
	struct trace_options o = { .length = 2 * s->length,
		.first = lowest_layer(state, m->layers) };
	size_t rows;

	o.texts = texts_in_pass(w, o, s->texts);
	rows = o.texts * s->length;
	return pass_bytes(w, &o) + readout_bytes(m, rows, true)
	    + 4 * rows * m->width * sizeof(float)
	    + o.texts * m->layers * m->heads * sizeof(double)
	    + pear_judge_bytes(w, s->held_out, s->length);
}

struct pear_learning *
pear_learn_open(const struct pear_work *w, const struct copying *c,
    const struct pear_settings *s, struct pear_state *state, struct fault *f)
{
	const struct model *m = w->model;
	struct pear_learning *l;
	struct trace_options o = { .length = 2 * s->length, .level = w->level,
		.first = lowest_layer(state, m->layers) };
	size_t rows;

	if (2 * s->length > m->context) {
		fault_stop(f, "texts of %zu + %zu tokens are longer than the model's context "
		    "of %zu", s->length, s->length, m->context);
		return NULL;
	}
	l = arena_array(1, sizeof(*l));
	l->work = w;
	l->copying = c;
	l->settings = *s;
	l->state = state;
	o.coefficient = l->coefficient = arena_array(m->layers * m->heads, sizeof(float));
	o.texts = texts_in_pass(w, o, s->texts);
	rows = o.texts * s->length;
	trace_open(&l->trace, m, &o, w->pool);
	l->backward = backward_new(&l->trace);
	l->readout = readout_new(m, w->level, rows,
	    forward_logits(l->trace.forward), w->pool);
	l->id = arena_array(s->texts * 2 * s->length, sizeof(*l->id));
	l->target = arena_array(rows, sizeof(*l->target));
	l->second = arena_array(rows * m->width, sizeof(float));
	l->d_second = arena_array(rows * m->width, sizeof(float));
	l->d_hidden = arena_array(2 * rows * m->width, sizeof(float));
	l->answer = arena_array(rows, sizeof(*l->answer));
	l->each = arena_array(o.texts * m->layers * m->heads, sizeof(double));
	return l;
}

void
pear_learn_close(struct pear_learning *l)
{
	if (l == NULL)
		return;
	trace_close(&l->trace);
	backward_free(l->backward);
	readout_free(l->readout);
	free(l->coefficient);
	free(l->id);
	free(l->target);
	free(l->second);
	free(l->d_second);
	free(l->d_hidden);
	free(l->answer);
	free(l->each);
	free(l);
}

static void
spread(struct pear_learning *l)
{
	const struct model *m = l->work->model;
	const struct pear_state *s = l->state;

	for (size_t i = 0; i < m->layers * m->heads; i++)
		l->coefficient[i] = 1;
	for (size_t i = 0; i < s->len; i++)
		l->coefficient[s->head[i].layer * m->heads + s->head[i].head]
		    = s->coefficient[i];
}

/* Copies the states of each text that tell its second copy out of those of all
 * tokens, or gradients back to where the others are 0. */
static void
gather(const struct pear_learning *l, const float *hidden)
{
	const size_t n = l->settings.length, w = l->work->model->width;

	for (size_t i = 0; i < l->trace.texts; i++)
		memcpy(l->second + i * n * w, hidden + (i * 2 * n + n - 1) * w,
		    n * w * sizeof(*hidden));
}

static void
scatter(struct pear_learning *l)
{
	const size_t n = l->settings.length, w = l->work->model->width;

	memset(l->d_hidden, 0, l->trace.rows * w * sizeof(float));
	for (size_t i = 0; i < l->trace.texts; i++)
		memcpy(l->d_hidden + (i * 2 * n + n - 1) * w, l->d_second + i * n * w,
		    n * w * sizeof(float));
}

/* Adds loss and gradient of texts [first, first + texts) of the step, text by text, so
 * that it does not matter how they are cut into passes. */
static void
pass(struct pear_learning *l, size_t first, size_t texts, double *loss,
    double *gradient)
{
	const struct model *m = l->work->model;
	const size_t n = l->settings.length;
	const uint32_t *id = l->id + first * 2 * n;

	gather(l, trace_run(&l->trace, id, texts));
	for (size_t i = 0; i < texts * n; i++)
		l->target[i] = id[i / n * 2 * n + n + i % n];
	readout_loss(l->readout, l->second, l->target, texts * n, l->answer,
	    1 / (float)n, l->d_second);
	scatter(l);
	backward_run(l->backward, l->d_hidden, l->each);
	for (size_t i = 0; i < texts; i++) {
		const double *each = l->each + i * m->layers * m->heads;

		for (size_t k = 0; k < n; k++)
			*loss += l->answer[i * n + k].loss / (double)n;
		for (size_t h = 0; h < l->state->len; h++)
			gradient[h] += each[l->state->head[h].layer * m->heads
			    + l->state->head[h].head];
	}
}

double
pear_learn_gradient(struct pear_learning *l, double *gradient)
{
	const struct pear_settings *s = &l->settings;
	const size_t most = l->trace.options.texts;
	double loss = 0;

	spread(l);
	for (size_t i = 0; i < s->texts; i++)
		copying_draw(l->copying, s->seed, l->state->step * s->texts + i, s->length,
		    l->id + i * 2 * s->length);
	memset(gradient, 0, l->state->len * sizeof(*gradient));
	for (size_t i = 0; i < s->texts; i += most)
		pass(l, i, s->texts - i < most ? s->texts - i : most, &loss, gradient);
	for (size_t i = 0; i < l->state->len; i++)
		gradient[i] /= (double)s->texts;
	return loss / (double)s->texts;
}

double
pear_learn_rate(const struct pear_settings *s, size_t step)
{
	if (step < s->warm_up)
		return s->rate * (double)step / (double)s->warm_up;
	if (step >= s->decay)
		return 0;
	return s->rate * (double)(s->decay - step) / (double)(s->decay - s->warm_up);
}

static void
clip(double most, double *gradient, size_t n)
{
	double square = 0;

	for (size_t i = 0; i < n; i++)
		square += gradient[i] * gradient[i];
	if (most > 0 && sqrt(square) > most)
		for (size_t i = 0; i < n; i++)
			gradient[i] *= most / sqrt(square);
}

double
pear_learn_step(struct pear_learning *l)
{
	const double slow = 0.9, slower = 0.999, tiny = 1e-8;
	struct pear_state *s = l->state;
	double *gradient = arena_array(s->len, sizeof(*gradient));
	double loss = pear_learn_gradient(l, gradient);
	double rate = pear_learn_rate(&l->settings, s->step);

	clip(l->settings.clip, gradient, s->len);
	s->step++;
	for (size_t i = 0; i < s->len; i++) {
		double mean, square;

		s->mean[i] = slow * s->mean[i] + (1 - slow) * gradient[i];
		s->square[i] = slower * s->square[i] + (1 - slower) * gradient[i]
		    * gradient[i];
		mean = s->mean[i] / (1 - pow(slow, (double)s->step));
		square = s->square[i] / (1 - pow(slower, (double)s->step));
		s->coefficient[i] = (float)((double)s->coefficient[i]
		    - rate * mean / (sqrt(square) + tiny));
	}
	free(gradient);
	return loss;
}

void
pear_learn_judge(struct pear_learning *l, struct pear_result *out)
{
	const struct pear_settings *s = &l->settings;
	uint32_t *id = arena_array(s->held_out * 2 * s->length, sizeof(*id));
	const struct pear_texts t = { id, s->held_out, s->length };

	spread(l);
	for (size_t i = 0; i < s->held_out; i++)
		copying_draw(l->copying, s->seed, HELD_OUT + i, s->length,
		    id + i * 2 * s->length);
	pear_judge(l->work, l->coefficient, &t, out, NULL, NULL);
	free(id);
}
