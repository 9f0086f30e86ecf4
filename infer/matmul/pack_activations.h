/* tiles.h - activations as dwords, in tiles (see infer/matmul/kernel.h).
 *
 * Numbers behind the end of a row, and rows behind the last, are 0. */

#ifndef ALIGNX_INFER_TILES_H
#define ALIGNX_INFER_TILES_H

#include "infer/matmul/kernel.h"

/* Rows of a batch in one format, for one way of multiplying, cut into slabs of k.
 * In a slab tile stands behind tile. */
struct tiles {
	enum format format;
	struct product_way way;
	size_t rows, columns;		/* of x */
	size_t dwords;			/* of a row */
	uint32_t *dword;
	float *scale, *less;		/* INT8 */
	int32_t *whole, *half;
};

/* Room for so many rows and columns. */
void tiles_init(struct tiles *t, enum format format, struct product_way way,
    size_t rows, size_t columns);
void tiles_release(struct tiles *t);

static inline size_t
tiles_count(const struct tiles *t)
{
	return (t->rows + t->way.rows - 1) / t->way.rows;
}

/* Packs one tile of x, rows `stride` floats apart, all slabs of it; tiles->rows, columns
 * and dwords are set.  Activations of INT8 are rounded to 127ths of the largest of 32. */
void tiles_pack(const struct tiles *t, const float *x, size_t stride, size_t tile);

/* Sums of one tile and PRODUCT_PANEL columns from `column` on, as a kernel left them, become
 * what tiles_pack() would make of them as rows. */
void tiles_carry(const struct tiles *t, size_t tile, size_t column, const float *sums);

/* What a tile has in the slab which begins with a dword.
 * Field by field: who copies what was stored in other pieces waits for all stores before. */
void tiles_at(const struct tiles *t, size_t slab, size_t tile, struct tile *to);

#endif
