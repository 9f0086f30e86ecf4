#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/pear/copy_eval.h"
#include "infer/pear/lm_loss.h"
#include "lib/core/arena.h"

struct judge {
	const struct model *model;
	const struct pear_texts *texts;
	struct forward *forward;
	size_t in_pass;			/* texts */
	struct readout *readout;
	float *second;			/* states that tell second copies: texts x n */
	size_t done;			/* texts of passes before */
	pear_look_fn *look;
	void *with;
};

static void
look(void *with, enum moment moment, size_t layer, size_t row, const float *x, size_t n)
{
	const struct judge *j = with;
	const size_t length = 2 * j->texts->n;

	j->look(j->with, moment, layer, j->done + row / length, row % length, x, n);
}

/* As many texts in a pass as there is memory for. */
static size_t
texts_in_pass(const struct pear_work *w, size_t texts, size_t n)
{
	const struct forward_options o = { .tokens = 2 * n, .batch = 2 * n,
		.is_whole = true };
	const size_t most = w->memory / forward_bytes(w->model, &o, pool_threads(w->pool));

	return most < 1 ? 1 : most < texts ? most : texts;
}

size_t
pear_judge_bytes(const struct pear_work *w, size_t texts, size_t n)
{
	const size_t rows = texts_in_pass(w, texts, n) * 2 * n;
	const struct forward_options o = { .tokens = rows, .batch = rows,
		.is_whole = true };

	return forward_bytes(w->model, &o, pool_threads(w->pool))
	    + readout_bytes(w->model, texts * n, w->model->logit_cap > 0)
	    + texts * n * w->model->width * sizeof(float);
}

static void
open_forward(struct judge *j, const struct pear_work *w, const float *coefficient)
{
	const size_t rows = j->in_pass * 2 * j->texts->n;
	const struct forward_options o = { .tokens = rows, .batch = rows, .is_whole = true,
		.level = w->level, .precision = PRECISION_F32, .coefficient = coefficient,
		.see = j->look != NULL ? look : NULL, .with = j };

	j->forward = forward_new(w->model, &o, w->pool);
}

static void
run_passes(struct judge *j)
{
	const size_t n = j->texts->n, w = j->model->width;
	const float *hidden = forward_hidden(j->forward);

	for (size_t texts; j->done < j->texts->texts; j->done += texts) {
		texts = j->texts->texts - j->done;
		texts = texts < j->in_pass ? texts : j->in_pass;
		forward_run_texts(j->forward, j->texts->id + j->done * 2 * n, texts, 2 * n);
		for (size_t i = 0; i < texts; i++)
			memcpy(j->second + (j->done + i) * n * w, hidden + (i * 2 * n + n - 1)
			    * w, n * w * sizeof(float));
	}
}

/* The last of a text's states tells its last token. */
static double
mean_margin(const struct judge *j)
{
	const size_t n = j->texts->n, texts = j->texts->texts;
	const size_t w = j->model->width;
	double sum = 0, margin;

	for (size_t i = 0; i < texts; i++) {
		readout_margin(j->readout, j->second + (i * n + n - 1) * w,
		    j->texts->id + i * 2 * n + 2 * n - 1, 1, &margin);
		sum += margin;
	}
	return sum / (double)texts;
}

static void
read_out(struct judge *j, struct pear_result *out)
{
	const size_t n = j->texts->n, rows = j->texts->texts * n;
	struct readout_answer *answer = arena_array(rows, sizeof(*answer));
	uint32_t *target = arena_array(rows, sizeof(*target));

	for (size_t i = 0; i < rows; i++)
		target[i] = j->texts->id[i / n * 2 * n + n + i % n];
	readout_loss(j->readout, j->second, target, rows, answer, 0, NULL);
	*out = (struct pear_result){ .metric = mean_margin(j) };
	for (size_t i = 0; i < rows; i++) {
		out->loss += answer[i].loss;
		out->accuracy += i % n > 0 && answer[i].is_first;
	}
	out->loss /= (double)rows;
	out->accuracy /= (double)(rows - j->texts->texts);
	free(answer);
	free(target);
}

void
pear_judge(const struct pear_work *w, const float *coefficient,
    const struct pear_texts *t, struct pear_result *out, pear_look_fn *look_fn,
    void *with)
{
	struct judge j = { .model = w->model, .texts = t, .look = look_fn, .with = with,
		.in_pass = texts_in_pass(w, t->texts, t->n) };

	open_forward(&j, w, coefficient);
	j.readout = readout_new(w->model, w->level, t->texts * t->n,
	    forward_logits(j.forward), w->pool);
	j.second = arena_array(t->texts * t->n * w->model->width, sizeof(float));
	run_passes(&j);
	read_out(&j, out);
	forward_free(j.forward);
	readout_free(j.readout);
	free(j.second);
}
