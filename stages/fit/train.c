#include "config.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "stages/fit/train.h"

static const double ratio_floor = 0.3;	/* what an n-gram of both sides alike keeps */

static void *
get(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	if (p == NULL)
		arena_exhausted();
	return p;
}

static int
by_id(const void *va, const void *vb)
{
	uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;

	return a < b ? -1 : a > b;
}

static size_t
count_features(const struct examples *rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->len; i++)
		n += rows->at[i].len;
	return n;
}

/* Renames the ids of a row; those that are no columns go. */
static void
rename_ids(struct example *row, const struct train_features *c)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < row->len; i++) {
		const uint32_t *at = bsearch(&row->id[i], c->id, c->len, sizeof(*c->id),
		    by_id);

		if (at == NULL)
			continue;
		row->value[kept] = row->value[i];
		row->id[kept++] = (uint32_t)(at - c->id);
	}
	row->len = kept;
}

void
train_select_features(struct train_features *c, struct examples *rows, size_t least)
{
	size_t n = count_features(rows), from = 0;
	uint32_t *id = get(n, sizeof(*id));

	n = 0;
	for (size_t i = 0; i < rows->len; i++) {
		memcpy(id + n, rows->at[i].id, rows->at[i].len * sizeof(*id));
		n += rows->at[i].len;
	}
	qsort(id, n, sizeof(*id), by_id);
	c->len = 0;
	for (size_t i = 1; i <= n; i++)
		if (i == n || id[i] != id[from]) {
			if (i - from >= least)
				id[c->len++] = id[from];
			from = i;
		}
	c->id = id;
	for (size_t i = 0; i < rows->len; i++)
		rename_ids(&rows->at[i], c);
}

/* How unevenly each column falls on yes and no. */
static double *
ratios(size_t columns, const struct example *const *row, const bool *is_yes,
    size_t n)
{
	double *yes = get(columns, sizeof(*yes)), *no = get(columns, sizeof(*no));
	double all_yes = (double)columns, all_no = (double)columns;

	for (size_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < row[i]->len; k++)
			(is_yes[i] ? yes : no)[row[i]->id[k]]++;
		*(is_yes[i] ? &all_yes : &all_no) += row[i]->len;
	}
	for (size_t j = 0; j < columns; j++)
		yes[j] = ratio_floor + fabs(log((yes[j] + 1) / all_yes)
		    - log((no[j] + 1) / all_no));
	free(no);
	return yes;
}

/* Rows as liblinear wants them: numbered from 1, with an end. */
static struct feature_node *
nodes_of(const struct example *const *row, size_t n, const double *ratio,
    struct problem *p)
{
	struct feature_node *node, *at;
	size_t all = 0;

	for (size_t i = 0; i < n; i++)
		all += row[i]->len + 2;
	at = node = get(all, sizeof(*node));
	for (size_t i = 0; i < n; i++) {
		p->x[i] = at;
		for (uint32_t k = 0; k < row[i]->len; k++)
			*at++ = (struct feature_node){ (int)row[i]->id[k] + 1,
				(double)row[i]->value[k] * ratio[row[i]->id[k]] };
		*at++ = (struct feature_node){ p->n, p->bias };
		*at++ = (struct feature_node){ .index = -1 };
	}
	return node;
}

static void
say_nothing(const char *s)
{
	(void)s;
}

/* Both sides weigh the same, whatever their numbers. */
static struct model *
solve(const struct problem *p, size_t yes, double cost)
{
	int label[2] = { 1, 0 };
	double weight[2] = { (double)p->l / (2.0 * (double)yes),
		(double)p->l / (2.0 * (double)((size_t)p->l - yes)) };
	struct parameter how = { .solver_type = L2R_LR, .eps = 0.01, .C = cost,
		.nr_weight = 2, .weight_label = label, .weight = weight };

	set_print_string_function(say_nothing);
	return train(p, &how);
}

void
train_classifier(struct classifier *score, size_t columns,
    const struct example *const *row, const bool *is_yes, size_t n, double cost)
{
	struct problem p = { .l = (int)n, .n = (int)columns + 1, .bias = 1 };
	double *ratio = ratios(columns, row, is_yes, n);
	struct feature_node *node;
	struct model *m;
	size_t yes = 0;

	p.y = get(n, sizeof(*p.y));
	p.x = get(n, sizeof(struct feature_node *));
	for (size_t i = 0; i < n; i++) {
		p.y[i] = is_yes[i];
		yes += is_yes[i];
	}
	node = nodes_of(row, n, ratio, &p);
	m = solve(&p, yes, cost);
	score->weight = get(columns, sizeof(*score->weight));
	for (size_t j = 0; j < columns; j++)
		score->weight[j] = (float)(ratio[j]
		    * get_decfun_coef(m, (int)j + 1, m->label[0] == 1 ? 0 : 1));
	score->bias = get_decfun_coef(m, p.n, m->label[0] == 1 ? 0 : 1);
	free_and_destroy_model(&m);
	free(node);
	free(p.x);
	free(p.y);
	free(ratio);
}

double
classifier_score(const struct classifier *score, const struct example *row)
{
	double sum = score->bias;

	for (uint32_t k = 0; k < row->len; k++)
		sum += (double)score->weight[row->id[k]] * (double)row->value[k];
	return sum;
}
