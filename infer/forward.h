/* forward.h - a batch of tokens through all layers, and the questions asked of
 * what comes out.
 *
 * For infer/session.c.  One slab holds the cache and the activations; nothing is
 * allocated while tokens are taken through. */

#ifndef ALIGNX_INFER_FORWARD_H
#define ALIGNX_INFER_FORWARD_H

#include "infer/attention.h"
#include "infer/session.h"

struct forward;

/* With so many threads. */
size_t forward_bytes(const struct model *m, const struct session_options *o,
    size_t threads);
struct forward *forward_new(const struct model *m,
    const struct session_options *o, struct pool *pool);
void forward_free(struct forward *f);

/* To be filled before forward_run(): what each row sees. */
struct view *forward_views(struct forward *f);

/* Takes `rows` tokens through the layers; their keys and values go to the places
 * of the cache from `first` on. */
void forward_run(struct forward *f, const uint32_t *id, size_t first, size_t rows);

/* Hidden states of the batch, rows x width, before the last norm. */
const float *forward_hidden(const struct forward *f);

/* Asks for log p(target) where a hidden state stands, at most once for each row
 * of a batch; the state is copied.  All are answered by forward_answer(). */
void forward_ask(struct forward *f, const float *hidden, uint32_t target,
    float *answer);
void forward_answer(struct forward *f);
void forward_ask_likeliest(struct forward *f, const float *hidden, uint32_t *answer);

#endif
