#include "config.h"

#include <inttypes.h>
#include <math.h>

#include "lib/json/json_write.h"
#include "stages/pear/report.h"

enum { K_STEP = 5, K_MAX = 40 };

static void
put_runs(const struct head_effects *run, size_t runs, struct buf *b)
{
	buf_add_str(b, "\"runs\": [");
	for (size_t i = 0; i < runs; i++) {
		const struct head_effects_options *s = &run[i].options;

		buf_printf(b, "%s\n  {\"sequences\": %zu, \"length\": %zu, \"seed\": %" PRIu64 ", ",
		    i > 0 ? "," : "", s->sequences, s->length, s->seed);
		pear_put_copy_score("clean", &run[i].clean, b);
		buf_add_byte(b, '}');
	}
	buf_add_str(b, "],\n");
}

static void
put_correlations(const struct head_effects *run, size_t runs, size_t heads, struct buf *b)
{
	buf_add_str(b, "\"rank_correlation\": [");
	for (size_t i = 0; i < runs; i++) {
		buf_add_str(b, i > 0 ? ",\n  [" : "\n  [");
		for (size_t k = 0; k < runs; k++) {
			buf_add_str(b, k > 0 ? ", " : "");
			json_write_real(b,
			    head_ranking_spearman(run[i].effect, run[k].effect, heads));
		}
		buf_add_byte(b, ']');
	}
	buf_add_str(b, "],\n");
}

static void
put_heads(const struct ranked_head *ranked, size_t heads, struct buf *b)
{
	buf_add_str(b, "\"heads\": [");
	for (size_t i = 0; i < heads; i++) {
		const struct ranked_head *r = &ranked[i];

		buf_printf(b,
		    "%s\n  {\"layer\": %zu, \"head\": %zu, \"effect\": ", i > 0 ? "," : "",
		    r->layer, r->head);
		json_write_real(b, r->relative_effect);
		buf_add_str(b, ", \"standard_error\": ");
		if (isnan(r->error))
			buf_add_str(b, "null");
		else
			json_write_real(b, r->error);
		buf_add_str(b, ", \"change\": ");
		json_write_real(b, r->effect);
		buf_add_byte(b, '}');
	}
	buf_add_byte(b, ']');
}

/* How many of the first k ranked heads are among the list's entries [from, to). */
static size_t
count_common(const struct ranked_head *ranked, size_t k, const struct head_list *l, size_t from,
    size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to && i < l->len; i++)
		for (size_t r = 0; r < k; r++)
			n += ranked[r].layer == l->at[i].layer && ranked[r].head == l->at[i].head;
	return n;
}

/* Overlap of the first k of both lists.  Where the list's order is known only up to `ranked`,
 * the least and the most it can be. */
static void
find_overlap(const struct ranked_head *ranked, const struct head_list *published, size_t k,
    size_t *least, size_t *most)
{
	const size_t sure = k < published->ranked ? k : published->ranked;
	size_t free = published->len - sure, drawn = k - sure, tail;

	*least = *most = count_common(ranked, k, published, 0, sure);
	if (drawn == 0)
		return;
	/* `drawn` of the other entries are among the list's first k; which ones is unknown */
	drawn = drawn < free ? drawn : free;
	tail = count_common(ranked, k, published, sure, published->len);
	*least += tail + drawn > free ? tail + drawn - free : 0;
	*most += tail < drawn ? tail : drawn;
}

static void
put_overlaps(const struct ranked_head *ranked, size_t heads, const struct head_list *published,
    struct buf *b)
{
	size_t least, most;

	buf_add_str(b, ",\n\"overlap\": [");
	for (size_t k = K_STEP; k <= K_MAX && k <= heads && k <= published->len; k += K_STEP) {
		find_overlap(ranked, published, k, &least, &most);
		buf_printf(b, "%s\n  {\"k\": %zu, \"common\": %zu", k > K_STEP ? "," : "", k,
		    least);
		if (most > least)
			buf_printf(b, ", \"or_up_to\": %zu", most);
		buf_add_byte(b, '}');
	}
	buf_add_byte(b, ']');
}

void
pear_report_put(const struct pear_tool *p, const struct head_effects *run, size_t runs,
    const struct ranked_head *ranked, const struct head_list *published, struct buf *b)
{
	const size_t heads = p->model.layers * p->model.heads;
	struct copy_score mean = { 0 };

	for (size_t i = 0; i < runs; i++) {
		mean.accuracy += run[i].clean.accuracy / (double)runs;
		mean.loss += run[i].clean.loss / (double)runs;
		mean.metric += run[i].clean.metric / (double)runs;
	}
	buf_add_byte(b, '{');
	pear_put_copy_score("clean", &mean, b);
	buf_add_str(b, ",\n");
	pear_put_model(p, b);
	buf_printf(b, ",\n\"layers\": %zu, \"heads_per_layer\": %zu,\n", p->model.layers,
	    p->model.heads);
	put_runs(run, runs, b);
	put_correlations(run, runs, heads, b);
	put_heads(ranked, heads, b);
	if (published != NULL)
		put_overlaps(ranked, heads, published, b);
	buf_add_str(b, "}\n");
}
