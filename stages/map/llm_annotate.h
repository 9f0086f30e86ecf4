/* map_annotate.h - intensities from a language model that is asked.
 *
 * Of a single text it is asked which pole of each dimension the text shows; of a
 * pair, which of the two responses shows more of pole 1, in both orders, whose
 * answers are averaged, since models favour what comes first (or last).  Whom to
 * ask is behind a struct annotator: an engine (llm_local.h) or an endpoint
 * (map_endpoint.h). */

#ifndef ALIGNX_STAGES_MAP_LLM_ANNOTATE_H
#define ALIGNX_STAGES_MAP_LLM_ANNOTATE_H

#include "lib/cli/tool.h"
#include "schema/messages.h"

enum { LLM_ID_MAX = 256, LLM_NAME_MAX = 200 };

/* What is asked about: a text, or two responses to a post. */
struct llm_subject {
	struct text post;		/* of a pair */
	struct text first, second;	/* second is of a pair */
	bool is_pair;
};

/* Which way (from -1, all pole 0, to 1) and how sure (from 0 to 1). */
struct judgement {
	double value, confidence;
};

/* A subject and what came of it. */
struct llm_task {
	struct llm_subject subject;
	/* Of a pair, positive means that what stands first shows more: [0] as given, [1]
	 * turned. */
	struct judgement mark[2][DIMENSIONS];
	char id[LLM_ID_MAX];	/* name and version, of the model and the words */
	int rc;				/* -1: it cannot be asked about, with why */
	struct fault fault;
};

struct annotator {
	size_t batch;			/* subjects that are best asked about together */
	/* -2: nobody answers. */
	int (*ask)(struct annotator *a, struct llm_task *const task[], size_t n,
	    struct fault *f);
	void (*free)(struct annotator *a);
};

/* A pair with its responses changed about. */
struct llm_subject llm_subject_swapped(const struct llm_subject *s);

struct llm_annotator;

struct llm_annotator *llm_annotator_new(struct annotator *a, double dead_zone);
void llm_annotator_free(struct llm_annotator *x);	/* and the annotator; NULL is allowed */

/* Takes the interaction or pair in hand.  It is written with what the annotator says,
 * now or with those that come; a pair gets the direction that its intensities have,
 * beyond the dead zone. */
int llm_annotator_step(struct llm_annotator *x, struct turn *t, struct fault *f);

/* Writes those that are held. */
int llm_annotator_flush(struct llm_annotator *x, struct turn *t, struct fault *f);

#endif
