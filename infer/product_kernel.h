/* product_kernel.h - the innermost loops of infer/product.c, by format and level.
 *
 * A tile is PRODUCT_TILE rows of activations, a panel up to PRODUCT_PANEL rows of
 * a matrix; both stand dword by dword of k.  c = tile times panel, or c += where
 * it is not the first slab of k.  A kernel sums in the order of k and in no
 * other, so that a result does not depend on what stands beside it; levels of
 * one format agree to the last bit, but for plain F32, which has no fused
 * multiply-add. */

#ifndef ALIGNX_INFER_PRODUCT_KERNEL_H
#define ALIGNX_INFER_PRODUCT_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "infer/format.h"
#include "infer/level.h"

enum { PRODUCT_TILE = 6, PRODUCT_PANEL = 64 };

struct tile {
	const uint32_t *dword;		/* dwords x PRODUCT_TILE */
	/* INT8: signed bytes; for each FORMAT_PART numbers a scale, for each half of
	 * them their sum */
	const float *scale;		/* parts x PRODUCT_TILE */
	const int32_t *sum;		/* 2 parts x PRODUCT_TILE */
};

struct panel {
	const uint32_t *dword;		/* dwords x width, whole cache lines */
	size_t width;			/* 16, 32, 48 or 64; INT8: 64 */
	/* INT8: a number is scale * (code - zero) - min, codes unsigned bytes; scale
	 * and min for each `part` numbers, 16 or 32, min NULL for none */
	const float *scale, *min;	/* parts x width */
	int32_t zero;
	size_t part;
};

/* rows: of the tile, 1 to PRODUCT_TILE, that c has; stride: floats from one to the
 * next. */
typedef void product_kernel_fn(const struct tile *tile, const struct panel *panel,
    size_t dwords, float *c, size_t stride, size_t rows, bool is_first);

product_kernel_fn *product_kernel(enum format format, enum level level);

/* Sixteen rows, dwords apart by `stride`, become columns: to[k * PRODUCT_PANEL + i]
 * = from[i][k]. */
typedef void product_turn_fn(const uint32_t *const from[16], size_t dwords,
    uint32_t *to);

product_turn_fn *product_turn(enum level level);

#endif
