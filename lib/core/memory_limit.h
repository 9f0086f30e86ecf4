/* memory_limit.h - is there memory for what is about to be done?
 *
 * Asked before work begins, so that the answer is a sentence and not the end of the
 * process.  The limits are what the system has available, the control groups (cgroups) of
 * this process, and its own ulimit -v and -d. */

#ifndef ALIGNX_LIB_CORE_MEMORY_LIMIT_H
#define ALIGNX_LIB_CORE_MEMORY_LIMIT_H

#include <stdint.h>

#include "lib/core/fault.h"

/* -2 with need, limit and cure if `work` more bytes are not available in addition to the
 * model's files.  name: of the model; files: their bytes, which are mapped; 0 if they need
 * not stay in memory.  what: "a session of 8192 tokens"; cure: "lower --ctx-size". */
int memory_limit_check(const char *name, uint64_t files, uint64_t work, const char *what,
    const char *cure, struct fault *f);

/* -2: why a file of `bytes` bytes could not be mapped, by errno. */
int memory_limit_map_fault(const char *name, uint64_t bytes, struct fault *f);

/* Bytes left in the control groups (version 1 or 2) that a file such as /proc/self/cgroup
 * names, below a root such as /sys/fs/cgroup: the least of each group and all its parents.
 * UINT64_MAX: no limit. */
uint64_t memory_limit_cgroup_left(const char *names, const char *root);

#endif
