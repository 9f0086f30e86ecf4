#include "config.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "lib/core/memory_limit.h"
#include "lib/core/memory_number.h"

/* A version of control groups: where memory is, and under which names. */
struct version {
	const char *root, *limit, *used;
	const char *cached[2];		/* in memory.stat: files that were read, and can go */
};

static const struct version second = { "", "memory.max", "memory.current",
	{ "inactive_file ", "active_file " } };
static const struct version first = { "/memory", "memory.limit_in_bytes",
	"memory.usage_in_bytes", { "total_inactive_file ", "total_active_file " } };

static uint64_t
left_in(const struct version *v, const char *folder)
{
	char file[PATH_MAX + 32];
	uint64_t limit, used, pages;

	snprintf(file, sizeof(file), "%s/%s", folder, v->limit);
	if (!memory_number(file, "", &limit))
		return UINT64_MAX;
	snprintf(file, sizeof(file), "%s/%s", folder, v->used);
	if (!memory_number(file, "", &used))
		return UINT64_MAX;
	snprintf(file, sizeof(file), "%s/memory.stat", folder);
	for (int i = 0; i < 2; i++)
		if (memory_number(file, v->cached[i], &pages))
			used -= pages < used ? pages : used;
	return limit > used ? limit - used : 0;
}

/* Of a group and of all around it; those that this process does not see have no
 * files. */
static uint64_t
left_up_from(const struct version *v, const char *root, const char *path)
{
	char folder[PATH_MAX];
	const int top = snprintf(folder, sizeof(folder), "%s%s", root, v->root);
	uint64_t least = UINT64_MAX;

	if (top < 0 || (size_t)top + strlen(path) >= sizeof(folder))
		return least;
	strcpy(folder + top, path);
	for (char *end; ; *end = '\0') {
		const uint64_t left = left_in(v, folder);

		least = left < least ? left : least;
		if ((end = strrchr(folder + top, '/')) == NULL)
			return least;
	}
}

/* "4:memory:/path" or "0::/path" */
static uint64_t
left_of_line(char *line, const char *root)
{
	char *names = strchr(line, ':'), *path = names != NULL ? strchr(names + 1, ':') : NULL;

	if (path == NULL)
		return UINT64_MAX;
	*names++ = *path++ = '\0';
	path[strcspn(path, "\n")] = '\0';
	if (*names == '\0')
		return left_up_from(&second, root, path);
	for (char *at, *name = strtok_r(names, ",", &at); name != NULL;
	    name = strtok_r(NULL, ",", &at))
		if (strcmp(name, "memory") == 0)
			return left_up_from(&first, root, path);
	return UINT64_MAX;
}

uint64_t
memory_left_in_groups(const char *names, const char *root)
{
	char line[PATH_MAX];
	uint64_t least = UINT64_MAX;
	FILE *in = fopen(names, "re");

	while (in != NULL && fgets(line, sizeof(line), in) != NULL) {
		const uint64_t left = left_of_line(line, root);

		least = left < least ? left : least;
	}
	if (in != NULL)
		fclose(in);
	return least;
}
