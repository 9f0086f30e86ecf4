/* session.h - texts that go through a model, with what they have in common.
 *
 * A session holds a tree of texts: a branch is a run of token ids behind another
 * branch, or behind nothing.  Feeding only puts a branch in line; session_run()
 * takes all of them through the model in batches without padding, parents and
 * children together, each shared token once.  Vocabulary projection and softmax
 * are done only where a branch that is scored has a token.
 *
 * Scores depend on a branch and what is before it alone: not on what else is in
 * the session, nor on the number of threads. */

#ifndef ALIGNX_INFER_SESSION_H
#define ALIGNX_INFER_SESSION_H

#include "infer/model/model.h"

struct session;

struct session_options {
	size_t tokens;			/* room for so many in all; 0: the model's context */
	size_t batch;			/* rows in a pass; 0: 512 */
	enum level level;
	enum precision precision;
	const float *coefficient;	/* layers x heads (PEAR); NULL: all 1 */
};

/* Bytes that a session will take, cache and activations, with so many threads. */
size_t session_bytes(const struct model *m, const struct session_options *o,
    size_t threads);

/* -2 with a sentence if there is no memory for a model called `name` and a session; cure:
 * which options would help. */
int session_check(const struct model *m, const struct session_options *o,
    size_t threads, const char *name, const char *cure, struct fault *f);

struct session *session_open(const struct model *m,
    const struct session_options *o, struct pool *pool);
void session_free(struct session *s);		/* NULL is allowed */

/* Puts a branch in line; its number, or -1 if it has an id that is none, or is too
 * long for the room that is left or for the model's context.  parent: -1 for
 * none.  The ids are copied. */
int64_t session_feed(struct session *s, int64_t parent, const uint32_t *id,
    size_t n, bool is_scored, struct fault *f);

/* Takes through the model what was fed since the last time; or one batch of it,
 * and says whether there is more. */
void session_run(struct session *s);
bool session_step(struct session *s);

/* Tokens that were taken through the model since the session was opened. */
uint64_t session_taken(const struct session *s);

/* log p of each token of a scored branch given all before it, n values; that of
 * the very first token of a text is 0. */
const float *session_scores(const struct session *s, int64_t branch, size_t *n);

/* The likeliest token behind a branch that went through the model. */
uint32_t session_likeliest(struct session *s, int64_t branch);

/* Forgets all branches, or those that were fed behind the first `branches`; the
 * room that they had is free again, and what is kept stays as it is. */
void session_clear(struct session *s);
void session_rewind(struct session *s, size_t branches);

#endif
