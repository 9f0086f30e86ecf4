/* ask_mode.h - two ways to ask a web service about a text.
 *
 * Each: one request for each dimension, whose answer is one token.  The log-probabilities of
 * the most likely tokens in its place make the judgement (llm_prompt.h).
 *
 * All: one request for all dimensions, whose answer is a JSON object with an integer from -2
 * (clearly pole 0) to 2 (clearly pole 1) for every dimension that the text shows.  The value is
 * half of it, with full confidence; other dimensions are neutral.  For services that give no
 * log-probabilities, or at a 90th of the requests. */

#ifndef ALIGNX_STAGES_MAP_ASK_MODE_H
#define ALIGNX_STAGES_MAP_ASK_MODE_H

#include "lib/core/buf.h"
#include "lib/json/json.h"
#include "stages/map/llm_prompt.h"

/* The answers about one subject in one order. */
union ask_reply {
	double l[DIMENSIONS][PROMPT_ANSWERS];   /* each: log-probabilities */
	struct judgement judgement[DIMENSIONS]; /* all */
};

struct ask_mode {
	const char *name;     /* with its version, for the name of the annotator */
	size_t requests;      /* for a subject in one order */
	bool needs_prior;     /* must it also ask about an empty text? */
	const char *settings; /* of the request, in JSON */
	void (*put_system)(struct buf *b, bool is_pair);
	void (*put_user)(struct buf *b, const struct llm_subject *s, size_t request);
	/* Appends the useful part of an answer as a JSON value.  -1: the answer is unusable;
	 * -2: so are all answers of this service. */
	int (*take)(const struct json_node *answer, bool is_pair, struct buf *kept,
	    struct fault *f);
	/* Reads what take() has kept; -1 if it is invalid. */
	int (*read)(const struct json_node *kept, size_t request, union ask_reply *reply,
	    struct fault *f);
	/* prior: the reply about an empty text, if the mode needs it. */
	void (*judge)(const union ask_reply *reply, const union ask_reply *prior,
	    struct judgement judgement[DIMENSIONS]);
};

extern const struct ask_mode ask_each, ask_all;

/* "unusable answer: ..." */
int ask_bad_answer(struct fault *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
