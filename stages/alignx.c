/* alignx - runs the other programs, or lists them. */

#include "config.h"

#include <errno.h>
#include <glob.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cli/opt_render.h"
#include "lib/cli/suggest.h"
#include "lib/cli/tool.h"

enum { PROGRAMS_MAX = 64 };

static const struct opt opts[] = { { 0 } };

/* In the order in which data passes through them; programs that are not here come last. */
static const char *const order[] = { "ingest", "extract", "map", "dedup", "shard", "pair", "emit",
	"validate", "cat", "profile", "score", "pear", "fit", "build" };

static struct tool_command programs[PROGRAMS_MAX + 1];
static struct tool tool;

/* The programs are in the same folder as this one. */
static int
own_folder(char *path, size_t size, struct fault *f)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 1);

	if (n < 0)
		return fault_sys(f, "/proc/self/exe");
	path[n] = '\0';
	dirname(path);
	return 0;
}

static char *
path_of(struct arena *a, const char *folder, const char *program)
{
	size_t size = strlen(folder) + strlen(program) + sizeof("/alignx-");
	char *path = arena_alloc(a, size);

	snprintf(path, size, "%s/alignx-%s", folder, program);
	return path;
}

static int
rank(const struct tool_command *c)
{
	int n = sizeof(order) / sizeof(order[0]), i;

	for (i = 0; i < n && strcmp(order[i], c->name) != 0; i++)
		;
	return i;
}

static int
compare(const void *a, const void *b)
{
	const struct tool_command *x = a, *y = b;
	int by_rank = rank(x) - rank(y);

	return by_rank != 0 ? by_rank : strcmp(x->name, y->name);
}

static void
find_programs(struct arena *a, const char *folder)
{
	glob_t found = { 0 };
	size_t n = 0;

	if (glob(path_of(a, folder, "*"), 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc && n < PROGRAMS_MAX; i++) {
			const char *path = found.gl_pathv[i];
			const char *name = strrchr(path, '/') + strlen("/alignx-");

			if (access(path, X_OK) == 0 && strchr(name, '.') == NULL)
				programs[n++].name = arena_strndup(a, name, strlen(name));
		}
	globfree(&found);
	qsort(programs, n, sizeof(programs[0]), compare);
}

/* Every program prints its own. */
static const char *
summary_of(struct arena *a, const char *path)
{
	struct buf command = { 0 };
	char line[256] = "";
	FILE *in;

	if (strpbrk(path, "'\\") != NULL)
		return "";
	buf_printf(&command, "'%s' --print-man=summary", path);
	buf_add_byte(&command, '\0');
	if ((in = popen(command.data, "r")) != NULL) {
		if (fgets(line, sizeof(line), in) != NULL)
			line[strcspn(line, "\n")] = '\0';
		pclose(in);
	}
	buf_release(&command);
	return arena_strndup(a, line, strlen(line));
}

static int
refuse(const char *program)
{
	struct suggest s = suggest_for(program, strlen(program));

	suggest_consider(&s, "help");
	for (const struct tool_command *c = programs; c->name != NULL; c++)
		suggest_consider(&s, c->name);
	fprintf(stderr, "alignx: there is no program '%s'%s%s%s; alignx help lists them\n", program,
	    s.nearest != NULL ? " (did you mean " : "", s.nearest != NULL ? s.nearest : "",
	    s.nearest != NULL ? "?)" : "");
	return 2;
}

/* words[0] is the name of a program, and the others are its own. */
static int
run_program(struct arena *a, const char *folder, char **words)
{
	char *path = path_of(a, folder, words[0]), *name = words[0];

	if (strchr(name, '/') != NULL)
		return refuse(name);
	words[0] = strrchr(path, '/') + 1;
	execv(path, words);
	if (errno == ENOENT) {
		find_programs(a, folder);
		return refuse(name);
	}
	fprintf(stderr, "alignx: %s: %s\n", path, strerror(errno));
	return 2;
}

/* Runs `program --help`, or returns -1 to show the help of this one. */
static int
help_with(struct arena *a, const char *folder, int argc, char **argv)
{
	static char option[] = "--help";

	if (argc == 2 || strcmp(argv[2], "help") == 0 || strcmp(argv[2], "--help") == 0
	    || strcmp(argv[2], "-h") == 0)
		return -1;
	if (strncmp(argv[2], "alignx-", 7) == 0)
		argv[2] += 7;
	memmove(argv, argv + 2, (size_t)(argc - 2) * sizeof(*argv));
	argv[argc - 2] = option;
	argv[argc - 1] = NULL;
	return run_program(a, folder, argv);
}

static int
show_help(struct stage_ctx *t, int n, char **operands, struct fault *f)
{
	(void)t;
	(void)n;
	(void)operands;
	(void)f;
	opt_render(stdout, &tool, OPT_HELP);
	return 0;
}

static struct tool tool = {
	.name = "alignx",
	.summary = "run the programs of alignx, or list them",
	.operands = "[program [argument ...]]",
	.opts = opts,
	.commands = programs,
	.input = TOOL_OPERANDS,
	.output = TOOL_TEXT,
	.run = show_help,
};

/* Pages are made while other programs are still being linked, and need no list. */
static bool
needs_list(const char *word)
{
	return word == NULL || strncmp(word, "--print-man=", 12) != 0
	    || strcmp(word, "--print-man=programs") == 0;
}

static int
run(struct arena *a, int argc, char **argv)
{
	struct fault f = FAULT_NONE;
	char folder[PATH_MAX];
	int rc;

	if (own_folder(folder, sizeof(folder), &f) < 0) {
		fprintf(stderr, "alignx: %s\n", f.text);
		return 2;
	}
	if (argc > 1 && strcmp(argv[1], "help") == 0) {
		if ((rc = help_with(a, folder, argc, argv)) >= 0)
			return rc;
		argc = 1;
	} else if (argc > 1 && argv[1][0] != '-')
		return run_program(a, folder, argv + 1);
	if (needs_list(argc > 1 ? argv[1] : NULL))
		find_programs(a, folder);
	for (struct tool_command *c = programs; c->name != NULL; c++)
		c->summary = summary_of(a, path_of(a, folder, c->name));
	return tool_main(&tool, argc, argv);
}

int
main(int argc, char **argv)
{
	struct arena arena = { 0 };
	int rc = run(&arena, argc, argv);

	arena_release(&arena);
	return rc;
}
