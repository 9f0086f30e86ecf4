#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "stages/fit/train.h"

static int
by_id(const void *va, const void *vb)
{
	uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;

	return a < b ? -1 : a > b;
}

/* The ids that are in enough examples. */
static void
select_features(struct train_set *t, const struct examples *x, size_t min_examples)
{
	size_t n = 0, all = 1, first = 0;
	uint32_t *id;

	for (size_t i = 0; i < x->len; i++)
		all += x->at[i].len;
	id = arena_calloc(all, sizeof(*id));
	for (size_t i = 0; i < x->len; i++) {
		if (x->at[i].len > 0)
			memcpy(id + n, x->at[i].id, x->at[i].len * sizeof(*id));
		n += x->at[i].len;
	}
	qsort(id, n, sizeof(*id), by_id);
	for (size_t i = 1; i <= n; i++)
		if (i == n || id[i] != id[first]) {
			if (i - first >= min_examples)
				id[t->features++] = id[first];
			first = i;
		}
	t->id = id;
}

static int
by_index(const void *va, const void *vb)
{
	return ((const struct feature_node *)va)->index - ((const struct feature_node *)vb)->index;
}

static struct feature_node *
make_nodes(const struct train_set *t, struct example *one)
{
	struct feature_node *node = arena_calloc(one->len + 2, sizeof(*node));
	size_t n = 0;

	for (uint32_t i = 0; i < one->len; i++) {
		const uint32_t *at = bsearch(&one->id[i], t->id, t->features, sizeof(*t->id),
		    by_id);

		if (at != NULL)
			node[n++] = (struct feature_node){ (int)(at - t->id) + 1,
				(double)one->value[i] };
	}
	qsort(node, n, sizeof(*node), by_index);
	node[n++] = (struct feature_node){ (int)t->features + 1, 1 };
	node[n] = (struct feature_node){ .index = -1 };
	free(one->id);
	free(one->value);
	one->id = NULL;
	one->value = NULL;
	one->len = 0;
	return node;
}

void
train_set_make(struct train_set *t, struct examples *x, size_t min_examples)
{
	*t = (struct train_set){ 0 };
	select_features(t, x, min_examples);
	t->node = arena_calloc(x->len + 1, sizeof(*t->node));
	for (size_t i = 0; i < x->len; i++)
		t->node[i] = make_nodes(t, &x->at[i]);
}

void
train_set_release(struct train_set *t, size_t examples)
{
	for (size_t i = 0; i < examples; i++)
		free(t->node[i]);
	free(t->node);
	free(t->id);
}

static void
print_nothing(const char *s)
{
	(void)s;
}

void
train_classifier(struct classifier *c, size_t features, struct feature_node **node,
    double *is_positive, size_t n, double cost)
{
	const struct problem p = {
		.l = (int)n, .n = (int)features + 1, .y = is_positive, .x = node, .bias = 1
	};
	const struct parameter parameter = { .solver_type = L2R_LR, .eps = 0.01, .C = cost };
	struct model *m;
	int positive;

	set_print_string_function(print_nothing);
	m = train(&p, &parameter);
	positive = m->label[0] == 1 ? 0 : 1;
	c->weight = arena_calloc(features + 1, sizeof(*c->weight));
	for (size_t j = 0; j < features; j++)
		c->weight[j] = (float)get_decfun_coef(m, (int)j + 1, positive);
	c->bias = get_decfun_coef(m, p.n, positive);
	free_and_destroy_model(&m);
}

double
classifier_score(const struct classifier *c, const struct feature_node *node)
{
	double sum = c->bias;

	for (; node[1].index > 0; node++) /* all but the bias */
		sum += (double)c->weight[node->index - 1] * node->value;
	return sum;
}
