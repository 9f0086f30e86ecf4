#include "config.h"

#include <math.h>
#include <string.h>

#include "schema/judge.h"
#include "stages/map_annotate.h"
#include "stages/map_intensity.h"

static int8_t
hundredths(double x)
{
	return (int8_t)lround(INTENSITY_FULL * x);
}

static void
set(struct intensities *x, const struct annotator *a,
    const struct annotate_mark mark[DIMENSIONS], double share)
{
	*x = (struct intensities){ .annotator = { a->id, strlen(a->id) } };
	for (int i = 0; i < DIMENSIONS; i++) {
		x->confidence[i] = hundredths(mark[i].confidence);
		if (x->confidence[i] != 0)
			x->value[i] = hundredths(share * mark[i].value);
	}
}

static int
annotate_text(struct annotator *a, struct interaction *x, struct buf *out,
    struct fault *f)
{
	const struct layout *l = &interaction_layout;
	const struct annotate_subject s = { .first = x->text };
	struct annotate_mark mark[DIMENSIONS];
	int rc = a->ask(a, &s, mark, f);

	if (rc < 0)
		return rc;
	set(&x->intensities, a, mark, 1);
	if (NOUN_HAS(l, x, ratings))
		map_ratings(&x->ratings, &x->intensities);
	NOUN_SET(l, x, intensities);
	noun_pack(l, x, out);
	return 0;
}

/* The mean of both orders; what turns with the order cancels out. */
static void
average(struct annotate_mark mark[DIMENSIONS],
    const struct annotate_mark turned[DIMENSIONS])
{
	for (int i = 0; i < DIMENSIONS; i++) {
		double sum = mark[i].value * mark[i].confidence
		    - turned[i].value * turned[i].confidence;
		double sure = mark[i].confidence + turned[i].confidence;

		mark[i].value = sure > 0 ? sum / sure : 0;
		mark[i].confidence = sure / 2;
	}
}

/* Each response gets half of the difference, so that both make the whole of it. */
static int
annotate_pair(struct annotator *a, struct pair *x, double dead_zone,
    struct buf *out, struct fault *f)
{
	const struct annotate_subject s = { x->post.text, x->first.text,
		x->second.text, true };
	const struct annotate_subject turned = { x->post.text, x->second.text,
		x->first.text, true };
	struct annotate_mark mark[DIMENSIONS], other[DIMENSIONS];
	int rc = a->ask(a, &s, mark, f);

	if (rc < 0 || (rc = a->ask(a, &turned, other, f)) < 0)
		return rc;
	average(mark, other);
	set(&x->first.intensities, a, mark, 0.5);
	set(&x->second.intensities, a, mark, -0.5);
	NOUN_SET(&item_layout, &x->first, intensities);
	NOUN_SET(&item_layout, &x->second, intensities);
	x->direction = judge_pair(&x->first.intensities, &x->second.intensities, NULL,
	    dead_zone);
	noun_pack(&pair_layout, x, out);
	return 0;
}

int
annotate_item(struct annotator *a, struct parse *parse,
    const struct reader_item *item, double dead_zone, struct arena *brief,
    struct buf *out, struct fault *f)
{
	union { struct interaction text; struct pair pair; } x;
	const struct layout *l;
	msgpack_object tree;

	if (parse_tree(parse, item, brief, &tree, f) < 0
	    || (l = noun_layout_of(&tree, f)) == NULL)
		return -1;
	if (l != &interaction_layout && l != &pair_layout)
		return fault_set(f, "wrong-kind", "expected an interaction or a pair, found %s",
		    l->name);
	if (noun_read(l, &tree, brief, &x, f) < 0) {
		parse_locate(item, f);
		return -1;
	}
	return l == &interaction_layout ? annotate_text(a, &x.text, out, f)
	    : annotate_pair(a, &x.pair, dead_zone, out, f);
}
