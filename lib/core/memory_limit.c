#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/core/memory_limit.h"

enum { LINE = 256, AMOUNT = 32 };

/* Where a version of control groups keeps its numbers, and under which names. */
struct cgroup_version {
	const char *root, *limit, *used;
	const char *cached[2]; /* in memory.stat: pages of files */
};

static const struct cgroup_version cgroup_v2 = { "", "memory.max", "memory.current",
	{ "inactive_file ", "active_file " } };
static const struct cgroup_version cgroup_v1 = { "/memory", "memory.limit_in_bytes",
	"memory.usage_in_bytes", { "total_inactive_file ", "total_active_file " } };

/* The number in the first line of a file that begins with `name`. */
static bool
read_number(const char *file, const char *name, uint64_t *out)
{
	char line[LINE];
	bool is_there = false;
	FILE *in = fopen(file, "re");

	while (in != NULL && !is_there && fgets(line, sizeof(line), in) != NULL)
		is_there = strncmp(line, name, strlen(name)) == 0
		    && sscanf(line + strlen(name), "%" SCNu64, out) == 1;
	if (in != NULL)
		fclose(in);
	return is_there;
}

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t
left_in_cgroup(const struct cgroup_version *v, const char *folder)
{
	char file[PATH_MAX + 32];
	uint64_t limit, used, pages;

	snprintf(file, sizeof(file), "%s/%s", folder, v->limit);
	if (!read_number(file, "", &limit))
		return UINT64_MAX;
	snprintf(file, sizeof(file), "%s/%s", folder, v->used);
	if (!read_number(file, "", &used))
		return UINT64_MAX;
	snprintf(file, sizeof(file), "%s/memory.stat", folder);
	for (int i = 0; i < 2; i++)
		if (read_number(file, v->cached[i], &pages))
			used -= least(pages, used);
	return limit > used ? limit - used : 0;
}

/* In a group and all its parents; those outside the namespace of this process have no files. */
static uint64_t
left_up_from(const struct cgroup_version *v, const char *root, const char *path)
{
	char folder[PATH_MAX];
	const int top = snprintf(folder, sizeof(folder), "%s%s", root, v->root);
	uint64_t left = UINT64_MAX;

	if (top < 0 || (size_t)top + strlen(path) >= sizeof(folder))
		return left;
	strcpy(folder + top, path);
	for (char *end;; *end = '\0') {
		left = least(left, left_in_cgroup(v, folder));
		if ((end = strrchr(folder + top, '/')) == NULL)
			return left;
	}
}

/* "4:memory:/path" (version 1) or "0::/path" (version 2) */
static uint64_t
left_of_line(char *line, const char *root)
{
	char *names = strchr(line, ':'), *path = names != NULL ? strchr(names + 1, ':') : NULL;

	if (path == NULL)
		return UINT64_MAX;
	*names++ = *path++ = '\0';
	path[strcspn(path, "\n")] = '\0';
	if (*names == '\0')
		return left_up_from(&cgroup_v2, root, path);
	for (char *at, *name = strtok_r(names, ",", &at); name != NULL;
	     name = strtok_r(NULL, ",", &at))
		if (strcmp(name, "memory") == 0)
			return left_up_from(&cgroup_v1, root, path);
	return UINT64_MAX;
}

uint64_t
memory_limit_cgroup_left(const char *names, const char *root)
{
	char line[PATH_MAX];
	uint64_t left = UINT64_MAX;
	FILE *in = fopen(names, "re");

	while (in != NULL && fgets(line, sizeof(line), in) != NULL)
		left = least(left, left_of_line(line, root));
	if (in != NULL)
		fclose(in);
	return left;
}

static uint64_t
left_in_machine(void)
{
	uint64_t kib;

	return read_number("/proc/meminfo", "MemAvailable:", &kib) ? kib * 1024 : UINT64_MAX;
}

/* What a limit of this process leaves; `name` is the line of /proc/self/status with what is
 * used of it. */
static uint64_t
left_of_ulimit(int resource, const char *name)
{
	struct rlimit limit;
	uint64_t kib = 0;

	if (getrlimit((unsigned)resource, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	read_number("/proc/self/status", name, &kib);
	return limit.rlim_cur > kib * 1024 ? (uint64_t)limit.rlim_cur - kib * 1024 : 0;
}

static const char *
amount(uint64_t bytes, char out[AMOUNT])
{
	if (bytes < 1000000000)
		snprintf(out, AMOUNT, "%.1f MB", (double)bytes / 1e6);
	else
		snprintf(out, AMOUNT, "%.1f GB", (double)bytes / 1e9);
	return out;
}

int
memory_limit_check(const char *name, uint64_t files, uint64_t work, const char *what,
    const char *cure, struct fault *f)
{
	const uint64_t all = least(left_in_machine(),
	    memory_limit_cgroup_left("/proc/self/cgroup", "/sys/fs/cgroup"));
	const uint64_t own = least(left_of_ulimit(RLIMIT_AS, "VmSize:"),
	    left_of_ulimit(RLIMIT_DATA, "VmData:"));
	char need[AMOUNT], part[AMOUNT], left[AMOUNT];

	/* the address space of mapped files is in VmSize already */
	if (work > own)
		return fault_stop(f,
		    "%s: %s of memory are needed for %s, and the limits of this "
		    "process (ulimit -v, ulimit -d) leave %s; %s, or raise them",
		    name, amount(work, need), what, amount(own, left), cure);
	if (work > all || files > all - work)
		return fault_stop(f,
		    "%s: %s of memory are needed, %s of them for %s, and %s are "
		    "available; %s, or take a model in a smaller type",
		    name, amount(files + work, need), amount(work, part), what, amount(all, left),
		    cure);
	return 0;
}

int
memory_limit_map_fault(const char *name, uint64_t bytes, struct fault *f)
{
	char need[AMOUNT], left[AMOUNT];

	if (errno != ENOMEM)
		return fault_sys(f, "%s: cannot be mapped", name);
	return fault_stop(f,
	    "%s: %s of memory are needed to map it, and the limits of this "
	    "process (ulimit -v) leave %s; raise them, or take a model in a smaller type",
	    name, amount(bytes, need), amount(left_of_ulimit(RLIMIT_AS, "VmSize:"), left));
}
