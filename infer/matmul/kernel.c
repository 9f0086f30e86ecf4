#include "config.h"

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "infer/matmul/quantize.h"
#include "infer/matmul/kernels.h"

typedef void sum_fn(const struct tile *t, const struct panel *p, size_t dwords,
    size_t row, size_t column, float *sum);

static float
as_float(uint32_t bits)
{
	float f;

	memcpy(&f, &bits, sizeof(f));
	return f;
}

static void
sum_f32(const struct tile *t, const struct panel *p, size_t dwords, size_t row,
    size_t column, float *sum)
{
	for (size_t k = 0; k < dwords; k++)
		*sum += as_float(t->dword[k * PRODUCT_TILE + row])
		    * as_float(p->dword[k * p->width + column]);
}

/* The upper number of a dword comes first, as in the processors' instruction. */
static void
sum_bf16(const struct tile *t, const struct panel *p, size_t dwords, size_t row,
    size_t column, float *sum)
{
	for (size_t k = 0; k < dwords; k++) {
		uint32_t a = t->dword[k * PRODUCT_TILE + row];
		uint32_t b = p->dword[k * p->width + column];

		*sum = fmaf(as_float(a & 0xffff0000), as_float(b & 0xffff0000), *sum);
		*sum = fmaf(as_float(a << 16), as_float(b << 16), *sum);
	}
}

/* What the processors make of numbers too small to be normal. */
static float
flushed(float x)
{
	return fabsf(x) < FLT_MIN ? 0 : x;
}

/* Floats, the second of each two first. */
static void
sum_amx(const struct tile *t, const struct panel *p, size_t dwords, size_t row,
    size_t column, float *sum)
{
	for (size_t k = 0; k < dwords; ) {
		float of[2] = { 0, 0 };

		for (size_t to = k + PRODUCT_GROUP; k < to; k++)
			of[k % 2] = flushed(fmaf(
			    flushed(as_float(t->dword[k * PRODUCT_TILE + row])),
			    flushed(as_float(p->dword[k * p->width + column])), of[k % 2]));
		*sum = flushed(*sum + flushed(of[0] + of[1]));
	}
}

static int32_t
dot_bytes(uint32_t code, uint32_t a)
{
	int32_t sum = 0;

	for (int i = 0; i < 32; i += 8)
		sum += (int8_t)(code >> i & 0xff) * (int8_t)(a >> i & 0xff);
	return sum;
}

static void
sum_int8(const struct tile *t, const struct panel *p, size_t dwords, size_t row,
    size_t column, float *sum)
{
	const size_t step = p->part / 4;

	for (size_t k = 0, part = 0; k < dwords; part++) {
		const size_t in = part * p->part / FORMAT_PART * PRODUCT_TILE + row;
		int32_t dot = 0;

		for (size_t to = k + step; k < to; k++)
			dot += dot_bytes(p->dword[k * p->width + column],
			    t->dword[k * PRODUCT_TILE + row]);
		*sum = fmaf((float)dot, t->scale[in] * p->scale[part * p->width + column],
		    *sum);
		if (p->min != NULL)
			*sum = fmaf(t->less[in], p->min[part * p->width + column], *sum);
	}
}

static void
plain(sum_fn *sum, const struct tile *t, const struct panel *p, size_t dwords,
    float *c, size_t stride, size_t rows, bool is_first)
{
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < p->width; j++) {
			float x = 0;

			sum(t, p, dwords, i, j, &x);
			c[i * stride + j] = x + (is_first ? 0 : c[i * stride + j]);
		}
}

static void
plain_f32(const struct tile *t, const struct panel *p, size_t dwords, float *c,
    size_t stride, size_t rows, bool is_first)
{
	plain(sum_f32, t, p, dwords, c, stride, rows, is_first);
}

static void
plain_bf16(const struct tile *t, const struct panel *p, size_t dwords, float *c,
    size_t stride, size_t rows, bool is_first)
{
	plain(sum_bf16, t, p, dwords, c, stride, rows, is_first);
}

static void
plain_int8(const struct tile *t, const struct panel *p, size_t dwords, float *c,
    size_t stride, size_t rows, bool is_first)
{
	plain(sum_int8, t, p, dwords, c, stride, rows, is_first);
}

/* Sums go on from one slab to the next. */
static void
plain_amx(const struct tile *t, const struct panel *p, size_t dwords, float *c,
    size_t stride, size_t rows, bool is_first)
{
	for (size_t i = 0; i < rows; i++, c += stride)
		for (size_t j = 0; j < p->width; j++) {
			c[j] = is_first ? 0 : c[j];
			sum_amx(t, p, dwords, i, j, &c[j]);
		}
}

static void
plain_turn(const uint32_t *const from[16], size_t dwords, uint32_t flip, uint32_t *to)
{
	for (size_t k = 0; k < dwords; k++, to += PRODUCT_PANEL)
		for (size_t i = 0; i < 16; i++)
			to[i] = from[i][k] ^ flip;
}

#ifdef __x86_64__
static product_kernel_fn *const kernel[FORMATS][LEVELS] = {
	{ plain_f32, product_avx2_f32, product_avx512_f32, product_avx512_f32,
	    product_avx512_f32, product_avx512_f32 },
	{ plain_bf16, product_avx2_f32, product_avx512_f32, product_avx512_f32,
	    product_avx512_bf16, product_avx512_f32 },
	{ plain_int8, product_avx2_int8, product_avx2_int8, product_avx512_int8,
	    product_avx512_int8, product_amx_int8 },
	{ plain_amx, product_avx2_amx, product_avx2_amx, product_avx2_amx, product_avx2_amx,
	    product_amx_bf16 },
};
static product_turn_fn *const turn[LEVELS] = { plain_turn, product_avx2_turn,
	product_avx512_turn, product_avx512_turn, product_avx512_turn,
	product_avx512_turn };
static product_round_fn *const rounds[LEVELS] = { pack_round_parts, pack_round_parts,
	product_avx512_round, product_avx512_round, product_avx512_round,
	product_avx512_round };
#else
static product_kernel_fn *const kernel[FORMATS][LEVELS] = { { plain_f32 },
	{ plain_bf16 }, { plain_int8 }, { plain_amx } };
static product_turn_fn *const turn[LEVELS] = { plain_turn };
static product_round_fn *const rounds[LEVELS] = { pack_round_parts };
#endif

/* Numbers of 16 bits as floats: where there is no instruction for two at once, or it
 * is no faster. */
static bool
is_of_floats(enum format format, enum level level)
{
	if (format == FORMAT_AMX)
		return level != LEVEL_AMX;
	return format == FORMAT_BF16 && level != LEVEL_PLAIN && level != LEVEL_BF16;
}

/* Sides change places: weights need not be turned, and activations are few. */
static struct product_way
in_tile_registers(struct product_way w)
{
#ifdef __x86_64__
	w.lay = product_amx_lay;
	w.gather = product_amx_gather;
	w.carry = product_amx_carry;
	w.pack = product_amx_pack;
	w.codes = product_amx_codes;
	w.begin = product_amx_begin_bf16;
	w.end = product_amx_end;
#endif
	w.rows = PRODUCT_TILE_MAX;
	w.group = PRODUCT_TILE_MAX / 2;
	w.step = w.whole / w.numbers;
	w.slab = PRODUCT_TILED_SLAB / w.numbers;
	w.panels = PRODUCT_PANELS;
	return w;
}

struct product_way
product_way(enum format format, enum level level)
{
	struct product_way w = { .run = kernel[format][level], .turn = turn[level],
		.round = rounds[level], .rows = PRODUCT_TILE, .group = 1, .step = 1,
		.numbers = format_numbers(format), .whole = format_numbers(format),
		.slab = PRODUCT_SLAB, .panels = 1 };

	if (format == FORMAT_AMX)
		w.whole = PRODUCT_GROUP;
	if (is_of_floats(format, level))
		w.numbers = 1;
	else if (format == FORMAT_BF16)
		w.slab /= 2;		/* as many numbers as where they are floats */
	if (format == FORMAT_INT8) {
		w.whole = FORMAT_PART;
		w.is_higher = level == LEVEL_VNNI || level == LEVEL_BF16;
	}
	if (level == LEVEL_AMX && format == FORMAT_INT8) {
#ifdef __x86_64__
		w.begin = product_amx_begin_int8;
		w.end = product_amx_end;
#endif
		w.rows = PRODUCT_TILE_MAX;
		w.step = w.whole / w.numbers;
		/* so fast that tiles would be waited for */
		w.panels = PRODUCT_PANELS / 2;
	}
	return level == LEVEL_AMX && format == FORMAT_AMX ? in_tile_registers(w) : w;
}
