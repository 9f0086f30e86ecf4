#include "config.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "stages/fit/train.h"

static const double min_ratio = 0.3; /* of an n-gram that is as frequent in both classes */

/* An array with at least one element. */
static void *
array(size_t n, size_t size)
{
	return arena_calloc(n + 1, size);
}

static int
by_id(const void *va, const void *vb)
{
	uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;

	return a < b ? -1 : a > b;
}

static size_t
count_ngrams(const struct examples *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->len; i++)
		n += x->at[i].len;
	return n;
}

/* Changes ids to numbers of features, and drops those that are no features. */
static void
renumber(struct example *example, const struct train_features *f)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < example->len; i++) {
		const uint32_t *at = bsearch(&example->id[i], f->id, f->len, sizeof(*f->id), by_id);

		if (at == NULL)
			continue;
		example->value[kept] = example->value[i];
		example->id[kept++] = (uint32_t)(at - f->id);
	}
	example->len = kept;
}

void
train_select_features(struct train_features *f, struct examples *x, size_t min_examples)
{
	size_t n = 0, first = 0;
	uint32_t *id = array(count_ngrams(x), sizeof(*id));

	for (size_t i = 0; i < x->len; i++) {
		memcpy(id + n, x->at[i].id, x->at[i].len * sizeof(*id));
		n += x->at[i].len;
	}
	qsort(id, n, sizeof(*id), by_id);
	f->len = 0;
	for (size_t i = 1; i <= n; i++)
		if (i == n || id[i] != id[first]) {
			if (i - first >= min_examples)
				id[f->len++] = id[first];
			first = i;
		}
	f->id = id;
	for (size_t i = 0; i < x->len; i++)
		renumber(&x->at[i], f);
}

/* The factor of each feature: the absolute value of its log-count ratio, and min_ratio. */
static double *
count_ratios(size_t features, const struct example *const *example, const bool *is_positive,
    size_t n)
{
	double *positive = array(features, sizeof(*positive));
	double *negative = array(features, sizeof(*negative));
	double all_positive = (double)features, all_negative = (double)features;

	for (size_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < example[i]->len; k++)
			(is_positive[i] ? positive : negative)[example[i]->id[k]]++;
		*(is_positive[i] ? &all_positive : &all_negative) += example[i]->len;
	}
	for (size_t j = 0; j < features; j++)
		positive[j] = min_ratio
		    + fabs(log((positive[j] + 1) / all_positive)
			- log((negative[j] + 1) / all_negative));
	free(negative);
	return positive;
}

/* The examples in the form of liblinear: features numbered from 1, and an end. */
static struct feature_node *
make_nodes(const struct example *const *example, size_t n, const double *ratio, struct problem *p)
{
	struct feature_node *node, *at;
	size_t nodes = 0;

	for (size_t i = 0; i < n; i++)
		nodes += example[i]->len + 2;
	at = node = array(nodes, sizeof(*node));
	for (size_t i = 0; i < n; i++) {
		p->x[i] = at;
		for (uint32_t k = 0; k < example[i]->len; k++)
			*at++ = (struct feature_node){ (int)example[i]->id[k] + 1,
				(double)example[i]->value[k] * ratio[example[i]->id[k]] };
		*at++ = (struct feature_node){ p->n, p->bias };
		*at++ = (struct feature_node){ .index = -1 };
	}
	return node;
}

static void
print_nothing(const char *s)
{
	(void)s;
}

/* Both classes weigh the same, whatever their sizes. */
static struct model *
solve(const struct problem *p, size_t positives, double cost)
{
	int label[2] = { 1, 0 };
	double weight[2] = { (double)p->l / (2.0 * (double)positives),
		(double)p->l / (2.0 * (double)((size_t)p->l - positives)) };
	struct parameter parameter = { .solver_type = L2R_LR,
		.eps = 0.01,
		.C = cost,
		.nr_weight = 2,
		.weight_label = label,
		.weight = weight };

	set_print_string_function(print_nothing);
	return train(p, &parameter);
}

void
train_classifier(struct classifier *c, size_t features, const struct example *const *example,
    const bool *is_positive, size_t n, double cost)
{
	struct problem p = { .l = (int)n, .n = (int)features + 1, .bias = 1 };
	double *ratio = count_ratios(features, example, is_positive, n);
	struct feature_node *node;
	struct model *m;
	size_t positives = 0;

	p.y = array(n, sizeof(*p.y));
	p.x = array(n, sizeof(struct feature_node *));
	for (size_t i = 0; i < n; i++) {
		p.y[i] = is_positive[i];
		positives += is_positive[i];
	}
	node = make_nodes(example, n, ratio, &p);
	m = solve(&p, positives, cost);
	c->weight = array(features, sizeof(*c->weight));
	for (size_t j = 0; j < features; j++)
		c->weight[j] = (float)(ratio[j]
		    * get_decfun_coef(m, (int)j + 1, m->label[0] == 1 ? 0 : 1));
	c->bias = get_decfun_coef(m, p.n, m->label[0] == 1 ? 0 : 1);
	free_and_destroy_model(&m);
	free(node);
	free(p.x);
	free(p.y);
	free(ratio);
}

double
classifier_score(const struct classifier *c, const struct example *example)
{
	double sum = c->bias;

	for (uint32_t k = 0; k < example->len; k++)
		sum += (double)c->weight[example->id[k]] * (double)example->value[k];
	return sum;
}
