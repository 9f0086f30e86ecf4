/* backward.h - backpropagation from the last hidden states to the heads' coefficients.
 *
 * The backward pass of what saved_activations.c ran forward.  Only activations have gradients,
 * weights have none, so each matrix is multiplied once more; layers below the lowest with a
 * coefficient to learn are not visited.  With o_h(t) the output of head h at token t before the
 * output projection, and c_h its coefficient,
 *
 *	dL/dc_h = sum over tokens t of <dL/d(c_h o_h(t)), o_h(t)> */

#ifndef ALIGNX_INFER_PEAR_BACKWARD_H
#define ALIGNX_INFER_PEAR_BACKWARD_H

#include "infer/matmul/matmul_backward.h"
#include "infer/pear/saved_activations.h"

struct backward;

size_t backward_bytes(const struct model *m, const struct saved_activations_options *o);
struct backward *backward_new(const struct saved_activations *s);
void backward_free(struct backward *b);

/* d: rows x width, the gradient of the hidden states that saved_activations_run() returned;
 * overwritten. out: sequences x layers x heads, dL/dc; 0 in layers whose activations are not
 * saved.  Sums over tokens are in their order and in double precision, so that a sequence's
 * gradient does not depend on the others in its pass. */
void backward_run(struct backward *b, float *d, double *out);

#endif
