/* kernels.h - the kernels of each instruction set, for the table in kernel.c. */

#ifndef ALIGNX_INFER_MATMUL_KERNELS_H
#define ALIGNX_INFER_MATMUL_KERNELS_H

#include "infer/matmul/kernel.h"

matmul_run_fn matmul_avx2_f32, matmul_avx2_int8;
matmul_run_fn matmul_avx512_f32, matmul_avx512_bf16, matmul_avx512_int8;
matmul_run_fn matmul_avx2_amx, matmul_amx_bf16, matmul_amx_int8;
matmul_transpose_fn matmul_avx2_transpose, matmul_avx512_transpose;
matmul_pack_row_fn matmul_amx_pack_row;
matmul_store_fn matmul_amx_store;
matmul_store_packed_fn matmul_amx_store_packed;
matmul_pack_group_fn matmul_amx_pack_group;
matmul_pack_quants_fn matmul_amx_pack_quants;
matmul_begin_fn matmul_amx_begin_bf16, matmul_amx_begin_int8;
matmul_end_fn matmul_amx_end;
matmul_quantize_fn matmul_avx512_quantize;

#endif
