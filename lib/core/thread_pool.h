/* pool.h - threads that share the items of a job.
 *
 * A job is a number of items; workers, of which the caller is one, take them
 * from a common counter, so that a core which is busy elsewhere loses only its
 * share.  An item must not depend on who does it: then results are the same
 * for any number of threads. */

#ifndef ALIGNX_INFER_POOL_H
#define ALIGNX_INFER_POOL_H

#include <stddef.h>

#include "lib/core/fault.h"

struct pool;

enum { POOL_THREADS_MAX = 256 };

/* threads: workers in all, 1 or more.  NULL with a fault. */
struct pool *pool_new(size_t threads, struct fault *f);
void pool_free(struct pool *p);
size_t pool_threads(const struct pool *p);

/* worker: below pool_threads(), for scratch memory. */
typedef void pool_fn(void *with, size_t item, size_t worker);
void pool_run(struct pool *p, size_t items, pool_fn *fn, void *with);

#endif
