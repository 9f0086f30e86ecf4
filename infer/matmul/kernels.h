/* product_level.h - the kernels of each level, for the table in
 * infer/matmul/kernel.c alone. */

#ifndef ALIGNX_INFER_PRODUCT_LEVEL_H
#define ALIGNX_INFER_PRODUCT_LEVEL_H

#include "infer/matmul/kernel.h"

product_kernel_fn product_avx2_f32, product_avx2_int8;
product_kernel_fn product_avx512_f32, product_avx512_bf16, product_avx512_int8;
product_kernel_fn product_avx2_amx, product_amx_bf16, product_amx_int8;
product_turn_fn product_avx2_turn, product_avx512_turn;
product_lay_fn product_amx_lay;
product_gather_fn product_amx_gather;
product_carry_fn product_amx_carry;
product_pack_fn product_amx_pack;
product_codes_fn product_amx_codes;
product_begin_fn product_amx_begin_bf16, product_amx_begin_int8;
product_end_fn product_amx_end;
product_round_fn product_avx512_round;

#endif
