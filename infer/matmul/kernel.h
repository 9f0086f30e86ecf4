/* product_kernel.h - the innermost loops of infer/matmul/matmul.c, by format and level.
 *
 * A tile is a few rows of activations, a panel up to PRODUCT_PANEL rows of a
 * matrix; both stand dword by dword of k.  c = tile times panel, or c += where it
 * is not the first slab of k.  A kernel sums in the order of k and in no other, so
 * that a result does not depend on what stands beside it; levels of one format
 * agree to the last bit, but for plain F32, which has no fused multiply-add.
 *
 * BF16 where products of floats are as fast: its numbers are floats, the second of
 * each two first, since the instruction that multiplies two at once begins with it. */

#ifndef ALIGNX_INFER_PRODUCT_KERNEL_H
#define ALIGNX_INFER_PRODUCT_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "infer/tensor/compute_type.h"
#include "infer/tensor/cpu_isa.h"

/* PRODUCT_TILE: rows of every tile but those of AMX, which has PRODUCT_TILE_MAX. */
enum { PRODUCT_TILE = 6, PRODUCT_TILE_MAX = 32, PRODUCT_PANEL = 64, PRODUCT_PANELS = 4 };

/* Dwords: a panel of so many stays in the second cache.  Numbers: a tile of so many, of
 * AMX, stays in the first cache; so many it adds up by themselves. */
enum { PRODUCT_SLAB = 1024, PRODUCT_TILED_SLAB = 512, PRODUCT_GROUP = 32 };

struct tile {
	/* steps x groups of rows x dwords of a step x rows of a group (struct
	 * product_way) */
	const uint32_t *dword;
	/* INT8, signed bytes: what each FORMAT_PART of them brings.  parts x rows: */
	const float *scale;
	const float *less;		/* -scale times their sum: for minima */
	/* 128 times their sum, or that of each half (2 parts x rows), negative: what
	 * a panel whose bytes stand 128 higher makes too much */
	const int32_t *whole, *half;
	/* AMX: what will be wanted next, from the third cache or farther */
	const char *ahead;
};

struct panel {
	const uint32_t *dword;		/* dwords x width, whole cache lines */
	size_t width;			/* 16, 32, 48 or 64; INT8: 64 */
	/* INT8: a number is scale * code - min, codes signed bytes, for each `part`
	 * numbers, 16 or 32; min NULL for none */
	const float *scale, *min;	/* parts x width */
	size_t part;
};

/* rows: of the tile, at least 1, that c has; stride: floats from one to the next. */
typedef void product_kernel_fn(const struct tile *tile, const struct panel *panel,
    size_t dwords, float *c, size_t stride, size_t rows, bool is_first);

/* Sixteen rows become columns of a panel: to[k * PRODUCT_PANEL + i] = from[i][k] ^ flip. */
typedef void product_turn_fn(const uint32_t *const from[16], size_t dwords,
    uint32_t flip, uint32_t *to);

/* Floats to signed bytes, whole parts of FORMAT_PART: x = scale * byte, scale the
 * 127th part of the largest of a part; sum: of each half of a part's bytes. */
typedef void product_round_fn(const float *x, size_t parts, int8_t *byte, float *scale,
    int32_t *sum);

/* Sixteen rows of n floats, NULL for nothing, as a group of a tile (struct
 * product_way): step by step, `apart` dwords from one to the next. */
typedef void product_pack_fn(const float *const row[16], size_t n, uint32_t *to,
    size_t apart);

/* What will be wanted a little later, so many bytes of it for each PRODUCT_GROUP numbers:
 * asked for while those at hand are worked on. */
struct ahead { const unsigned char *at; size_t bytes; };

/* A row of a panel of rows, where `step` dwords of each of 16 rows stand together, step
 * by step, and `slab` dwords of these rows before the next 16. */
typedef void product_lay_fn(const uint32_t *row, size_t dwords, struct ahead ahead,
    uint32_t *to);

/* Numbers as infer/tensor/dtype.h has them: scale * code - min of each part of 16 or 32, min NULL
 * for none; scale NULL: in half precision, in the two bytes before each PRODUCT_GROUP codes.
 * apart: bytes from so many codes to the next. */
struct codes {
	const int8_t *code;
	size_t apart;
	const float *scale, *min;
	size_t part;
};

/* The same of n numbers, rounded to 16 bits. */
typedef void product_codes_fn(const struct codes *codes, size_t n, struct ahead ahead,
    uint32_t *to);

/* What a processor must be told before some calls of a kernel with panels of one kind,
 * and after them. */
typedef void product_begin_fn(const struct panel *panel);
typedef void product_end_fn(void);

/* Sums of one tile and one panel, as a kernel that keeps them apart left them, to `rows`
 * rows of `columns` floats, `stride` apart. */
typedef void product_gather_fn(const float *sums, size_t rows, size_t columns, float *to,
    size_t stride);

/* The same sums, of steps x groups as they stand, as the numbers that the next product is
 * given: steps of a tile, `apart` dwords from one to the next. */
typedef void product_carry_fn(const float *sums, size_t columns, uint32_t *to,
    size_t apart);

/* A kernel, and how it wants both sides. */
struct product_way {
	product_kernel_fn *run;
	product_turn_fn *turn;
	product_round_fn *round;
	product_begin_fn *begin;	/* or NULL */
	product_end_fn *end;		/* or NULL */
	product_pack_fn *pack;		/* or NULL: row by row */
	product_lay_fn *lay;		/* NULL: panels have columns */
	product_codes_fn *codes;	/* beside lay */
	/* or NULL; else sums of a tile and a panel stand together, rows x PRODUCT_PANEL */
	product_gather_fn *gather;
	product_carry_fn *carry;	/* beside gather */
	size_t rows;			/* of a tile */
	size_t group;			/* rows that stand together, dword by dword */
	size_t step;			/* dwords of a row, or of a group, that stand together */
	size_t numbers;			/* in a dword */
	size_t whole;			/* numbers that a row is filled up to with 0 */
	size_t slab;			/* dwords of k that are summed before c is */
	size_t panels;			/* that tiles are taken to while they are near */
	/* INT8: bytes of a panel without minima stand 128 higher, unsigned */
	bool is_higher;
};

struct product_way product_way(enum format format, enum level level);

/* Whether numbers of 16 bits are floats. */
static inline bool
product_is_wide(const struct product_way *w, enum format format)
{
	return (format == FORMAT_BF16 || format == FORMAT_AMX) && w->numbers == 1;
}

/* Dwords that a row of n numbers takes. */
static inline size_t
product_dwords(const struct product_way *w, size_t n)
{
	return (n + w->whole - 1) / w->whole * w->whole / w->numbers;
}

#endif
