#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/core/thread_pool.h"
#include "lib/core/arena.h"

enum { PATIENCE = 2000 };		/* some 100 microseconds */

struct worker {
	struct pool *pool;
	size_t number;
	pthread_t thread;
};

struct pool {
	size_t threads;			/* that are running, with the caller */
	struct worker worker[POOL_THREADS_MAX];
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	atomic_uint job;		/* counts them */
	atomic_size_t busy;		/* workers that are not done with it */
	bool is_over;
	int patience;			/* looks before one sleeps */

	size_t items;
	pool_fn *fn;
	void *with;
	atomic_size_t next;
};

static void
take_items(struct pool *p, size_t worker)
{
	size_t i;

	while ((i = atomic_fetch_add(&p->next, 1)) < p->items)
		p->fn(p->with, i, worker);
}

static inline void
pause_a_little(void)
{
#ifdef __x86_64__
	__builtin_ia32_pause();
#endif
}

/* Has another job come than the last that was seen? */
static bool
has_come(struct pool *p, unsigned seen)
{
	return atomic_load(&p->job) != seen;
}

static bool
is_done(struct pool *p, unsigned seen)
{
	(void)seen;
	return atomic_load(&p->busy) == 0;
}

/* There is one job after another, with little between, and to be woken takes longer than
 * that: one looks for a while before one sleeps. */
static void
await(struct pool *p, bool (*is_so)(struct pool *, unsigned), unsigned seen,
    pthread_cond_t *told)
{
	for (int i = 0; i < p->patience; i++) {
		if (is_so(p, seen))
			return;
		pause_a_little();
	}
	pthread_mutex_lock(&p->lock);
	while (!is_so(p, seen))
		pthread_cond_wait(told, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

/* What a job is must be written before. */
static void
announce(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	atomic_fetch_add(&p->job, 1);
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
}

static void *
work(void *with)
{
	struct worker *w = with;
	struct pool *p = w->pool;

	for (unsigned seen = 0;; seen++) {
		await(p, has_come, seen, &p->work);
		if (p->is_over)
			return NULL;
		take_items(p, w->number);
		if (atomic_fetch_sub(&p->busy, 1) > 1)
			continue;
		pthread_mutex_lock(&p->lock);
		pthread_cond_signal(&p->done);
		pthread_mutex_unlock(&p->lock);
	}
}

struct pool *
pool_new(size_t threads, struct fault *f)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (p == NULL)
		arena_exhausted();
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	pthread_cond_init(&p->done, NULL);
	/* who shares a processor keeps it from who has work */
	if (sysconf(_SC_NPROCESSORS_ONLN) >= (long)threads)
		p->patience = PATIENCE;
	for (p->threads = 1; p->threads < threads; p->threads++) {
		struct worker *w = &p->worker[p->threads];

		*w = (struct worker){ .pool = p, .number = p->threads };
		if ((errno = pthread_create(&w->thread, NULL, work, w)) != 0) {
			fault_sys(f, "cannot start a thread");
			pool_free(p);
			return NULL;
		}
	}
	return p;
}

void
pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	p->is_over = true;
	announce(p);
	for (size_t i = 1; i < p->threads; i++)
		pthread_join(p->worker[i].thread, NULL);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->work);
	pthread_cond_destroy(&p->done);
	free(p);
}

size_t
pool_threads(const struct pool *p)
{
	return p->threads;
}

void
pool_run(struct pool *p, size_t items, pool_fn *fn, void *with)
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
	await(p, is_done, 0, &p->done);
}
