/* product_kernel.h - the innermost loops of infer/product.c, by level.
 *
 * A tile of x is PRODUCT_TILE rows, k by k; a panel of w is PRODUCT_PANEL
 * rows, k by k.  c += tile times panel, or = where is_first. */

#ifndef ALIGNX_INFER_PRODUCT_KERNEL_H
#define ALIGNX_INFER_PRODUCT_KERNEL_H

#include <stdbool.h>

#include "infer/level.h"

enum { PRODUCT_TILE = 6, PRODUCT_PANEL = 16 };

typedef void product_kernel_fn(const float *tile, const float *panel, size_t k,
    float *c, size_t stride, size_t rows, bool is_first);

product_kernel_fn *product_kernel(enum level level);

#endif
