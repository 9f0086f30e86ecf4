/* level.h - what the processor can do, for kernels that come in versions. */

#ifndef ALIGNX_INFER_LEVEL_H
#define ALIGNX_INFER_LEVEL_H

/* Each level can do what those before it can. */
enum level { LEVEL_PLAIN, LEVEL_AVX2, LEVEL_AVX512, LEVELS };

enum level level_of_processor(void);
const char *level_name(enum level level);	/* "avx2" */

#endif
