/* llm_annotate.h - intensities from a language model.
 *
 * The model is asked which pole of each dimension a text shows.  For a pair it is asked which
 * response shows more of pole 1, in both orders; the answers are averaged, since models favour
 * the first response (or the last).  struct llm_backend hides which model is asked: one on this
 * machine (llm_local.h) or a web service (llm_openai.h). */

#ifndef ALIGNX_STAGES_MAP_LLM_ANNOTATE_H
#define ALIGNX_STAGES_MAP_LLM_ANNOTATE_H

#include "lib/cli/tool.h"
#include "schema/messages.h"

enum { LLM_ID_MAX = 256, LLM_NAME_MAX = 200 };

/* A text, or two responses to a post. */
struct llm_subject {
	struct text post;          /* pair only */
	struct text first, second; /* second: pair only */
	bool is_pair;
};

/* The value from -1 (pole 0) to 1 (pole 1), and the confidence from 0 to 1. */
struct judgement {
	double value, confidence;
};

/* A subject, and the judgement of the model. */
struct llm_task {
	struct llm_subject subject;
	/* [1]: of a pair with its responses swapped.  Positive: the first one shows more. */
	struct judgement judgement[2][DIMENSIONS];
	char id[LLM_ID_MAX]; /* names and versions of the model and the prompt */
	int rc;              /* -1: there is no judgement, and why */
	struct fault fault;
};

struct llm_backend {
	size_t batch; /* subjects to ask about at a time */
	/* -2: the model cannot be asked. */
	int (*ask)(struct llm_backend *b, struct llm_task *const task[], size_t n, struct fault *f);
	void (*free)(struct llm_backend *b);
};

/* The pair with its responses swapped. */
struct llm_subject llm_subject_swapped(const struct llm_subject *s);

struct llm_annotator;

struct llm_annotator *llm_annotator_new(struct llm_backend *b, double dead_zone);
void llm_annotator_free(struct llm_annotator *x); /* and the backend; NULL is allowed */

/* Takes the current interaction or pair, and writes it with its intensities, now or with a
 * later one.  A pair gets a new direction: differences beyond the dead zone. */
int llm_annotator_step(struct llm_annotator *x, struct stage_ctx *t, struct fault *f);

/* Asks about and writes what is still held. */
int llm_annotator_flush(struct llm_annotator *x, struct stage_ctx *t, struct fault *f);

#endif
