#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/pear.h"
#include "infer/readout.h"
#include "lib/arena.h"

struct judge {
	const struct pear_texts *texts;
	struct trace trace;
	struct readout *readout;
	float *second;			/* states that tell second copies: texts x n */
	size_t done;			/* texts of passes before */
	pear_look_fn *look;
	void *with;
};

/* Texts that may go through the model in one pass. */
static size_t
texts_in_pass(const struct pear_work *w, const struct pear_texts *t)
{
	const struct trace_options o = { .texts = 1, .length = 2 * t->n,
		.first = w->model->layers };
	size_t n = w->memory / trace_bytes(w->model, &o);

	return n < 1 ? 1 : n < t->texts ? n : t->texts;
}

static void
look(void *with, size_t layer, const struct trace_layer *l)
{
	struct judge *j = with;

	j->look(j->with, layer, l, j->done, j->trace.texts);
}

static void
run_passes(struct judge *j)
{
	const size_t n = j->texts->n, w = j->trace.model->width;

	for (; j->done < j->texts->texts; j->done += j->trace.texts) {
		size_t left = j->texts->texts - j->done, most = j->trace.options.texts;
		const float *hidden = trace_run(&j->trace, j->texts->id + j->done * 2 * n,
		    left < most ? left : most, j->look != NULL ? look : NULL, j);

		for (size_t i = 0; i < j->trace.texts; i++)
			memcpy(j->second + (j->done + i) * n * w, hidden + (i * 2 * n + n - 1)
			    * w, n * w * sizeof(float));
	}
}

/* The last of a text's states tells its last token. */
static double
mean_margin(const struct judge *j)
{
	const size_t n = j->texts->n, texts = j->texts->texts;
	const size_t w = j->trace.model->width;
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
	const struct trace_options o = { .texts = texts_in_pass(w, t),
		.length = 2 * t->n, .first = w->model->layers, .level = w->level,
		.coefficient = coefficient };
	struct judge j = { .texts = t, .look = look_fn, .with = with };

	trace_open(&j.trace, w->model, &o, w->pool);
	j.readout = readout_new(w->model, w->level, t->texts * t->n, w->pool);
	j.second = arena_array(t->texts * t->n * w->model->width, sizeof(float));
	run_passes(&j);
	read_out(&j, out);
	trace_close(&j.trace);
	readout_free(j.readout);
	free(j.second);
}
