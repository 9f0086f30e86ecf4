/* pack_activations.h - activations as dwords of a compute type, in tiles (see kernel.h).
 *
 * Rows are padded with 0 to whole dwords, groups or steps, and tiles with rows of 0. */

#ifndef ALIGNX_INFER_MATMUL_PACK_ACTIVATIONS_H
#define ALIGNX_INFER_MATMUL_PACK_ACTIVATIONS_H

#include "infer/matmul/kernel.h"

/* A batch of rows, packed for one kernel: slab by slab of k, and in a slab tile by tile. */
struct tiles {
	enum compute_type compute;
	struct matmul_kernel kernel;
	size_t rows, columns; /* of x */
	size_t dwords;        /* of a packed row */
	uint32_t *dword;
	/* INT8: see struct tile */
	float *scale, *min_correction;
	int32_t *row_sum32, *row_sum16;
};

/* Allocates for up to `rows` rows and `columns` columns. */
void tiles_init(struct tiles *t, enum compute_type compute, struct matmul_kernel kernel,
    size_t rows, size_t columns);
void tiles_release(struct tiles *t);

static inline size_t
tiles_count(const struct tiles *t)
{
	return (t->rows + t->kernel.rows - 1) / t->kernel.rows;
}

/* Packs one tile of x, rows `stride` floats apart, all slabs of it; t->rows, columns and
 * dwords are set. */
void tiles_pack(const struct tiles *t, const float *x, size_t stride, size_t tile);

/* Packs the sums of one tile and MATMUL_PANEL columns from `column` on, as a kernel left
 * them, to what tiles_pack() would make of the stored rows. */
void tiles_store_packed(const struct tiles *t, size_t tile, size_t column, const float *sums);

/* Points `to` at a tile's part of the slab that begins with dword `slab` of k. */
void tiles_at(const struct tiles *t, size_t slab, size_t tile, struct tile *to);

#endif
