#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "infer/pool.h"
#include "lib/arena.h"

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
	unsigned job;			/* counts them */
	size_t busy;			/* workers that are not done with it */
	bool is_over;

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

static void *
work(void *with)
{
	struct worker *w = with;
	struct pool *p = w->pool;
	unsigned seen = 0;

	for (;;) {
		pthread_mutex_lock(&p->lock);
		while (p->job == seen && !p->is_over)
			pthread_cond_wait(&p->work, &p->lock);
		seen = p->job;
		if (p->is_over) {
			pthread_mutex_unlock(&p->lock);
			return NULL;
		}
		pthread_mutex_unlock(&p->lock);
		take_items(p, w->number);
		pthread_mutex_lock(&p->lock);
		if (--p->busy == 0)
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
	pthread_mutex_lock(&p->lock);
	p->is_over = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
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
	pthread_mutex_lock(&p->lock);
	p->items = items;
	p->fn = fn;
	p->with = with;
	atomic_store(&p->next, 0);
	p->busy = p->threads - 1;
	p->job++;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	take_items(p, 0);
	pthread_mutex_lock(&p->lock);
	while (p->busy > 0)
		pthread_cond_wait(&p->done, &p->lock);
	pthread_mutex_unlock(&p->lock);
}
