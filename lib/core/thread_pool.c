#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/core/arena.h"
#include "lib/core/thread_pool.h"

enum { SPINS = 2000 }; /* about 100 microseconds */

struct thread_pool_worker {
	struct thread_pool *pool;
	size_t number;
	pthread_t thread;
};

struct thread_pool {
	size_t threads; /* running, including the caller */
	struct thread_pool_worker worker[THREAD_POOL_MAX];
	pthread_mutex_t lock;
	pthread_cond_t has_job, is_done;
	atomic_uint job;    /* how many there have been */
	atomic_size_t busy; /* workers still at the current job */
	bool is_ending;
	int spins; /* polls before a thread sleeps */

	size_t items;
	thread_pool_fn *fn;
	void *with;
	atomic_size_t next;
};

static void
take_items(struct thread_pool *p, size_t worker)
{
	size_t i;

	while ((i = atomic_fetch_add(&p->next, 1)) < p->items)
		p->fn(p->with, i, worker);
}

static inline void
cpu_relax(void)
{
#ifdef __x86_64__
	__builtin_ia32_pause();
#endif
}

/* Is there a job after the last one seen? */
static bool
has_new_job(struct thread_pool *p, unsigned seen)
{
	return atomic_load(&p->job) != seen;
}

static bool
are_all_done(struct thread_pool *p, unsigned seen)
{
	(void)seen;
	return atomic_load(&p->busy) == 0;
}

/* Jobs follow each other closely, and waking a thread takes longer than the gap: so spin for
 * a while, then sleep. */
static void
await(struct thread_pool *p, bool (*is_true)(struct thread_pool *, unsigned), unsigned seen,
    pthread_cond_t *signal)
{
	for (int i = 0; i < p->spins; i++) {
		if (is_true(p, seen))
			return;
		cpu_relax();
	}
	pthread_mutex_lock(&p->lock);
	while (!is_true(p, seen))
		pthread_cond_wait(signal, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

/* Publishes the job, whose members are set. */
static void
announce(struct thread_pool *p)
{
	pthread_mutex_lock(&p->lock);
	atomic_fetch_add(&p->job, 1);
	pthread_cond_broadcast(&p->has_job);
	pthread_mutex_unlock(&p->lock);
}

static void *
run_worker(void *with)
{
	struct thread_pool_worker *w = with;
	struct thread_pool *p = w->pool;

	for (unsigned seen = 0;; seen++) {
		await(p, has_new_job, seen, &p->has_job);
		if (p->is_ending)
			return NULL;
		take_items(p, w->number);
		if (atomic_fetch_sub(&p->busy, 1) > 1)
			continue;
		pthread_mutex_lock(&p->lock);
		pthread_cond_signal(&p->is_done);
		pthread_mutex_unlock(&p->lock);
	}
}

size_t
thread_pool_processors(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return n < 1 ? 1 : n > THREAD_POOL_MAX ? THREAD_POOL_MAX : (size_t)n;
}

struct thread_pool *
thread_pool_new(size_t threads, struct fault *f)
{
	struct thread_pool *p = calloc(1, sizeof(*p));

	if (p == NULL)
		arena_out_of_memory();
	if (threads == 0)
		threads = thread_pool_processors();
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->has_job, NULL);
	pthread_cond_init(&p->is_done, NULL);
	/* with fewer processors than threads, spinning would take one from a worker */
	if (sysconf(_SC_NPROCESSORS_ONLN) >= (long)threads)
		p->spins = SPINS;
	for (p->threads = 1; p->threads < threads; p->threads++) {
		struct thread_pool_worker *w = &p->worker[p->threads];

		*w = (struct thread_pool_worker){ .pool = p, .number = p->threads };
		if ((errno = pthread_create(&w->thread, NULL, run_worker, w)) != 0) {
			fault_sys(f, "cannot start a thread");
			thread_pool_free(p);
			return NULL;
		}
	}
	return p;
}

void
thread_pool_free(struct thread_pool *p)
{
	if (p == NULL)
		return;
	p->is_ending = true;
	announce(p);
	for (size_t i = 1; i < p->threads; i++)
		pthread_join(p->worker[i].thread, NULL);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->has_job);
	pthread_cond_destroy(&p->is_done);
	free(p);
}

size_t
thread_pool_threads(const struct thread_pool *p)
{
	return p->threads;
}

void
thread_pool_run(struct thread_pool *p, size_t items, thread_pool_fn *fn, void *with)
{
	if (p->threads == 1 || items < 2) {
		for (size_t i = 0; i < items; i++)
			fn(with, i, 0);
		return;
	}
	p->items = items;
	p->fn = fn;
	p->with = with;
	atomic_store(&p->next, 0);
	atomic_store(&p->busy, p->threads - 1);
	announce(p);
	take_items(p, 0);
	await(p, are_all_done, 0, &p->is_done);
}
