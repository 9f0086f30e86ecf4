/* backward.h - from the gradient by hidden states to that by coefficients.
 *
 * Goes back through the layers of a pass that infer/pear/saved_activations.c kept.  Only
 * activations have gradients, weights have none, so each matrix is multiplied
 * once more, and layers below the first that is kept are not visited (PEAR,
 * section B2): with o_h(t) what head h sees at token t and W its columns of the
 * output projection, dL/dcoefficient = sum over t of <dL/d(W input), o_h(t)>. */

#ifndef ALIGNX_INFER_BACKWARD_H
#define ALIGNX_INFER_BACKWARD_H

#include "infer/matmul/matmul_backward.h"
#include "infer/pear/saved_activations.h"

struct backward;

size_t backward_bytes(const struct model *m, const struct trace_options *o);
struct backward *backward_new(const struct trace *t);
void backward_free(struct backward *b);

/* d: gradient by the hidden states that trace_run() returned, rows x width; it is
 * used up.  out: for each text, layers x heads; layers that are not kept get 0.
 * The sum over a text's tokens is in their order, in double precision, so that it
 * depends on no other text. */
void backward_run(struct backward *b, float *d, double *out);

#endif
