/* kernel.c - the kernels in plain C, and the table that picks one for a compute type and an
 * instruction set. */

#include "config.h"

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "infer/matmul/kernels.h"
#include "infer/matmul/quantize.h"

typedef void sum_fn(const struct tile *t, const struct panel *p, size_t dwords, size_t row,
    size_t column, float *sum);

static float
as_float(uint32_t bits)
{
	float f;

	memcpy(&f, &bits, sizeof(f));
	return f;
}

static void
sum_f32(const struct tile *t, const struct panel *p, size_t dwords, size_t row, size_t column,
    float *sum)
{
	for (size_t k = 0; k < dwords; k++)
		*sum += as_float(t->dword[k * MATMUL_TILE_ROWS + row])
		    * as_float(p->dword[k * p->width + column]);
}

/* The upper value of a dword first, like VDPBF16PS. */
static void
sum_bf16(const struct tile *t, const struct panel *p, size_t dwords, size_t row, size_t column,
    float *sum)
{
	for (size_t k = 0; k < dwords; k++) {
		uint32_t a = t->dword[k * MATMUL_TILE_ROWS + row];
		uint32_t b = p->dword[k * p->width + column];

		*sum = fmaf(as_float(a & 0xffff0000), as_float(b & 0xffff0000), *sum);
		*sum = fmaf(as_float(a << 16), as_float(b << 16), *sum);
	}
}

/* Subnormals are 0 in TDPBF16PS. */
static float
flushed(float x)
{
	return fabsf(x) < FLT_MIN ? 0 : x;
}

/* The even and the odd products of MATMUL_AMX_K values are summed apart, like TDPBF16PS. */
static void
sum_amx(const struct tile *t, const struct panel *p, size_t dwords, size_t row, size_t column,
    float *sum)
{
	for (size_t k = 0; k < dwords;) {
		float of[2] = { 0, 0 };

		for (size_t to = k + MATMUL_AMX_K; k < to; k++)
			of[k % 2] = flushed(
			    fmaf(flushed(as_float(t->dword[k * MATMUL_TILE_ROWS + row])),
				flushed(as_float(p->dword[k * p->width + column])), of[k % 2]));
		*sum = flushed(*sum + flushed(of[0] + of[1]));
	}
}

static int32_t
dot_bytes(uint32_t a, uint32_t b)
{
	int32_t sum = 0;

	for (int i = 0; i < 32; i += 8)
		sum += (int8_t)(a >> i & 0xff) * (int8_t)(b >> i & 0xff);
	return sum;
}

static void
sum_int8(const struct tile *t, const struct panel *p, size_t dwords, size_t row, size_t column,
    float *sum)
{
	const size_t step = p->group / 4;

	for (size_t k = 0, group = 0; k < dwords; group++) {
		const size_t in = group * p->group / INT8_GROUP * MATMUL_TILE_ROWS + row;
		int32_t dot = 0;

		for (size_t to = k + step; k < to; k++)
			dot += dot_bytes(p->dword[k * p->width + column],
			    t->dword[k * MATMUL_TILE_ROWS + row]);
		*sum = fmaf((float)dot, t->scale[in] * p->scale[group * p->width + column], *sum);
		if (p->min != NULL)
			*sum = fmaf(t->min_correction[in], p->min[group * p->width + column], *sum);
	}
}

static void
plain(sum_fn *sum, const struct tile *t, const struct panel *p, size_t dwords, float *c,
    size_t stride, size_t rows, bool is_first)
{
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < p->width; j++) {
			float x = 0;

			sum(t, p, dwords, i, j, &x);
			c[i * stride + j] = x + (is_first ? 0 : c[i * stride + j]);
		}
}

static void
plain_f32(const struct tile *t, const struct panel *p, size_t dwords, float *c, size_t stride,
    size_t rows, bool is_first)
{
	plain(sum_f32, t, p, dwords, c, stride, rows, is_first);
}

static void
plain_bf16(const struct tile *t, const struct panel *p, size_t dwords, float *c, size_t stride,
    size_t rows, bool is_first)
{
	plain(sum_bf16, t, p, dwords, c, stride, rows, is_first);
}

static void
plain_int8(const struct tile *t, const struct panel *p, size_t dwords, float *c, size_t stride,
    size_t rows, bool is_first)
{
	plain(sum_int8, t, p, dwords, c, stride, rows, is_first);
}

/* One chain of sums over all slabs, as tile registers are reloaded. */
static void
plain_amx(const struct tile *t, const struct panel *p, size_t dwords, float *c, size_t stride,
    size_t rows, bool is_first)
{
	for (size_t i = 0; i < rows; i++, c += stride)
		for (size_t j = 0; j < p->width; j++) {
			c[j] = is_first ? 0 : c[j];
			sum_amx(t, p, dwords, i, j, &c[j]);
		}
}

static void
plain_transpose(const uint32_t *const from[16], size_t dwords, uint32_t flip, uint32_t *to)
{
	for (size_t k = 0; k < dwords; k++, to += MATMUL_PANEL)
		for (size_t i = 0; i < 16; i++)
			to[i] = from[i][k] ^ flip;
}

#ifdef __x86_64__
static matmul_run_fn *const kernels[COMPUTE_TYPES][CPU_ISAS] = {
	{ plain_f32, matmul_avx2_f32, matmul_avx512_f32, matmul_avx512_f32, matmul_avx512_f32,
	    matmul_avx512_f32 },
	{ plain_bf16, matmul_avx2_f32, matmul_avx512_f32, matmul_avx512_f32, matmul_avx512_bf16,
	    matmul_avx512_f32 },
	{ plain_int8, matmul_avx2_int8, matmul_avx2_int8, matmul_avx512_int8, matmul_avx512_int8,
	    matmul_amx_int8 },
	{ plain_amx, matmul_avx2_amx, matmul_avx2_amx, matmul_avx2_amx, matmul_avx2_amx,
	    matmul_amx_bf16 },
};
static matmul_transpose_fn *const transposes[CPU_ISAS] = { plain_transpose, matmul_avx2_transpose,
	matmul_avx512_transpose, matmul_avx512_transpose, matmul_avx512_transpose,
	matmul_avx512_transpose };
static matmul_quantize_fn *const quantizers[CPU_ISAS] = { quantize_groups, quantize_groups,
	matmul_avx512_quantize, matmul_avx512_quantize, matmul_avx512_quantize,
	matmul_avx512_quantize };
#else
static matmul_run_fn *const kernels[COMPUTE_TYPES][CPU_ISAS] = { { plain_f32 }, { plain_bf16 },
	{ plain_int8 }, { plain_amx } };
static matmul_transpose_fn *const transposes[CPU_ISAS] = { plain_transpose };
static matmul_quantize_fn *const quantizers[CPU_ISAS] = { quantize_groups };
#endif

/* bfloat16 as floats: where there is no instruction for two at once, or it is no faster,
 * as on Xeons with AMX (bench/matmul). */
static bool
expands_bf16(enum compute_type compute, enum cpu_isa isa)
{
	if (compute == COMPUTE_AMX)
		return isa != CPU_ISA_AMX;
	return compute == COMPUTE_BF16 && isa != CPU_ISA_PLAIN && isa != CPU_ISA_BF16;
}

/* Weights as the first operand (kernel.h). */
static struct matmul_kernel
with_operands_swapped(struct matmul_kernel k)
{
#ifdef __x86_64__
	k.pack_row = matmul_amx_pack_row;
	k.store = matmul_amx_store;
	k.store_packed = matmul_amx_store_packed;
	k.pack_group = matmul_amx_pack_group;
	k.pack_quants = matmul_amx_pack_quants;
	k.begin = matmul_amx_begin_bf16;
	k.end = matmul_amx_end;
#endif
	k.rows = MATMUL_TILE_ROWS_MAX;
	k.group_rows = MATMUL_TILE_ROWS_MAX / 2;
	k.step = k.k_multiple / k.per_dword;
	k.slab = MATMUL_AMX_SLAB / k.per_dword;
	k.task_panels = MATMUL_TASK_PANELS;
	return k;
}

struct matmul_kernel
matmul_kernel(enum compute_type compute, enum cpu_isa isa)
{
	struct matmul_kernel k = { .run = kernels[compute][isa],
		.transpose = transposes[isa],
		.quantize = quantizers[isa],
		.rows = MATMUL_TILE_ROWS,
		.group_rows = 1,
		.step = 1,
		.per_dword = compute_type_per_dword(compute),
		.k_multiple = compute_type_per_dword(compute),
		.slab = MATMUL_SLAB,
		.task_panels = 1 };

	if (compute == COMPUTE_AMX)
		k.k_multiple = MATMUL_AMX_K;
	if (expands_bf16(compute, isa))
		k.per_dword = 1;
	else if (compute == COMPUTE_BF16)
		k.slab /= 2; /* as many values as where they are floats */
	if (compute == COMPUTE_INT8) {
		k.k_multiple = INT8_GROUP;
		k.is_offset_128 = isa == CPU_ISA_VNNI || isa == CPU_ISA_BF16;
	}
	if (isa == CPU_ISA_AMX && compute == COMPUTE_INT8) {
#ifdef __x86_64__
		k.begin = matmul_amx_begin_int8;
		k.end = matmul_amx_end;
#endif
		k.rows = MATMUL_TILE_ROWS_MAX;
		k.step = k.k_multiple / k.per_dword;
		/* so fast that with 4 panels it would wait for tiles to reach the cache */
		k.task_panels = MATMUL_TASK_PANELS / 2;
	}
	return isa == CPU_ISA_AMX && compute == COMPUTE_AMX ? with_operands_swapped(k) : k;
}
