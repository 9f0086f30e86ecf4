/* attention_softmax.h - what is done to the scores of one query in a tile, in wide
 * registers; ATTENTION_TILE numbers each. */

#ifndef ALIGNX_INFER_ATTENTION_SOFTMAX_H
#define ALIGNX_INFER_ATTENTION_SOFTMAX_H

#include <stddef.h>

float softmax_sum(const float *x);
float softmax_most(const float *x);

/* A soft cap if it is not 0, and the slope of ALiBi (Press et al. 2022) times key
 * position less query position, which is i - distance. */
void softmax_bend(float *x, float cap, float slope, float distance);

/* x = exp(x - less) */
void softmax_exp(float *x, float less);

#endif
