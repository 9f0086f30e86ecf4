/* memory.h - is there memory for a model and a session?  Asked before either is
 * filled, so that the answer is a sentence and not the end of the process. */

#ifndef ALIGNX_INFER_MEMORY_H
#define ALIGNX_INFER_MEMORY_H

#include "infer/session.h"

/* Bytes that this process may still take: what the system has available, within
 * the limits of its control group and of its address space.  UINT64_MAX if nobody
 * tells. */
uint64_t memory_available(void);

/* -2 with need, limit and cure if the model's files, what was copied of them and a
 * session do not fit. */
int memory_check(const struct model *m, const struct session_options *o,
    const char *file, struct fault *f);

#endif
