#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "schema/messages.h"
#include "stages/pair/thread_index.h"

int
thread_index_add(struct thread_index *x, const struct thread_entry *e, struct fault *f)
{
	if (x->len == UINT32_MAX)
		return fault_stop(f, "more than %u texts; split them with alignx-shard first",
		    UINT32_MAX);
	if (spill_array_reserve(&x->entries, x->len, sizeof(*e), &x->limit, f) < 0)
		return -2;
	((struct thread_entry *)x->entries.data)[x->len++] = *e;
	return 0;
}

static int
compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int
by_thread(const void *va, const void *vb)
{
	const struct thread_entry *a = va, *b = vb;

	if (a->thread != b->thread)
		return compare(a->thread, b->thread);
	if (a->is_post != b->is_post)
		return a->is_post ? -1 : 1;
	if (a->parent != b->parent)
		return compare(a->parent, b->parent);
	if (a->created != b->created)
		return a->created < b->created ? -1 : 1;
	if (a->id != b->id)
		return compare(a->id, b->id);
	return compare(a->number, b->number);
}

/* One thread: its entries, and those that are used, by id. */
struct one_thread {
	const struct thread_entry *entry;
	size_t len;
	const struct thread_entry **by_id, **response;
	size_t ids, room;
	bool *is_used;
};

static int
by_id(const void *va, const void *vb)
{
	const struct thread_entry *a = *(const struct thread_entry *const *)va;
	const struct thread_entry *b = *(const struct thread_entry *const *)vb;

	if (a->id != b->id)
		return compare(a->id, b->id);
	if (a->retrieved != b->retrieved)
		return a->retrieved > b->retrieved ? -1 : 1;
	if (a->is_edited != b->is_edited)
		return a->is_edited ? -1 : 1;
	return compare(b->number, a->number);
}

static void
reserve(struct one_thread *t)
{
	if (t->len <= t->room)
		return;
	free(t->by_id);
	free(t->response);
	free(t->is_used);
	t->room = 2 * t->len;
	t->by_id = arena_calloc(t->room, sizeof(*t->by_id));
	t->response = arena_calloc(t->room, sizeof(*t->response));
	t->is_used = arena_calloc(t->room, sizeof(*t->is_used));
}

/* Of each id, the last version is used: by when the archive took it, then an edited one, then
 * the order of the input. */
static void
choose_versions(struct one_thread *t, struct counters *count)
{
	size_t kept = 0;

	reserve(t);
	for (size_t i = 0; i < t->len; i++)
		t->by_id[i] = &t->entry[i];
	qsort(t->by_id, t->len, sizeof(*t->by_id), by_id);
	memset(t->is_used, 0, t->len * sizeof(*t->is_used));
	for (size_t i = 0; i < t->len; i++) {
		const struct thread_entry *e = t->by_id[i];

		if (kept > 0 && t->by_id[kept - 1]->id == e->id) {
			counters_add_for(count, dataset_names[e->source], "dropped-older-version",
			    1);
			continue;
		}
		t->is_used[e - t->entry] = true;
		t->by_id[kept++] = e;
	}
	t->ids = kept;
}

static const struct thread_entry *
find_id(const struct one_thread *t, uint64_t id)
{
	size_t low = 0, high = t->ids;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (t->by_id[middle]->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < t->ids && t->by_id[low]->id == id ? t->by_id[low] : NULL;
}

/* The responses from `from` on that answer the same; returns where they end. */
static size_t
next_group(struct one_thread *t, size_t from, struct thread_group *g)
{
	const struct thread_entry *prompt = find_id(t, t->entry[from].parent);
	size_t i = from;

	g->responses = 0;
	g->above = prompt != g->post ? prompt : NULL;
	g->is_known = prompt != NULL;
	g->response = t->response;
	for (; i < t->len && t->entry[i].parent == t->entry[from].parent; i++)
		if (t->is_used[i])
			t->response[g->responses++] = &t->entry[i];
	return i;
}

static int
each_group(struct one_thread *t, struct counters *count, thread_group_fn *fn, void *with,
    struct fault *f)
{
	struct thread_group g = { .post = NULL };
	size_t i = 0;
	int rc = 0;

	choose_versions(t, count);
	for (; i < t->len && t->entry[i].is_post; i++)
		if (t->is_used[i])
			g.post = &t->entry[i];
	if (g.post == NULL)
		for (; i < t->len; i++)
			counters_add_for(count, dataset_names[t->entry[i].source], "without-post",
			    t->is_used[i]);
	while (i < t->len && rc == 0) {
		i = next_group(t, i, &g);
		if (g.responses > 0)
			rc = fn(with, &g, f);
	}
	return rc;
}

int
thread_index_each(struct thread_index *x, struct counters *count, thread_group_fn *fn, void *with,
    struct fault *f)
{
	struct one_thread t = { .entry = NULL };
	const struct thread_entry *e;
	int rc = spill_array_sort(&x->entries, x->len, sizeof(*e), by_thread, &x->limit, f);

	e = x->entries.data;
	for (size_t i = 0, k; rc == 0 && i < x->len; i = k) {
		for (k = i; k < x->len && e[k].thread == e[i].thread;)
			k++;
		t.entry = &e[i];
		t.len = k - i;
		rc = each_group(&t, count, fn, with, f);
	}
	free(t.by_id);
	free(t.response);
	free(t.is_used);
	return rc;
}

void
thread_index_release(struct thread_index *x)
{
	spill_array_release(&x->entries);
}
