/* layers_back.h - the way back through the small parts of a layer.
 *
 * Each function undoes one of layers.h: it takes what that one took (or, where
 * said, what it gave) and the gradient of a loss by what it gave, and gives the
 * gradient by what it took.  Weights have no gradients here.  Row-major f32,
 * one row a token; sums within a row are in double precision. */

#ifndef ALIGNX_INFER_LAYERS_BACK_H
#define ALIGNX_INFER_LAYERS_BACK_H

#include "infer/model/model.h"

/* Through y = norm(x): dx = or, where is_sum, dx += the gradient by x.  dx may be
 * dy where it is set.  With g = dy weight, r = 1 / rms(x) and u = x r:
 * dx = r (g - u mean(g u)); the layer norm has x less its mean in place of x, and
 * loses mean(g) too. */
void layer_norm_back(enum norm kind, const struct norm_weights *w, double epsilon,
    const float *x, const float *dy, float *dx, size_t rows, size_t width,
    bool is_sum);

/* Turns each head's gradient back by its position; magnitudes multiply. */
void layer_rope_back(const struct model *m, float *d, size_t rows, size_t heads,
    size_t stride, const int32_t *position);

/* Through x = activation(x): d *= its slope at x. */
void layer_activate_back(enum activation kind, const float *x, float *d, size_t n);

/* Through activation(gate) * up: on entry d is the gradient by the product; on
 * return that by up, and d_gate that by the gate. */
void layer_gate_back(enum activation kind, const float *gate, const float *up,
    float *d, float *d_gate, size_t n);

/* Through the soft cap and the clamp; y is what those gave. */
void layer_cap_back(double cap, const float *y, float *d, size_t n);
void layer_clamp_back(double most, const float *y, float *d, size_t n);

#endif
