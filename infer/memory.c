#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "infer/memory.h"

enum { LINE = 256 };

/* The number in the first line of a file that begins with `name`. */
static bool
number_in(const char *file, const char *name, uint64_t *out)
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

/* Of a control group of version 2 or 1, if it has a limit; pages of files that were
 * read count there, and can go. */
static uint64_t
left_in_group(void)
{
	static const char *const files[][3] = {
		{ "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current",
		    "/sys/fs/cgroup/memory.stat" },
		{ "/sys/fs/cgroup/memory/memory.limit_in_bytes",
		    "/sys/fs/cgroup/memory/memory.usage_in_bytes",
		    "/sys/fs/cgroup/memory/memory.stat" } };
	static const char *const cached[] = { "inactive_file ", "total_inactive_file " };
	uint64_t limit, used, pages = 0;

	for (int i = 0; i < 2; i++)
		if (number_in(files[i][0], "", &limit) && number_in(files[i][1], "", &used)) {
			number_in(files[i][2], cached[i], &pages);
			used -= least(used, pages);
			return limit > used ? limit - used : 0;
		}
	return UINT64_MAX;
}

/* Of the address space that ulimit -v leaves. */
static uint64_t
left_of_addresses(void)
{
	struct rlimit limit;
	uint64_t pages = 0;

	if (getrlimit(RLIMIT_AS, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
		return UINT64_MAX;
	number_in("/proc/self/statm", "", &pages);
	return limit.rlim_cur > pages * 4096 ? (uint64_t)limit.rlim_cur - pages * 4096 : 0;
}

uint64_t
memory_available(void)
{
	uint64_t kib, all = UINT64_MAX;

	if (number_in("/proc/meminfo", "MemAvailable:", &kib))
		all = kib * 1024;
	return least(all, least(left_in_group(), left_of_addresses()));
}

int
memory_check(const struct model *m, const struct session_options *o,
    const char *file, struct fault *f)
{
	uint64_t session = session_bytes(m, o), files = directory_bytes(&m->file);
	uint64_t available = memory_available();

	/* what was copied is taken already, and so are addresses of mapped files */
	if (left_of_addresses() == available)
		files = 0;
	if (session <= available && files <= available - session)
		return 0;
	return fault_stop(f, "%s: %.1f GB of memory are needed, %.1f of them for a session "
	    "of %zu tokens, and %.1f GB are available; lower --room or --batch, or take a "
	    "model in a smaller type", file, (double)(session + files) / 1e9,
	    (double)session / 1e9, o->tokens > 0 ? o->tokens : m->context,
	    (double)available / 1e9);
}
