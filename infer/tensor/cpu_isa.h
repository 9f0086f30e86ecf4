/* level.h - what the processor can do, as far as kernels differ. */

#ifndef ALIGNX_INFER_LEVEL_H
#define ALIGNX_INFER_LEVEL_H

/* Each has what the ones before it have.  avx2: with FMA; avx512: F, BW, DQ and
 * VL; vnni: products of bytes; bf16: products of bfloat16; amx: tiles of bytes and
 * of bfloat16. */
enum level { LEVEL_PLAIN, LEVEL_AVX2, LEVEL_AVX512, LEVEL_VNNI, LEVEL_BF16, LEVEL_AMX,
	LEVELS };

/* The highest of this processor, or that of the environment's ALIGNX_LEVEL if it
 * is lower. */
enum level level_of_processor(void);

const char *level_name(enum level level);

#endif
