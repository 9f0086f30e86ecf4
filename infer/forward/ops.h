/* layers.h - the small parts of a layer, over rows of activations.
 *
 * All work on row-major f32, `rows` x `width`, one row a token.  Sums of a row
 * run in one order, whatever the batch. */

#ifndef ALIGNX_INFER_LAYERS_H
#define ALIGNX_INFER_LAYERS_H

#include "infer/model/model.h"

/* y = x / rms(x) * weight (Zhang and Sennrich 2019), or the layer norm with mean
 * and bias (Ba et al. 2016).  y may be x. */
void layer_norm(enum norm kind, const struct norm_weights *w, double epsilon,
    const float *x, float *y, size_t rows, size_t width);

/* Sum of n numbers, in double precision. */
double layer_sum(const float *x, size_t n);

/* x *= by; x[r][i] /= by[i], NULL for 1 */
void layer_scale(float by, float *x, size_t n);
void layer_divide(const float *by, float *x, size_t rows, size_t width);

/* y += x */
void layer_add(const float *x, float *y, size_t n);

/* Turns each head's first rope_size dimensions by position (Su et al. 2021), in
 * adjacent pairs or in halves: rope_size / 2 angles of a position, times the
 * magnitude, for all heads of one row, side by side. */
void layer_rope_angles(const struct model *m, int32_t position, float *cosine,
    float *sine);
void layer_rope_turn(const struct model *m, const float *cosine, const float *sine,
    float *x, size_t heads);

/* x = activation(x), or x = activation(gate) * x. */
void layer_activate(enum activation kind, float *x, size_t n);
void layer_gate(enum activation kind, const float *gate, float *x, size_t n);

/* x = most * tanh(x / most), or as it is if most is 0 */
void layer_cap(double most, float *x, size_t n);
void layer_clamp(double most, float *x, size_t n);

#endif
