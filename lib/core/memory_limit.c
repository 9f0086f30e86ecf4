#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/core/memory_limit.h"
#include "lib/core/memory_number.h"

enum { LINE = 256, AMOUNT = 32 };

bool
memory_number(const char *file, const char *name, uint64_t *out)
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
left_in_machine(void)
{
	uint64_t kib;

	return memory_number("/proc/meminfo", "MemAvailable:", &kib) ? kib * 1024 : UINT64_MAX;
}

/* What a limit of this process leaves; `name` tells in /proc/self/status how much of it
 * is used. */
static uint64_t
left_of_limit(int resource, const char *name)
{
	struct rlimit limit;
	uint64_t kib = 0;

	if (getrlimit((unsigned)resource, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	memory_number("/proc/self/status", name, &kib);
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
memory_check(const char *name, uint64_t files, uint64_t work, const char *what,
    const char *cure, struct fault *f)
{
	const uint64_t all = least(left_in_machine(),
	    memory_left_in_groups("/proc/self/cgroup", "/sys/fs/cgroup"));
	const uint64_t own = least(left_of_limit(RLIMIT_AS, "VmSize:"),
	    left_of_limit(RLIMIT_DATA, "VmData:"));
	char need[AMOUNT], part[AMOUNT], left[AMOUNT];

	/* the addresses of mapped files are taken already */
	if (work > own)
		return fault_stop(f, "%s: %s of memory are needed for %s, and the limits of this "
		    "process (ulimit -v, ulimit -d) leave %s; %s, or raise them", name,
		    amount(work, need), what, amount(own, left), cure);
	if (work > all || files > all - work)
		return fault_stop(f, "%s: %s of memory are needed, %s of them for %s, and %s are "
		    "available; %s, or take a model in a smaller type", name,
		    amount(files + work, need), amount(work, part), what, amount(all, left),
		    cure);
	return 0;
}

int
memory_blame(const char *name, uint64_t bytes, struct fault *f)
{
	char need[AMOUNT], left[AMOUNT];

	if (errno != ENOMEM)
		return fault_sys(f, "%s: cannot be mapped", name);
	return fault_stop(f, "%s: %s of memory are needed to map it, and the limits of this "
	    "process (ulimit -v) leave %s; raise them, or take a model in a smaller type", name,
	    amount(bytes, need), amount(left_of_limit(RLIMIT_AS, "VmSize:"), left));
}
