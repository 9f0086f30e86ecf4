#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/core/arena.h"
#include "lib/core/temp_file.h"
#include "lib/io/spill_array.h"

enum { ELEMENTS_MIN = 4096, RUN_MIN = 1024 };

static int
resize_memory(struct spill_array *r, size_t size)
{
	char *p = realloc(r->data, size > 0 ? size : 1);

	if (p == NULL)
		arena_out_of_memory();
	if (size > r->size)
		memset(p + r->size, 0, size - r->size);
	r->data = p;
	r->size = size;
	return 0;
}

/* Allocates disk space; new bytes of the file are 0. */
static int
allocate_disk(int fd, size_t size, const char *folder, struct fault *f)
{
	int error = posix_fallocate(fd, 0, (off_t)size);

	if (error == 0)
		return 0;
	errno = error;
	return fault_sys(f, "temporary file in %s", folder);
}

static int
move_to_file(struct spill_array *r, size_t size, const char *folder, struct fault *f)
{
	int fd = temp_file_open(folder, f);
	void *p = MAP_FAILED;

	if (fd < 0)
		return -2;
	if (allocate_disk(fd, size, folder, f) == 0
	    && (p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)) == MAP_FAILED)
		fault_sys(f, "temporary file in %s", folder);
	if (p == MAP_FAILED) {
		close(fd);
		return -2;
	}
	if (r->size > 0)
		memcpy(p, r->data, r->size < size ? r->size : size);
	free(r->data);
	*r = (struct spill_array){ p, size, true, fd };
	return 0;
}

int
spill_array_resize(struct spill_array *r, size_t size, const struct spill_array_limit *l,
    struct fault *f)
{
	const char *folder = temp_file_folder(l->folder);
	void *p;

	if (!r->is_in_file)
		return size > (uint64_t)l->memory ? move_to_file(r, size, folder, f)
						  : resize_memory(r, size);
	if (size <= r->size)
		return 0;
	if (allocate_disk(r->fd, size, folder, f) < 0)
		return -2;
	p = mremap(r->data, r->size, size, MREMAP_MAYMOVE);
	if (p == MAP_FAILED)
		return fault_sys(f, "temporary file in %s", folder);
	r->data = p;
	r->size = size;
	return 0;
}

int
spill_array_reserve(struct spill_array *r, size_t n, size_t row, const struct spill_array_limit *l,
    struct fault *f)
{
	size_t rows = r->size / row;

	return n < rows ? 0
			: spill_array_resize(r, (rows > 0 ? 2 * rows : ELEMENTS_MIN) * row, l, f);
}

/* A k-way merge: a heap of sorted runs, by the first element of each. */
struct spill_merge {
	struct spill_run {
		char *at, *end;
	} * run;
	size_t len, row;
	spill_array_compare_fn *compare;
};

static void
sift_down(struct spill_merge *m, size_t i)
{
	struct spill_run moved = m->run[i];

	for (size_t k; (k = 2 * i + 1) < m->len; i = k) {
		if (k + 1 < m->len && m->compare(m->run[k + 1].at, m->run[k].at) < 0)
			k++;
		if (m->compare(moved.at, m->run[k].at) <= 0)
			break;
		m->run[i] = m->run[k];
	}
	m->run[i] = moved;
}

static void
merge_runs(struct spill_merge *m, char *to)
{
	for (size_t i = m->len; i-- > 0;)
		sift_down(m, i);
	for (; m->len > 0; to += m->row) {
		struct spill_run *first = &m->run[0];

		memcpy(to, first->at, m->row);
		first->at += m->row;
		if (first->at == first->end)
			*first = m->run[--m->len];
		if (m->len > 0)
			sift_down(m, 0);
	}
}

/* qsort() needs as much memory again, so a run is half of the limit. */
static int
sort_in_runs(struct spill_array *r, size_t n, size_t row, spill_array_compare_fn *compare,
    const struct spill_array_limit *l, struct fault *f)
{
	size_t most = (size_t)l->memory / 2 / row;
	struct spill_merge m = { .row = row, .compare = compare };
	struct spill_array to = { 0 };
	const struct spill_array_limit in_file = { 0, l->folder };

	if (most < RUN_MIN)
		most = RUN_MIN;
	if (spill_array_resize(&to, r->size, &in_file, f) < 0)
		return -2;
	if ((m.run = calloc(n / most + 1, sizeof(*m.run))) == NULL)
		arena_out_of_memory();
	for (size_t i = 0; i < n; i += most) {
		size_t len = n - i < most ? n - i : most;
		char *from = (char *)r->data + i * row;

		qsort(from, len, row, compare);
		m.run[m.len++] = (struct spill_run){ from, from + len * row };
	}
	merge_runs(&m, to.data);
	free(m.run);
	spill_array_release(r);
	*r = to;
	return 0;
}

int
spill_array_sort(struct spill_array *r, size_t n, size_t row, spill_array_compare_fn *compare,
    const struct spill_array_limit *l, struct fault *f)
{
	if (r->is_in_file)
		return sort_in_runs(r, n, row, compare, l, f);
	if (n > 1)
		qsort(r->data, n, row, compare);
	return 0;
}

void
spill_array_release(struct spill_array *r)
{
	if (r->is_in_file) {
		munmap(r->data, r->size);
		close(r->fd);
	} else
		free(r->data);
	*r = (struct spill_array){ 0 };
}
