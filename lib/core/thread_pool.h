/* thread_pool.h - threads that share the items of a job.
 *
 * A job is a number of items.  Workers (the caller is one of them) take items from a shared
 * counter, so a busy core delays only the item it holds.  What an item computes must not
 * depend on the worker: then results are the same for any number of threads. */

#ifndef ALIGNX_LIB_CORE_THREAD_POOL_H
#define ALIGNX_LIB_CORE_THREAD_POOL_H

#include <stddef.h>

#include "lib/core/fault.h"

struct thread_pool;

enum { THREAD_POOL_MAX = 256 };

/* The processors that this process may use, as nproc(1) counts them; at most THREAD_POOL_MAX. */
size_t thread_pool_processors(void);

/* Starts threads - 1 threads, which wait for jobs; threads is 0 (one per processor that this
 * process may use) to THREAD_POOL_MAX.  NULL with a fault if one cannot be started. */
struct thread_pool *thread_pool_new(size_t threads, struct fault *f);
void thread_pool_free(struct thread_pool *p); /* ends them; NULL is allowed */
size_t thread_pool_threads(const struct thread_pool *p);

/* Calls fn(with, item, worker) once for each item in 0 .. items - 1, in any order and at the
 * same time, and returns when all calls have returned.  worker is less than thread_pool_threads()
 * and no two calls that run at the same time have the same one, so it can index scratch
 * memory and faults.  Where items are small, let each be a batch.  One job at a time: fn must
 * not call thread_pool_run() on the same pool. */
typedef void thread_pool_fn(void *with, size_t item, size_t worker);
void thread_pool_run(struct thread_pool *p, size_t items, thread_pool_fn *fn, void *with);

#endif
