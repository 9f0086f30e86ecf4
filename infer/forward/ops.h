/* ops.h - the elementwise and row operations of a layer.
 *
 * On row-major f32, rows x width, one row a token.  The order of a row's sum does not depend on
 * the batch. */

#ifndef ALIGNX_INFER_FORWARD_OPS_H
#define ALIGNX_INFER_FORWARD_OPS_H

#include "infer/model/model.h"

/* RMSNorm y = x / rms(x) * weight (Zhang and Sennrich 2019), or LayerNorm with mean and bias
 * (Ba et al. 2016). y may be x. */
void ops_norm(enum norm kind, const struct norm_weights *w, double epsilon, const float *x,
    float *y, size_t rows, size_t width);

/* In double precision. */
double ops_sum(const float *x, size_t n);

/* Is none of them infinite or NaN? */
bool ops_is_finite(const float *x, size_t n);

/* x *= factor; x[r][i] /= divisor[i], unless divisor is NULL */
void ops_scale(float factor, float *x, size_t n);
void ops_divide(const float *divisor, float *x, size_t rows, size_t width);

/* y += x */
void ops_add(const float *x, float *y, size_t n);

/* RoPE (Su et al. 2021) on each head's first rope_size dimensions, as adjacent pairs or as
 * halves. rope_angles(): cosines and sines of a position in a text of so many tokens, rope_size / 2
 * each, times the magnitude. rope_apply(): all heads of one row. */
void rope_angles(const struct model *m, size_t length, int32_t position, float *cosine,
    float *sine);
void rope_apply(const struct model *m, const float *cosine, const float *sine, float *x,
    size_t heads);

/* x = activation(x), or x = activation(gate) * x. */
void ops_activate(enum activation kind, float *x, size_t n);
void ops_gate(enum activation kind, const float *gate, float *x, size_t n);

/* x = cap tanh(x / cap), or unchanged if cap is 0; x to [-limit, limit], or unchanged if limit
 * is 0 */
void ops_softcap(double cap, float *x, size_t n);
void ops_clamp(double limit, float *x, size_t n);

#endif
