#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/pear/head_effects.h"
#include "infer/pear/lm_loss.h"
#include "lib/core/arena.h"

enum { CHUNK = 512 };			/* rows in a product */

/* What stands at the position in all texts, each texts x its length. */
struct spot {
	float *at[MOMENTS];		/* BEFORE, SEEN and GIVEN; the others are NULL */
	float *mean;			/* of SEEN over texts */
};

struct detect {
	const struct pear_work *work;
	const struct model *model;
	struct pear_effects *effects;
	size_t texts, length, at;	/* `at`: the position, of 2 length */
	struct spot *spot;		/* of each layer */
	uint32_t *id;			/* texts x 2 length */
	struct readout *readout;
	struct forward *forward;	/* CHUNK rows */
	size_t group;			/* heads of a layer that go together */
	float *row;			/* layers x group x texts, each of width */
};

static void
open_spots(struct detect *d)
{
	const size_t w = d->texts * d->model->width;
	const size_t q = d->model->heads * d->model->head_size;

	d->spot = arena_array(d->model->layers, sizeof(*d->spot));
	for (size_t i = 0; i < d->model->layers; i++) {
		float *at = arena_array(2 * w + (d->texts + 1) * q, sizeof(*at));

		d->spot[i] = (struct spot){ .at = { [MOMENT_BEFORE] = at,
			[MOMENT_GIVEN] = at + w, [MOMENT_SEEN] = at + 2 * w },
			.mean = at + 2 * w + d->texts * q };
	}
}

static void
close_spots(struct detect *d)
{
	for (size_t i = 0; i < d->model->layers; i++)
		free(d->spot[i].at[MOMENT_BEFORE]);
	free(d->spot);
}

static void
look(void *with, enum moment moment, size_t layer, size_t text, size_t token,
    const float *x, size_t n)
{
	const struct detect *d = with;
	float *to = d->spot[layer].at[moment];

	if (to != NULL && token == d->at)
		memcpy(to + text * n, x, n * sizeof(*x));
}

static void
find_means(struct detect *d)
{
	const struct model *m = d->model;
	const size_t q = m->heads * m->head_size;

	for (size_t i = 0; i < m->layers; i++)
		for (size_t k = 0; k < q; k++) {
			double sum = 0;

			for (size_t s = 0; s < d->texts; s++)
				sum += (double)d->spot[i].at[MOMENT_SEEN][s * q + k];
			d->spot[i].mean[k] = (float)(sum / (double)d->texts);
		}
}

/* Rows of one head after the other, of each all texts, through a layer above it, where
 * attention gives what it gave to the clean states. */
static void
pass_over(struct detect *d, size_t layer, float *row, size_t rows)
{
	const size_t width = d->model->width, bytes = width * sizeof(float);
	const float *clean = d->spot[layer].at[MOMENT_GIVEN];

	for (size_t r = 0, n; r < rows; r += n) {
		n = rows - r < CHUNK ? rows - r : CHUNK;
		for (size_t i = 0; i < n; i++)
			memcpy(forward_given(d->forward) + i * width,
			    clean + (r + i) % d->texts * width, bytes);
		memcpy(forward_hidden(d->forward), row + r * width, n * bytes);
		forward_from_given(d->forward, layer, n);
		memcpy(row + r * width, forward_hidden(d->forward), n * bytes);
	}
}

/* The clean states of all texts through a layer in which a head sees its mean, for
 * each of the heads [first, first + heads). */
static void
patch(struct detect *d, size_t layer, size_t first, size_t heads, float *row)
{
	const struct model *m = d->model;
	const struct spot *s = &d->spot[layer];
	const size_t q = m->heads * m->head_size, rows = heads * d->texts;
	float *seen = forward_seen(d->forward), *hidden = forward_hidden(d->forward);

	for (size_t r = 0, n; r < rows; r += n) {
		n = rows - r < CHUNK ? rows - r : CHUNK;
		for (size_t i = 0; i < n; i++) {
			const size_t text = (r + i) % d->texts;
			const size_t at = (first + (r + i) / d->texts) * m->head_size;

			memcpy(hidden + i * m->width, s->at[MOMENT_BEFORE] + text * m->width,
			    m->width * sizeof(*hidden));
			memcpy(seen + i * q, s->at[MOMENT_SEEN] + text * q,
			    q * sizeof(*seen));
			memcpy(seen + i * q + at, s->mean + at,
			    m->head_size * sizeof(*seen));
		}
		forward_from_seen(d->forward, layer, n);
		memcpy(row + r * m->width, hidden, n * m->width * sizeof(*row));
	}
}

/* Effects of heads [first, first + heads) of all layers. */
static void
run_group(struct detect *d, size_t first, size_t heads)
{
	const struct model *m = d->model;
	const size_t each = heads * d->texts, all = m->layers * each;
	uint32_t *target = arena_array(all, sizeof(*target));
	double *margin = arena_array(all, sizeof(*margin));

	for (size_t i = 0; i < m->layers; i++) {
		pass_over(d, i, d->row, i * each);
		patch(d, i, first, heads, d->row + i * each * m->width);
		if (d->work->tell != NULL)
			d->work->tell(d->work->with, first * m->layers + (i + 1) * heads,
			    m->layers * m->heads);
	}
	for (size_t r = 0; r < all; r++)
		target[r] = d->id[r % d->texts * 2 * d->length + d->at + 1];
	readout_margin(d->readout, d->row, target, all, margin);
	for (size_t r = 0; r < all; r += d->texts) {
		size_t layer = r / each, head = first + r % each / d->texts;
		double sum = 0;

		for (size_t s = 0; s < d->texts; s++)
			sum += margin[r + s] / (double)d->texts;
		d->effects->effect[layer * m->heads + head] = sum
		    - d->effects->clean.metric;
	}
	free(target);
	free(margin);
}

/* Bytes of the rows of a head of each layer, and heads that go together. */
static size_t
head_bytes(const struct model *m, size_t texts)
{
	return texts * m->layers * m->width * sizeof(float);
}

static size_t
heads_of_group(const struct pear_work *w, size_t texts)
{
	const size_t n = w->memory / head_bytes(w->model, texts);

	return n < 1 ? 1 : n < w->model->heads ? n : w->model->heads;
}

size_t
pear_detect_bytes(const struct pear_work *w, const struct pear_setting *s)
{
	const struct model *m = w->model;
	const struct forward_options o = { .tokens = CHUNK, .batch = CHUNK,
		.is_whole = true };
	const size_t spots = m->layers * (2 * s->texts * m->width + (s->texts + 1) * m->heads
	    * m->head_size) * sizeof(float);
	const size_t judge = pear_judge_bytes(w, s->texts, s->length);
	const size_t heads = forward_bytes(m, &o, pool_threads(w->pool))
	    + readout_bytes(m, CHUNK, m->logit_cap > 0)
	    + heads_of_group(w, s->texts) * head_bytes(m, s->texts);

	return spots + (judge > heads ? judge : heads);
}

static void
run_heads(struct detect *d)
{
	const struct model *m = d->model;
	const struct forward_options o = { .tokens = CHUNK, .batch = CHUNK,
		.is_whole = true, .level = d->work->level, .precision = PRECISION_F32 };

	d->group = heads_of_group(d->work, d->texts);
	d->forward = forward_new(m, &o, d->work->pool);
	d->readout = readout_new(m, d->work->level, CHUNK, forward_logits(d->forward),
	    d->work->pool);
	d->row = arena_array(d->group * d->texts * m->layers * m->width, sizeof(float));
	for (size_t h = 0; h < m->heads; h += d->group)
		run_group(d, h, m->heads - h < d->group ? m->heads - h : d->group);
	readout_free(d->readout);
	forward_free(d->forward);
	free(d->row);
}

static int
check(const struct pear_work *w, const struct pear_setting *s, struct fault *f)
{
	if (2 * s->length > w->model->context)
		return fault_stop(f, "texts of %zu + %zu tokens are longer than the model's "
		    "context of %zu", s->length, s->length, w->model->context);
	if (s->texts < 2 || s->length < 2)
		return fault_stop(f, "an effect needs two texts of two tokens or more");
	return 0;
}

static int
check_copying(const struct pear_result *r, struct fault *f)
{
	if (r->metric > 0)
		return 0;
	return fault_stop(f, "this model does not copy: copy accuracy %.4f, metric "
	    "%.4f; without a metric above 0, effects of heads mean nothing",
	    r->accuracy, r->metric);
}

int
pear_detect(const struct pear_work *w, const struct copying *c,
    struct pear_effects *e, struct arena *a, struct fault *f)
{
	const struct pear_setting *s = &e->setting;
	struct detect d = { .work = w, .model = w->model, .effects = e,
		.texts = s->texts, .length = s->length, .at = 2 * s->length - 2 };
	struct pear_texts texts = { .texts = s->texts, .n = s->length };
	int rc;

	if (check(w, s, f) < 0)
		return -2;
	e->effect = arena_get(a, w->model->layers * w->model->heads
	    * sizeof(*e->effect));
	texts.id = d.id = arena_array(s->texts * 2 * s->length, sizeof(*d.id));
	for (size_t i = 0; i < s->texts; i++)
		copying_draw(c, s->seed, i, s->length, d.id + i * 2 * s->length);
	open_spots(&d);
	pear_judge(w, NULL, &texts, &e->clean, look, &d);
	rc = s->is_unchecked ? 0 : check_copying(&e->clean, f);
	if (rc == 0) {
		find_means(&d);
		run_heads(&d);
	}
	close_spots(&d);
	free(d.id);
	return rc;
}
