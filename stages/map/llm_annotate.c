#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/direction_of.h"
#include "schema/parse.h"
#include "stages/map/llm_annotate.h"
#include "annotate/intensity.h"

/* A noun that waits for its answer. */
struct held {
	struct parse *parse;		/* its tree, until the next noun in this place */
	const struct layout *layout;
	union { struct interaction text; struct pair pair; } noun;
	const char *name;		/* where it stood */
	struct reader_item item;
	struct llm_task task;
};

struct llm_annotator {
	struct annotator *annotator;
	double dead_zone;
	struct held *held;
	struct llm_task **task;	/* those of the held, for the annotator */
	size_t len, room;
	struct arena arena;		/* of those that are held */
};

struct llm_subject
llm_subject_swapped(const struct llm_subject *s)
{
	return (struct llm_subject){ s->post, s->second, s->first, s->is_pair };
}

struct llm_annotator *
llm_annotator_new(struct annotator *a, double dead_zone)
{
	struct llm_annotator *x = arena_array(1, sizeof(*x));

	x->annotator = a;
	x->dead_zone = dead_zone;
	x->room = a->batch;
	x->held = arena_array(x->room, sizeof(*x->held));
	x->task = arena_array(x->room, sizeof(*x->task));
	for (size_t i = 0; i < x->room; i++) {
		x->held[i].parse = parse_new();
		x->task[i] = &x->held[i].task;
	}
	return x;
}

void
llm_annotator_free(struct llm_annotator *x)
{
	if (x == NULL)
		return;
	for (size_t i = 0; i < x->room; i++)
		parse_free(x->held[i].parse);
	x->annotator->free(x->annotator);
	arena_release(&x->arena);
	free(x->held);
	free(x->task);
	free(x);
}

static int8_t
hundredths(double x)
{
	return (int8_t)lround(INTENSITY_FULL * x);
}

static void
set(struct intensities *x, const char *id,
    const struct judgement mark[DIMENSIONS], double share)
{
	*x = (struct intensities){ .annotator = { id, strlen(id) } };
	for (int i = 0; i < DIMENSIONS; i++) {
		x->confidence[i] = hundredths(mark[i].confidence);
		if (x->confidence[i] != 0)
			x->value[i] = hundredths(share * mark[i].value);
	}
}

static void
put_text(struct interaction *x, const struct llm_task *task, struct buf *out)
{
	const struct layout *l = &interaction_layout;

	set(&x->intensities, task->id, task->mark[0], 1);
	if (NOUN_HAS(l, x, ratings))
		intensity_from_ratings(&x->ratings, &x->intensities);
	NOUN_SET(l, x, intensities);
	noun_pack(l, x, out);
}

/* The mean of both orders; what turns with the order cancels out. */
static void
average(struct judgement mark[DIMENSIONS],
    const struct judgement turned[DIMENSIONS])
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
static void
put_pair(struct pair *x, struct llm_task *task, double dead_zone,
    struct buf *out)
{
	average(task->mark[0], task->mark[1]);
	set(&x->first.intensities, task->id, task->mark[0], 0.5);
	set(&x->second.intensities, task->id, task->mark[0], -0.5);
	NOUN_SET(&item_layout, &x->first, intensities);
	NOUN_SET(&item_layout, &x->second, intensities);
	x->direction = judge_pair(&x->first.intensities, &x->second.intensities, NULL,
	    dead_zone);
	noun_pack(&pair_layout, x, out);
}

int
llm_annotator_flush(struct llm_annotator *x, struct turn *t, struct fault *f)
{
	int rc = x->len > 0 ? x->annotator->ask(x->annotator, x->task, x->len, f) : 0;

	for (size_t i = 0; rc == 0 && i < x->len; i++) {
		struct held *h = &x->held[i];

		if (h->task.rc < 0) {
			*f = h->task.fault;
			rc = tool_refuse(t, h->name, &h->item, f);
		} else if (h->layout == &interaction_layout) {
			put_text(&h->noun.text, &h->task, t->out);
		} else {
			put_pair(&h->noun.pair, &h->task, x->dead_zone, t->out);
		}
		if (rc == 0)
			rc = tool_flush(t, f);
	}
	x->len = 0;
	arena_empty(&x->arena);
	return rc;
}

/* Reads a noun into what lives as long as it is held. */
static int
read_noun(struct llm_annotator *x, struct held *h, struct fault *f)
{
	msgpack_object tree;

	if (parse_tree(h->parse, &h->item, &x->arena, &tree, f) < 0
	    || (h->layout = noun_layout_of(&tree, f)) == NULL)
		return -1;
	if (h->layout != &interaction_layout && h->layout != &pair_layout)
		return fault_set(f, "wrong-kind", "expected an interaction or a pair, found %s",
		    h->layout->name);
	if (noun_read(h->layout, &tree, &x->arena, &h->noun, f) < 0) {
		parse_locate(&h->item, f);
		return -1;
	}
	return 0;
}

static void
hold(struct llm_annotator *x, const struct turn *t)
{
	struct held *h = &x->held[x->len];
	char *data = arena_get(&x->arena, t->item.len + READER_PADDING);

	memcpy(data, t->item.data, t->item.len);
	h->item = t->item;
	h->item.data = data;
	h->name = arena_dup(&x->arena, t->name, strlen(t->name));
}

int
llm_annotator_step(struct llm_annotator *x, struct turn *t, struct fault *f)
{
	struct held *h = &x->held[x->len];
	struct llm_subject *s = &h->task.subject;
	int rc;

	hold(x, t);
	if (read_noun(x, h, f) < 0) {	/* told behind those that stand before it */
		struct fault before = FAULT_NONE;

		if ((rc = llm_annotator_flush(x, t, &before)) == 0)
			return -1;
		*f = before;
		return rc;
	}
	if (h->layout == &pair_layout)
		*s = (struct llm_subject){ h->noun.pair.post.text,
			h->noun.pair.first.text, h->noun.pair.second.text, true };
	else
		*s = (struct llm_subject){ .first = h->noun.text.text };
	h->task.rc = 0;
	h->task.fault = FAULT_NONE;
	return ++x->len == x->room ? llm_annotator_flush(x, t, f) : 0;
}
