/* softmax.h - the steps of a softmax over attention scores. */

#ifndef ALIGNX_INFER_FORWARD_SOFTMAX_H
#define ALIGNX_INFER_FORWARD_SOFTMAX_H

#include <stddef.h>

/* x = exp(x - max), n numbers */
void softmax_exp(float *x, float max, size_t n);

/* Of the KV_TILE scores of one query. */
float softmax_sum(const float *x);
float softmax_max(const float *x);

/* Soft cap x = cap tanh(x / cap) unless cap is 0, then ALiBi (Press et al. 2022): x[i] +=
 * slope (i - distance).  KV_TILE scores; distance: the query's position less the first key's. */
void softmax_softcap_alibi(float *x, float cap, float slope, float distance);

#endif
