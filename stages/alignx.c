/* alignx - the front door: runs the other programs, and lists them. */

#include "config.h"

#include <errno.h>
#include <glob.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cli/tool.h"

static const struct opt opts[] = { { 0 } };

/* The programs live beside this one. */
static int
own_folder(char *path, size_t room, struct fault *f)
{
	ssize_t n = readlink("/proc/self/exe", path, room - 1);

	if (n < 0)
		return fault_sys(f, "/proc/self/exe");
	path[n] = '\0';
	dirname(path);
	return 0;
}

static void
put_gist(struct buf *out, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	struct buf command = { 0 };
	char line[256];
	FILE *in;

	if (strpbrk(path, "'\\") != NULL)
		return;
	buf_printf(&command, "'%s' --self=gist", path);
	buf_add_byte(&command, '\0');
	if ((in = popen(command.data, "r")) != NULL) {
		if (fgets(line, sizeof(line), in) != NULL)
			buf_printf(out, "  %-10s %s", name + strlen("alignx-"),
			    line);
		pclose(in);
	}
	buf_release(&command);
}

static int
list(struct turn *t, const char *folder)
{
	struct buf pattern = { 0 };
	glob_t found = { 0 };

	buf_printf(&pattern, "%s/alignx-*", folder);
	buf_add_byte(&pattern, '\0');
	buf_add_str(t->out, "usage: alignx program [options] [file ...]\n\n"
	    "programs (alignx-PROGRAM is the same; each has a manual page):\n");
	if (glob(pattern.data, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			if (access(found.gl_pathv[i], X_OK) == 0
			    && strchr(strrchr(found.gl_pathv[i], '/'), '.') == NULL)
				put_gist(t->out, found.gl_pathv[i]);
	globfree(&found);
	buf_release(&pattern);
	return 0;
}

/* The first word names the program; all that follows is its own. */
static int
run_other(int argc, char **argv)
{
	char folder[PATH_MAX];
	struct fault f = FAULT_NONE;
	struct buf path = { 0 };

	(void)argc;
	if (own_folder(folder, sizeof(folder), &f) < 0 || strchr(argv[1], '/') != NULL)
		goto missing;
	buf_printf(&path, "%s/alignx-%s", folder, argv[1]);
	buf_add_byte(&path, '\0');
	argv[1] = strrchr(path.data, '/') + 1;
	execv(path.data, argv + 1);
	argv[1] += strlen("alignx-");
	if (errno != ENOENT) {
		fprintf(stderr, "alignx: %s: %s\n", path.data, strerror(errno));
		return 2;
	}
missing:
	fprintf(stderr, "alignx: there is no program '%s'; alignx "
	    "alone lists them\n", argv[1]);
	return 2;
}

static int
run(struct turn *t, int n, char **operands, struct fault *f)
{
	char folder[PATH_MAX];

	(void)n;
	(void)operands;
	return own_folder(folder, sizeof(folder), f) < 0 ? -2 : list(t, folder);
}

static const struct tool tool = {
	.name = "alignx",
	.gist = "run the programs of alignx, or list them",
	.operands = "[program [argument ...]]",
	.opts = opts,
	.input = TOOL_OPERANDS,
	.output = TOOL_TEXT,
	.run = run,
};

int
main(int argc, char **argv)
{
	if (argc > 1 && argv[1][0] != '-')
		return run_other(argc, argv);
	return tool_main(&tool, argc, argv);
}
