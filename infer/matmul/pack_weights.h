/* pack_weights.h - weights as dwords of a compute type, in panels (see kernel.h).
 *
 * Rows are padded with 0 to whole dwords, groups or steps, and panels with rows of 0. */

#ifndef ALIGNX_INFER_MATMUL_PACK_WEIGHTS_H
#define ALIGNX_INFER_MATMUL_PACK_WEIGHTS_H

#include "infer/matmul/kernel.h"
#include "infer/tensor/weight.h"

/* A worker's panels, MATMUL_TASK_PANELS of them, and memory to unpack rows into. */
struct pack_scratch;

size_t pack_scratch_bytes(void);
struct pack_scratch *pack_scratch_new(void);
void pack_scratch_free(struct pack_scratch *s);

/* Packs rows [first, first + MATMUL_PANEL) of w, `dwords` of k from dword `slab` on, into
 * panel `number` of the scratch; the result is a view into it. */
struct panel pack_panel(struct pack_scratch *s, size_t number, const struct weight *w,
    enum compute_type compute, struct matmul_kernel kernel, size_t first, size_t slab,
    size_t dwords);

#endif
