/* memory.h - is there memory for what is about to be done?  Asked before work begins,
 * so that the answer is a sentence and not the end of the process. */

#ifndef ALIGNX_INFER_MEMORY_H
#define ALIGNX_INFER_MEMORY_H

#include <stdint.h>

#include "lib/core/fault.h"

/* -2 with need, limit and cure if `work` more bytes are not to be had beside a model's
 * files: what the system has available, within the limits of the control groups that
 * this process is in, and of what it may have itself (ulimit -v and -d).  name: of the
 * model; files: their bytes, which are mapped; 0 if they need not stay in memory.
 * what: "a session of 8192 tokens"; cure: "lower --room". */
int memory_check(const char *name, uint64_t files, uint64_t work, const char *what,
    const char *cure, struct fault *f);

/* Why a file of so many bytes could not be mapped; -2.  By errno. */
int memory_blame(const char *name, uint64_t bytes, struct fault *f);

/* Bytes left in the control groups (of version 2 or 1) that are named in a file such as
 * /proc/self/cgroup and stand under a root such as /sys/fs/cgroup: in the one and in all
 * around it.  UINT64_MAX: no limit. */
uint64_t memory_left_in_groups(const char *names, const char *root);

#endif
