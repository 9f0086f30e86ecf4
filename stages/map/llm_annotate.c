#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schema/direction_of.h"
#include "schema/parse.h"
#include "stages/map/llm_annotate.h"
#include "annotate/intensity.h"

/* A message that waits for its judgement. */
struct held_message {
	struct parse *parse; /* owns its tree */
	const struct descriptor *descriptor;
	union {
		struct interaction text;
		struct pair pair;
	} message;
	const char *name; /* of the file it came from */
	struct reader_item item;
	struct llm_task task;
};

struct llm_annotator {
	struct llm_backend *backend;
	double dead_zone;
	struct held_message *held;
	struct llm_task **task; /* of held[], for the backend */
	size_t len, capacity;
	struct arena arena; /* of what is held */
};

struct llm_subject
llm_subject_swapped(const struct llm_subject *s)
{
	return (struct llm_subject){ s->post, s->second, s->first, s->is_pair };
}

struct llm_annotator *
llm_annotator_new(struct llm_backend *b, double dead_zone)
{
	struct llm_annotator *x = arena_calloc(1, sizeof(*x));

	x->backend = b;
	x->dead_zone = dead_zone;
	x->capacity = b->batch;
	x->held = arena_calloc(x->capacity, sizeof(*x->held));
	x->task = arena_calloc(x->capacity, sizeof(*x->task));
	for (size_t i = 0; i < x->capacity; i++) {
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
	for (size_t i = 0; i < x->capacity; i++)
		parse_free(x->held[i].parse);
	x->backend->free(x->backend);
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
set(struct intensities *x, const char *id, const struct judgement judgement[DIMENSIONS],
    double share)
{
	*x = (struct intensities){ .annotator = { id, strlen(id) } };
	for (int i = 0; i < DIMENSIONS; i++) {
		x->confidence[i] = hundredths(judgement[i].confidence);
		if (x->confidence[i] != 0)
			x->value[i] = hundredths(share * judgement[i].value);
	}
}

static void
put_text(struct interaction *x, const struct llm_task *task, struct buf *out)
{
	const struct descriptor *d = &interaction_descriptor;

	set(&x->intensities, task->id, task->judgement[0], 1);
	if (MESSAGE_HAS(d, x, ratings))
		intensity_from_ratings(&x->ratings, &x->intensities);
	MESSAGE_SET(d, x, intensities);
	message_encode(d, x, out);
}

/* The mean of both orders: a preference for a position cancels out. */
static void
average(struct judgement judgement[DIMENSIONS], const struct judgement swapped[DIMENSIONS])
{
	for (int i = 0; i < DIMENSIONS; i++) {
		double sum = judgement[i].value * judgement[i].confidence
		    - swapped[i].value * swapped[i].confidence;
		double confidence = judgement[i].confidence + swapped[i].confidence;

		judgement[i].value = confidence > 0 ? sum / confidence : 0;
		judgement[i].confidence = confidence / 2;
	}
}

/* Each response gets half of the difference. */
static void
put_pair(struct pair *x, struct llm_task *task, double dead_zone, struct buf *out)
{
	average(task->judgement[0], task->judgement[1]);
	set(&x->first.intensities, task->id, task->judgement[0], 0.5);
	set(&x->second.intensities, task->id, task->judgement[0], -0.5);
	MESSAGE_SET(&thread_text_descriptor, &x->first, intensities);
	MESSAGE_SET(&thread_text_descriptor, &x->second, intensities);
	x->direction = direction_of_difference(&x->first.intensities, &x->second.intensities, NULL,
	    dead_zone);
	message_encode(&pair_descriptor, x, out);
}

int
llm_annotator_flush(struct llm_annotator *x, struct stage_ctx *t, struct fault *f)
{
	int rc = x->len > 0 ? x->backend->ask(x->backend, x->task, x->len, f) : 0;

	for (size_t i = 0; rc == 0 && i < x->len; i++) {
		struct held_message *h = &x->held[i];

		if (h->task.rc < 0) {
			*f = h->task.fault;
			rc = tool_refuse(t, h->name, &h->item, f);
		} else if (h->descriptor == &interaction_descriptor) {
			put_text(&h->message.text, &h->task, t->out);
		} else {
			put_pair(&h->message.pair, &h->task, x->dead_zone, t->out);
		}
		if (rc == 0)
			rc = tool_flush(t, f);
	}
	x->len = 0;
	arena_reset(&x->arena);
	return rc;
}

/* Reads a message into memory that lasts while it is held. */
static int
read_message(struct llm_annotator *x, struct held_message *h, struct fault *f)
{
	msgpack_object tree;

	if (parse_tree(h->parse, &h->item, &x->arena, &tree, f) < 0
	    || (h->descriptor = message_descriptor_of(&tree, f)) == NULL)
		return -1;
	if (h->descriptor != &interaction_descriptor && h->descriptor != &pair_descriptor)
		return fault_set(f, "wrong-kind", "expected an interaction or a pair, found %s",
		    h->descriptor->name);
	if (message_decode(h->descriptor, &tree, &x->arena, &h->message, f) < 0) {
		parse_locate(&h->item, f);
		return -1;
	}
	return 0;
}

static void
hold(struct llm_annotator *x, const struct stage_ctx *t)
{
	struct held_message *h = &x->held[x->len];
	char *data = arena_alloc(&x->arena, t->item.len + READER_PADDING);

	memcpy(data, t->item.data, t->item.len);
	h->item = t->item;
	h->item.data = data;
	h->name = arena_strndup(&x->arena, t->name, strlen(t->name));
}

int
llm_annotator_step(struct llm_annotator *x, struct stage_ctx *t, struct fault *f)
{
	struct held_message *h = &x->held[x->len];
	struct llm_subject *s = &h->task.subject;
	int rc;

	hold(x, t);
	if (read_message(x, h, f) < 0) { /* reported after the records before it */
		struct fault earlier = FAULT_NONE;

		if ((rc = llm_annotator_flush(x, t, &earlier)) == 0)
			return -1;
		*f = earlier;
		return rc;
	}
	if (h->descriptor == &pair_descriptor)
		*s = (struct llm_subject){ h->message.pair.post.text, h->message.pair.first.text,
			h->message.pair.second.text, true };
	else
		*s = (struct llm_subject){ .first = h->message.text.text };
	h->task.rc = 0;
	h->task.fault = FAULT_NONE;
	return ++x->len == x->capacity ? llm_annotator_flush(x, t, f) : 0;
}
