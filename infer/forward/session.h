/* session.h - token sequences with shared prefixes, evaluated with a KV cache.
 *
 * A session holds a tree: a sequence is a run of token ids after another sequence, its parent,
 * or at the beginning. session_append() queues a sequence; session_run() evaluates all queued
 * ones in batches without padding, parents and children together, each shared token once.  The
 * LM head is computed only where a scored sequence has a token.
 *
 * Scores depend on a sequence and what is before it: not on what else is in the session, nor
 * on the number of threads. */

#ifndef ALIGNX_INFER_FORWARD_SESSION_H
#define ALIGNX_INFER_FORWARD_SESSION_H

#include "infer/model/model.h"

struct session;

struct session_options {
	size_t tokens; /* capacity of the KV cache; 0: the model's context */
	size_t batch;  /* tokens in a pass; 0: 512 */
	enum cpu_isa isa;
	enum precision precision;
	const float *coefficient; /* layers x heads (PEAR); NULL: all 1 */
};

/* Bytes that a session takes, cache and activations, with so many threads. */
size_t session_bytes(const struct model *m, const struct session_options *o, size_t threads);

/* -2 if a session does not fit in memory; name: the model in the message, cure: the options
 * that would help. */
int session_check(const struct model *m, const struct session_options *o, size_t threads,
    const char *name, const char *cure, struct fault *f);

struct session *session_open(const struct model *m, const struct session_options *o,
    struct thread_pool *pool);
void session_free(struct session *s); /* NULL is allowed */

/* Queues a sequence; its number.  Ids are copied. parent: -1 for none. -1: an id is not in the
 * vocabulary, or the tokens do not fit in the cache or the model's context. */
int64_t session_append(struct session *s, int64_t parent, const uint32_t *id, size_t n,
    bool is_scored, struct fault *f);

/* The length of the texts that will be appended, in a session without sequences: models with
 * LongRoPE turn short texts and long ones differently (model_rope_frequency()). */
void session_set_length(struct session *s, size_t length);

/* Evaluates all that is queued; or one batch of it, and returns whether there is more. */
void session_run(struct session *s);
bool session_step(struct session *s);

/* -2 if the model's numbers have overflowed or are NaN; see forward_check_finite(). */
int session_check_finite(const struct session *s, struct fault *f);

/* Tokens evaluated since the session was opened. */
uint64_t session_evaluated(const struct session *s);

/* log p of each token of a scored sequence given all before it, n values; 0 for the very first
 * token of a text.  Natural logarithms. */
const float *session_scores(const struct session *s, int64_t sequence, size_t *n);

/* The likeliest next token after an evaluated sequence, the lowest id of equals. */
uint32_t session_argmax(struct session *s, int64_t sequence);

/* Drops all sequences, or those after the first `sequences`, and frees their part of the
 * cache; the others keep their state. */
void session_clear(struct session *s);
void session_rewind(struct session *s, size_t sequences);

#endif
