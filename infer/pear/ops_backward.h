/* ops_backward.h - backward passes of infer/forward/ops.h.
 *
 * Each takes the input of its forward function (or where said, its output) and the gradient of
 * that output, and gives the gradient of the input.  Weights have no gradients.  Row-major f32,
 * one row a token; sums within a row are in double precision. */

#ifndef ALIGNX_INFER_PEAR_OPS_BACKWARD_H
#define ALIGNX_INFER_PEAR_OPS_BACKWARD_H

#include "infer/model/model.h"

/* y = norm(x): dx is, or if `adds` dx +=, the gradient of x. dx may be dy unless it adds.  With
 * g = dy weight, r = 1 / rms(x) and u = x r: dx = r (g - u mean(g u)).  LayerNorm takes x -
 * mean(x) for x, and g - mean(g) for the first g. */
void ops_norm_backward(enum norm kind, const struct norm_weights *w, double epsilon, const float *x,
    const float *dy, float *dx, size_t rows, size_t width, bool adds);

/* Rotates each head's gradient back by its position in sequences that all end with the last row's; the magnitude multiplies. stride: floats
 * between rows. */
void rope_backward(const struct model *m, float *d, size_t rows, size_t heads, size_t stride,
    const int32_t *position);

/* x = activation(x): d *= activation'(x). */
void ops_activate_backward(enum activation kind, const float *x, float *d, size_t n);

/* y = activation(gate) * up: d is the gradient of y on entry, that of up on return; d_gate
 * that of gate. */
void ops_gate_backward(enum activation kind, const float *gate, const float *up, float *d,
    float *d_gate, size_t n);

/* Soft cap and clamp; y: their output (for the clamp, input does as well). */
void ops_softcap_backward(double cap, const float *y, float *d, size_t n);
void ops_clamp_backward(double limit, const float *y, float *d, size_t n);

#endif
