/* softmax.h - the steps of a softmax over scores, in wide registers. */

#ifndef ALIGNX_INFER_SOFTMAX_H
#define ALIGNX_INFER_SOFTMAX_H

#include <stddef.h>

/* x = exp(x - less), n numbers */
void softmax_exp(float *x, float less, size_t n);

/* Sum and largest of the ATTENTION_TILE scores of one query. */
float softmax_sum(const float *x);
float softmax_most(const float *x);

/* On the same scores a soft cap if it is not 0, and the slope of ALiBi (Press et al.
 * 2022) times key position less query position, which is i - distance. */
void softmax_bend(float *x, float cap, float slope, float distance);

#endif
