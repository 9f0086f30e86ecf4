/* map_way.h - the two ways to ask a service about a text.
 *
 * Each: a request for every dimension, whose answer is one token; the log-probabilities
 * that the service gives for the likeliest tokens in its place make the marks, as those
 * of the engine do (map_question.h).  All: one request for all dimensions, whose answer
 * is a JSON object with a whole number from -2 (clearly pole 0) to 2 (clearly pole 1)
 * for every dimension that the text shows; the value is half of it, with full
 * confidence, and what is left out is neutral.  For services that give no
 * log-probabilities, or at a ninetieth of the price. */

#ifndef ALIGNX_STAGES_MAP_ASK_MODE_H
#define ALIGNX_STAGES_MAP_ASK_MODE_H

#include "lib/core/buf.h"
#include "lib/json/json.h"
#include "stages/map/llm_prompt.h"

/* What was said of one subject in one order. */
union ask_reply {
	double l[DIMENSIONS][PROMPT_ANSWERS];		/* each: log-probabilities */
	struct judgement mark[DIMENSIONS];		/* all */
};

struct ask_mode {
	const char *name;		/* with its version: behind that of the model */
	size_t requests;		/* for a subject in one order */
	bool has_lean;			/* does it want to know what is said of no text? */
	const char *settings;		/* of the request, beside model, messages, temperature */
	void (*put_system)(struct buf *b, bool is_pair);
	void (*put_user)(struct buf *b, const struct llm_subject *s, size_t request);
	/* Appends what is worth keeping of an answer, as a JSON value.  -1: it is of no
	 * use; -2: no answer of this service will be. */
	int (*take)(const struct json_node *answer, bool is_pair, struct buf *kept,
	    struct fault *f);
	/* Reads what was kept; -1 if it is not in order. */
	int (*read)(const struct json_node *kept, size_t request, union ask_reply *reply,
	    struct fault *f);
	/* lean: the reply about no text, if it was wanted. */
	void (*set)(const union ask_reply *reply, const union ask_reply *lean,
	    struct judgement mark[DIMENSIONS]);
};

extern const struct ask_mode ask_each, ask_all;

/* "The answer is of no use: ..." */
int ask_bad_answer(struct fault *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
