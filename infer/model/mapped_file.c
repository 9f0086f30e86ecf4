#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "infer/model/mapped_file.h"
#include "lib/core/memory_limit.h"

static int
map(struct mapped_file *m, int fd, const char *name, struct fault *f)
{
	struct stat st;
	void *p;

	if (fstat(fd, &st) < 0)
		return fault_sys(f, "%s", name);
	if (!S_ISREG(st.st_mode))
		return fault_stop(f,
		    "%s: a model must be a regular file, not a pipe or "
		    "a folder",
		    name);
	*m = (struct mapped_file){ .data = (const unsigned char *)"" };
	if (st.st_size == 0)
		return 0;
	if ((uintmax_t)st.st_size > SIZE_MAX)
		return fault_stop(f, "%s: the file is too large for this machine", name);
	p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return memory_limit_map_fault(name, (uint64_t)st.st_size, f);
	*m = (struct mapped_file){ .data = p, .len = (size_t)st.st_size };
	return 0;
}

int
mapped_file_open(struct mapped_file *m, const char *name, struct fault *f)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return fault_sys(f, "%s", name);
	rc = map(m, fd, name, f);
	close(fd);
	return rc;
}

void
mapped_file_close(struct mapped_file *m)
{
	if (m->len > 0)
		munmap((void *)(uintptr_t)m->data, m->len);
	*m = (struct mapped_file){ 0 };
}

void
mapped_file_drop(const void *data, size_t len)
{
	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	const uintptr_t from = ((uintptr_t)data + page - 1) / page * page;
	const uintptr_t to = ((uintptr_t)data + len) / page * page;

	if (to > from)
		madvise((void *)from, to - from, MADV_DONTNEED); /* may fail */
}
