/* map_annotate.h - intensities from a language model that is asked.
 *
 * Of a single text it is asked which pole of each dimension the text shows; of a
 * pair, which of the two responses shows more of pole 1, in both orders, whose
 * answers are averaged, since models favour what comes first (or last).  Whom to
 * ask is behind a struct annotator: an engine (map_engine.h) or an endpoint
 * (map_endpoint.h). */

#ifndef ALIGNX_STAGES_MAP_ANNOTATE_H
#define ALIGNX_STAGES_MAP_ANNOTATE_H

#include "lib/cli/tool.h"
#include "schema/messages.h"

enum { ANNOTATE_ID_MAX = 256, ANNOTATE_NAME_MAX = 200 };

/* What is asked about: a text, or two responses to a post. */
struct annotate_subject {
	struct text post;		/* of a pair */
	struct text first, second;	/* second is of a pair */
	bool is_pair;
};

/* Which way (from -1, all pole 0, to 1) and how sure (from 0 to 1). */
struct annotate_mark {
	double value, confidence;
};

/* A subject and what came of it. */
struct annotate_task {
	struct annotate_subject subject;
	/* Of a pair, positive means that what stands first shows more: [0] as given, [1]
	 * turned. */
	struct annotate_mark mark[2][DIMENSIONS];
	char id[ANNOTATE_ID_MAX];	/* name and version, of the model and the words */
	int rc;				/* -1: it cannot be asked about, with why */
	struct fault fault;
};

struct annotator {
	size_t batch;			/* subjects that are best asked about together */
	/* -2: nobody answers. */
	int (*ask)(struct annotator *a, struct annotate_task *const task[], size_t n,
	    struct fault *f);
	void (*free)(struct annotator *a);
};

/* A pair with its responses changed about. */
struct annotate_subject annotate_turned(const struct annotate_subject *s);

struct annotation;

struct annotation *annotate_new(struct annotator *a, double dead_zone);
void annotate_free(struct annotation *x);	/* and the annotator; NULL is allowed */

/* Takes the interaction or pair in hand.  It is written with what the annotator says,
 * now or with those that come; a pair gets the direction that its intensities have,
 * beyond the dead zone. */
int annotate_step(struct annotation *x, struct turn *t, struct fault *f);

/* Writes those that are held. */
int annotate_flush(struct annotation *x, struct turn *t, struct fault *f);

#endif
