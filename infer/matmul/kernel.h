/* kernel.h - the innermost loops of a matrix product, one for each compute type and
 * instruction set, and the packed layouts that they read.
 *
 * out = x times w transposed: x is rows x K, w is N x K in the file's type.  Both are cut
 * into slabs of k, the k-blocks (KC) of Goto and van de Geijn (2008), Anatomy of
 * high-performance matrix multiplication.  A tile is a few rows of x, a panel is 64 rows
 * of w, and a kernel adds the product of one slab of both to c:
 *
 *	     tile                      panel                          c
 *	     row 0 .. 5                column 0 ........ 63           column 0 .... 63
 *	k 0 | a a a a a a |       k 0 | b b b b b ... b |      row 0 | sums of a * b |
 *	k 1 | a a a a a a |       k 1 | b b b b b ... b |       ..   |               |
 *	..  |             |       ..  |                 |          5 |               |
 *
 * A letter is a dword: 1 float, 2 bfloat16 or 4 bytes of consecutive k.  A column of a
 * panel is a row of w, so weights are transposed when they are packed.
 *
 * AMX in tile registers (kernel_amx_bf16.c) swaps the operands: its instruction multiplies
 * 16 rows of 32 values, contiguous, by 16 pairs of values for each of 16 columns.  Rows of
 * w are contiguous in the file and there are many of them; rows of x are few.  Hence w is
 * the first operand, copied as it is, and only x is transposed:
 *
 *	     panel: a row of w         tile: 16 rows of x             c, transposed
 *	     k 0 1 2 3 ... 30 31       row 0 ........ 15              row of x 0 .. 15
 *	  0 | w w w w ...  w  w | k 0 1 | aa aa ... aa |      w  0 | sums of w * a |
 *	..  |                   | k 2 3 | aa aa ... aa |        .. |               |
 *	 15 |                   | ..    |              |        15 |               |
 *
 * c is transposed back when it is stored.  Where it becomes the x of the next product, it
 * is not: rows of w are the next k, so that two of them already are the pairs of a tile.
 *
 * A kernel sums in the order of k and in no other, so that a result does not depend on
 * the rest of the batch.  Instruction sets agree to the last bit in each compute type, but
 * for plain F32, which has no fused multiply-add.
 *
 * BF16 and AMX where float instructions are as fast as any for bfloat16: values are packed
 * as floats, the second of each two first, as VDPBF16PS adds them. */

#ifndef ALIGNX_INFER_MATMUL_KERNEL_H
#define ALIGNX_INFER_MATMUL_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "infer/tensor/compute_type.h"
#include "infer/tensor/cpu_isa.h"

enum {
	MATMUL_PANEL = 64,    /* columns: 4 registers of 512 bits */
	MATMUL_TILE_ROWS = 6, /* rows: 6 x 4 sums, 4 weights and 1 activation fit 32 registers */
	MATMUL_TILE_ROWS_MAX = 32, /* rows for AMX: 2 tile registers */
	MATMUL_AMX_K = 32,         /* bfloat16 in a row of a tile register: k of one instruction */
	MATMUL_SLAB = 1024,    /* KC (k-block) in dwords: 256 KiB of a panel stay in the L2 cache */
	MATMUL_AMX_SLAB = 512, /* KC in values: 32 KiB of an AMX tile stay in the L1 cache */
	MATMUL_TASK_PANELS = 4, /* AMX panels of 64 KiB that stay in the L2 cache together */
};

struct tile {
	/* steps x groups of rows x dwords of a step x rows of a group (struct matmul_kernel) */
	const uint32_t *dword;
	/* INT8, signed bytes: for each INT8_GROUP of them, groups of bytes x rows */
	const float *scale;
	const float *min_correction; /* -scale * sum of the bytes, for a panel's minima */
	/* -128 * sum of 32 bytes, or of each 16 (2 groups x rows): what a panel whose bytes
	 * are offset by 128 adds too much */
	const int32_t *row_sum32, *row_sum16;
	/* AMX: what the next tiles need, to be loaded into the L2 cache meanwhile */
	const char *prefetch;
};

struct panel {
	const uint32_t *dword; /* dwords x width, whole cache lines */
	size_t width;          /* 16, 32, 48 or 64; INT8: 64 */
	/* INT8: a weight is scale * byte - min for each group of 16 or 32 signed bytes;
	 * groups x width; min NULL: there are no minima */
	const float *scale, *min;
	size_t group;
};

/* c = tile times panel, or c += where it is not the first slab.  rows: 1 or more of the
 * tile that c has; stride: floats from one row of c to the next. */
typedef void matmul_run_fn(const struct tile *tile, const struct panel *panel, size_t dwords,
    float *c, size_t stride, size_t rows, bool is_first);

/* Called before and after calls of a kernel with panels like this one. */
typedef void matmul_begin_fn(const struct panel *panel);
typedef void matmul_end_fn(void);

/* 16 rows to columns of a panel: to[k * MATMUL_PANEL + i] = from[i][k] ^ flip. */
typedef void matmul_transpose_fn(const uint32_t *const from[16], size_t dwords, uint32_t flip,
    uint32_t *to);

/* Floats to signed bytes, whole groups of INT8_GROUP: x = scale * byte, scale = largest
 * magnitude of the group / 127; sum: of the bytes of each half of a group. */
typedef void matmul_quantize_fn(const float *x, size_t groups, int8_t *byte, float *scale,
    int32_t *sum);

/* n floats of each of 16 rows, NULL for zeros, to a group of rows of a tile: step by step,
 * `stride` dwords from one to the next. */
typedef void matmul_pack_group_fn(const float *const row[16], size_t n, uint32_t *to,
    size_t stride);

/* What is needed soon: `bytes` of it are prefetched for each MATMUL_AMX_K values packed. */
struct prefetch {
	const unsigned char *at;
	size_t bytes;
};

/* A row of bfloat16 weights to its place in a panel of rows: blocks of 16 rows, and in a
 * block steps x rows x dwords of a step. */
typedef void matmul_pack_row_fn(const uint32_t *row, size_t dwords, struct prefetch next,
    uint32_t *to);

/* Quantised weights of a row: scale * quant - min for each group of 16 or 32, min NULL for
 * none; scale NULL: half precision in the two bytes before each MATMUL_AMX_K quants.
 * stride: bytes from that many quants to the next. */
struct quants {
	const int8_t *quant;
	size_t stride;
	const float *scale, *min;
	size_t group;
};

/* The same from n quants, rounded to bfloat16. */
typedef void matmul_pack_quants_fn(const struct quants *quants, size_t n, struct prefetch next,
    uint32_t *to);

/* Sums of a tile and a panel, as a kernel left them, to `rows` rows of `columns` floats. */
typedef void matmul_store_fn(const float *sums, size_t rows, size_t columns, float *to,
    size_t stride);

/* The same sums as a tile of the next product: steps, `stride` dwords apart. */
typedef void matmul_store_packed_fn(const float *sums, size_t columns, uint32_t *to, size_t stride);

/* A kernel, and how it wants its operands packed. */
struct matmul_kernel {
	matmul_run_fn *run;
	matmul_transpose_fn *transpose;
	matmul_quantize_fn *quantize;
	matmul_begin_fn *begin;           /* or NULL */
	matmul_end_fn *end;               /* or NULL */
	matmul_pack_group_fn *pack_group; /* NULL: tiles are packed row by row */
	/* NULL: panels have columns; else rows, and then `quants` is there too */
	matmul_pack_row_fn *pack_row;
	matmul_pack_quants_fn *pack_quants;
	/* NULL: c is the result; else c is a tile's and a panel's sums, contiguous, and then
	 * `store_packed` is there too */
	matmul_store_fn *store;
	matmul_store_packed_fn *store_packed;
	size_t rows;        /* of a tile */
	size_t group_rows;  /* rows of a tile that alternate dword by dword */
	size_t step;        /* dwords of k that rows or groups are interleaved by */
	size_t per_dword;   /* values in a dword */
	size_t k_multiple;  /* rows are padded with 0 to a multiple of it */
	size_t slab;        /* dwords of k that are summed before c is */
	size_t task_panels; /* that a tile is multiplied by while it is in the cache */
	bool is_offset_128; /* INT8: panels without minima hold byte + 128, unsigned */
};

struct matmul_kernel matmul_kernel(enum compute_type compute, enum cpu_isa isa);

/* Are bfloat16 values packed as floats? */
static inline bool
matmul_expands_bf16(const struct matmul_kernel *k, enum compute_type compute)
{
	return (compute == COMPUTE_BF16 || compute == COMPUTE_AMX) && k->per_dword == 1;
}

/* Dwords of a packed row of n values. */
static inline size_t
matmul_row_dwords(const struct matmul_kernel *k, size_t n)
{
	return (n + k->k_multiple - 1) / k->k_multiple * k->k_multiple / k->per_dword;
}

#endif
