/* parts.h - the parts of a layer one by one, over rows of activations.
 *
 * For those who go through layers with a purpose of their own: a forward pass
 * that is recorded (infer/trace.c), hidden states that are changed on the way
 * (infer/pear_detect.c).  Scoring has infer/forward.c, with a cache. */

#ifndef ALIGNX_INFER_PARTS_H
#define ALIGNX_INFER_PARTS_H

#include "infer/model.h"

struct parts {
	const struct model *model;
	struct product *product;	/* room for the rows, inputs up to parts_widest() */
	struct pool *pool;
};

/* The longest rows that go into a product. */
size_t parts_widest(const struct model *m);

/* out = scale * (x w^T) + bias, for x that product_set() knows. */
void parts_multiply(const struct parts *p, const struct linear *w, float *out,
    size_t rows);

/* What a part begins with: hidden states normed, where the family does so. */
void parts_begin(const struct parts *p, const struct norm_weights *norm,
    const float *hidden, float *normed, size_t rows);

/* hidden += what a part gave, normed before or behind where the family does so.
 * given is changed.  taken gets what went into that norm; NULL where it is of no
 * interest.  No family norms both before and behind. */
void parts_end(const struct parts *p, const struct norm_weights *norm,
    const struct norm_weights *after, float *given, float *taken, float *hidden,
    size_t rows);
bool parts_is_taken(const struct model *m, const struct norm_weights *after);

/* q, k and v from normed states, clamped; fused has room for all three, rows x
 * (heads + 2 kv_heads) x head_size. */
void parts_project(const struct parts *p, const struct layer *l,
    const float *normed, float *fused, float *q, float *k, float *v, size_t rows);

/* q and k as attention takes them: normed and turned. */
void parts_turn(const struct parts *p, const struct layer *l,
    const int32_t *position, float *q, float *k, size_t rows);

/* The MLP from normed states.  gate (where there is one) and up get what they are
 * before the activation; act has room for rows x 2 mlp. */
struct parts_mlp {
	float *gate, *up, *act;
};
void parts_think(const struct parts *p, const struct layer *l,
    const float *normed, const struct parts_mlp *room, float *given, size_t rows);

#endif
