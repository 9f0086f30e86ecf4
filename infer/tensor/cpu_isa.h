/* cpu_isa.h - the instruction sets that kernels are written for, and which of them this
 * processor has. */

#ifndef ALIGNX_INFER_TENSOR_CPU_ISA_H
#define ALIGNX_INFER_TENSOR_CPU_ISA_H

#include "lib/core/fault.h"

/* Each includes the ones before it.  AVX2: with FMA; AVX512: F, BW, DQ and VL; VNNI: dot
 * products of bytes; BF16: dot products of bfloat16; AMX: tiles of bytes and of bfloat16. */
enum cpu_isa {
	CPU_ISA_PLAIN,
	CPU_ISA_AVX2,
	CPU_ISA_AVX512,
	CPU_ISA_VNNI,
	CPU_ISA_BF16,
	CPU_ISA_AMX,
	CPU_ISAS
};

/* The highest of this processor, or that which the environment's ALIGNX_LEVEL names
 * (plain, avx2, avx512, vnni, bf16, amx) if it is lower. */
enum cpu_isa cpu_isa_detect(void);

/* -2 if ALIGNX_LEVEL is set, but names no instruction set. */
int cpu_isa_check(struct fault *f);

#endif
