#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/layers.h"
#include "infer/pear_detect.h"
#include "infer/readout.h"
#include "infer/trace.h"
#include "lib/arena.h"

enum { CHUNK = 512 };			/* rows in a product */

/* What stands at the position, of all texts: texts x width, or x heads x size. */
struct spot {
	float *before, *attention, *between, *seen, *mean;
};

struct detect {
	const struct pear_work *work;
	const struct model *model;
	struct pear_effects *effects;
	size_t texts, length, at;	/* `at`: the position, of 2 length */
	struct spot *spot;		/* of each layer */
	uint32_t *id;			/* texts x 2 length */
	struct readout *readout;
	struct parts parts;
	size_t group;			/* heads of a layer that go together */
	float *row;			/* layers x group x texts, each of width */
	float *patch;			/* group x texts, each heads x head_size */
	float *normed, *gate, *up, *act;	/* CHUNK rows */
};

static void
open_spots(struct detect *d)
{
	const size_t w = d->texts * d->model->width;
	const size_t q = d->model->heads * d->model->head_size;

	d->spot = arena_array(d->model->layers, sizeof(*d->spot));
	for (size_t i = 0; i < d->model->layers; i++) {
		float *at = arena_array(3 * w + (d->texts + 1) * q, sizeof(*at));

		d->spot[i] = (struct spot){ at, at + w, at + 2 * w, at + 3 * w,
			at + 3 * w + d->texts * q };
	}
}

static void
close_spots(struct detect *d)
{
	for (size_t i = 0; i < d->model->layers; i++)
		free(d->spot[i].before);
	free(d->spot);
}

/* Row `at` of each text, of n numbers. */
static void
take(const struct detect *d, const float *rows, size_t n, size_t first,
    size_t texts, float *out)
{
	for (size_t i = 0; i < texts; i++)
		memcpy(out + (first + i) * n, rows + (i * 2 * d->length + d->at) * n,
		    n * sizeof(*out));
}

static void
look(void *with, size_t layer, const struct trace_layer *l, size_t first,
    size_t texts)
{
	const struct detect *d = with;
	const size_t w = d->model->width;
	const struct spot *s = &d->spot[layer];

	take(d, l->before, w, first, texts, s->before);
	take(d, l->between, w, first, texts, s->between);
	take(d, l->seen, d->model->heads * d->model->head_size, first, texts, s->seen);
	if (l->attention != NULL)
		take(d, l->attention, w, first, texts, s->attention);
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
				sum += (double)d->spot[i].seen[s * q + k];
			d->spot[i].mean[k] = (float)(sum / (double)d->texts);
		}
}

/* Hidden states of texts with a head of the layer replaced by its mean, for heads
 * [first, first + heads): W_O takes what changes, as all of it is linear. */
static void
patch(struct detect *d, size_t layer, size_t first, size_t heads, float *out)
{
	const struct model *m = d->model;
	const struct layer *l = &m->layer[layer];
	const struct spot *s = &d->spot[layer];
	const size_t q = m->heads * m->head_size, rows = heads * d->texts;
	struct linear projection = l->output;

	projection.bias = NULL;
	memset(d->patch, 0, rows * q * sizeof(float));
	for (size_t r = 0; r < rows; r++) {
		size_t from = (first + r / d->texts) * m->head_size, text = r % d->texts;

		for (size_t k = from; k < from + m->head_size; k++)
			d->patch[r * q + k] = s->mean[k] - s->seen[text * q + k];
	}
	for (size_t r = 0; r < rows; r += CHUNK) {
		size_t n = rows - r < CHUNK ? rows - r : CHUNK;

		product_set(d->parts.product, d->patch + r * q, n, q);
		parts_multiply(&d->parts, &projection, out + r * m->width, n);
	}
	for (size_t r = 0; r < rows; r++) {
		const size_t at = r % d->texts * m->width;
		float *x = out + r * m->width;

		if (!parts_is_taken(m, &l->after_attention)) {
			layer_add(s->between + at, x, m->width);
			continue;
		}
		layer_add(s->attention + at, x, m->width);
		layer_norm(m->architecture->norm, m->is_normed_after ? &l->attention_norm
		    : &l->after_attention, m->epsilon, x, x, 1, m->width);
		if (!m->is_normed_after)
			layer_add(s->before + at, x, m->width);
	}
}

/* Attention of a layer above the head: what it gave to the clean states. */
static void
add_clean(struct detect *d, size_t layer, float *row, size_t rows)
{
	const struct model *m = d->model;
	const struct spot *s = &d->spot[layer];
	const float *behind = m->is_normed_after ? s->attention : s->between;

	for (size_t r = 0; r < rows; r++) {
		const size_t at = r % d->texts * m->width;
		float *x = row + r * m->width;

		for (size_t k = 0; k < m->width; k++)
			x[k] += behind[at + k] - s->before[at + k];
		if (m->is_normed_after)
			layer_norm(m->architecture->norm, &m->layer[layer].attention_norm,
			    m->epsilon, x, x, 1, m->width);
	}
}

static void
think(struct detect *d, size_t layer, float *row, size_t rows)
{
	const struct model *m = d->model;
	const struct layer *l = &m->layer[layer];
	const struct parts_mlp room = { d->gate, d->up, d->act };

	for (size_t r = 0; r < rows; r += CHUNK) {
		size_t n = rows - r < CHUNK ? rows - r : CHUNK;
		float *x = row + r * m->width;

		parts_begin(&d->parts, &l->mlp_norm, x, d->normed, n);
		parts_think(&d->parts, l, d->normed, &room, d->normed, n);
		parts_end(&d->parts, &l->mlp_norm, &l->after_mlp, d->normed, NULL, x, n);
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
		add_clean(d, i, d->row, i * each);
		patch(d, i, first, heads, d->row + i * each * m->width);
		think(d, i, d->row, (i + 1) * each);
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

static void
run_heads(struct detect *d)
{
	const struct model *m = d->model;
	const size_t each = d->texts * (m->layers * m->width + m->heads * m->head_size)
	    * sizeof(float);
	size_t n = d->work->memory / each;

	d->group = n < 1 ? 1 : n < m->heads ? n : m->heads;
	d->parts = (struct parts){ m, product_new(d->work->pool, d->work->level, PRECISION_F32, CHUNK,
	    parts_widest(m)), d->work->pool };
	d->row = arena_array(d->group * d->texts * m->layers * m->width, sizeof(float));
	d->patch = arena_array(d->group * d->texts * m->heads * m->head_size,
	    sizeof(float));
	d->normed = arena_array(CHUNK * m->width, sizeof(float));
	d->gate = arena_array(CHUNK * m->mlp_max, sizeof(float));
	d->up = arena_array(CHUNK * m->mlp_max, sizeof(float));
	d->act = arena_array(2 * CHUNK * m->mlp_max, sizeof(float));
	for (size_t h = 0; h < m->heads; h += d->group)
		run_group(d, h, m->heads - h < d->group ? m->heads - h : d->group);
	product_free(d->parts.product);
	free(d->row);
	free(d->patch);
	free(d->normed);
	free(d->gate);
	free(d->up);
	free(d->act);
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
		d.readout = readout_new(w->model, w->level, CHUNK, w->pool);
		run_heads(&d);
		readout_free(d.readout);
	}
	close_spots(&d);
	free(d.id);
	return rc;
}
