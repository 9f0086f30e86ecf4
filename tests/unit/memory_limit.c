/* memory_limit.c - the memory that control groups leave, with folders of files like theirs. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/core/memory_limit.h"
#include "tests/tap.h"

static char root[] = "/tmp/alignx-memory-XXXXXX";

/* A file under the root, and the folders that it is in. */
static void
put(const char *name, const char *text)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	for (char *s = path + strlen(root) + 1; (s = strchr(s, '/')) != NULL; *s++ = '/') {
		*s = '\0';
		mkdir(path, 0777);
	}
	out = fopen(path, "w");
	if (out == NULL || fputs(text, out) < 0 || fclose(out) != 0)
		exit(99);
}

static uint64_t
left(const char *names)
{
	char path[4096];

	put("names", names);
	snprintf(path, sizeof(path), "%s/names", root);
	return memory_limit_cgroup_left(path, root);
}

int
main(void)
{
	char command[64];

	if (mkdtemp(root) == NULL)
		return 99;
	ok(left("0::/\n") == UINT64_MAX, "without groups there is no limit");
	put("a/memory.max", "max\n");
	put("a/memory.current", "100\n");
	ok(left("0::/a\n") == UINT64_MAX, "a group may have no limit");
	put("a/b/memory.max", "5000\n");
	put("a/b/memory.current", "4000\n");
	put("a/b/memory.stat", "anon 500\nactive_file 1000\ninactive_file 700\n");
	ok(left("0::/a/b\n") == 2700,
	    "what is left is the limit less what is used, without pages of files");
	ok(left("0::/a\n") == UINT64_MAX, "the limit of a child group does not count");
	put("a/memory.max", "2000\n");
	ok(left("0::/a/b\n") == 1900, "the least of a group and its parents counts");
	ok(left("0::/a/b/not/seen/here\n") == 1900, "groups without files are skipped");
	put("memory.max", "300\n");
	put("memory.current", "400\n");
	ok(left("0::/a/b\n") == 0, "a group over its limit has nothing left");
	put("memory/c/memory.limit_in_bytes", "900\n");
	put("memory/c/memory.usage_in_bytes", "100\n");
	put("memory/c/memory.stat",
	    "inactive_file 3\ntotal_inactive_file 40\ntotal_active_file 2\n");
	ok(left("5:cpu,memory:/c\n3:cpu:/a/b\n1:name=systemd:/a\n") == 842,
	    "control groups version 1 are read");
	ok(left("no groups\n:\n") == UINT64_MAX, "a malformed list has no limit");
	snprintf(command, sizeof(command), "rm -rf %s", root);
	if (system(command) != 0)
		return 99;
	return tap_done();
}
