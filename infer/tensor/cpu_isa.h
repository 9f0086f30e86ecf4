/* cpu_isa.h - the instruction sets that kernels are written for, and which of them this
 * processor has. */

#ifndef ALIGNX_INFER_TENSOR_CPU_ISA_H
#define ALIGNX_INFER_TENSOR_CPU_ISA_H

/* Each includes the ones before it.  AVX2: with FMA; AVX512: F, BW, DQ and VL; VNNI: dot
 * products of bytes; BF16: dot products of bfloat16; AMX: tiles of bytes and of bfloat16. */
enum level {
	LEVEL_PLAIN, LEVEL_AVX2, LEVEL_AVX512, LEVEL_VNNI, LEVEL_BF16, LEVEL_AMX, LEVELS
};

/* The highest of this processor, or that which the environment's ALIGNX_LEVEL names
 * (plain, avx2, avx512, vnni, bf16, amx) if it is lower. */
enum level level_of_processor(void);

#endif
