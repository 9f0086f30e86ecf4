/* alignx-build - builds the whole data set from dumps, in one command. */

#include "config.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/cli/report.h"
#include "lib/cli/tool.h"
#include "stages/build/check_options.h"
#include "stages/build/dumps.h"
#include "stages/build/run_script.h"
#include "stages/build/script.h"
#include "stages/build/sum_up.h"
#include "stages/build/work_folder.h"

static struct build_plan plan = { .shards = 16 };
static struct build_dumps found;
static bool is_dry, is_resumed, is_sum_up;
static int64_t memory;

static const struct opt opts[] = {
	{ 'o', "output", "dir", OPT_FILE, &plan.dir, "write the data set to dir", 0, 0, NULL },
	{ 's', "source", "kind", OPT_TEXT, &found.source,
	    "kind of the dumps, as for alignx-ingest --source; for a single dump "
	    "write kind:file instead",
	    0, 0,
	    "reddit|reddit-comments|reddit-submissions|pku-saferlhf|ultrafeedback|"
	    "helpsteer2|prism|hh-rlhf|oasst|alignx|p-soups|generic" },
	{ 'j', "jobs", "n", OPT_INT, &plan.jobs,
	    "run n jobs at a time (default: one per processor)", 1, 4096, NULL },
	{ 'm', "memory", "size", OPT_SIZE, &memory,
	    "memory for all jobs that read dumps (default: free memory); a "
	    "zstd dump counts 2.5G, any other 512M",
	    1 << 20, 1e15, NULL },
	{ 'n', "shards", "n", OPT_INT, &plan.shards,
	    "number of shards by post and by user (default 16)", 1, 4096, NULL },
	{ 0, "seed", "n", OPT_INT, &plan.seed, "seed of all random choices (default 0)", 0, 9e15,
	    NULL },
	{ 0, "dry-run", NULL, OPT_FLAG, &is_dry,
	    "print the commands as a shell script and run nothing", 0, 0, NULL },
	{ 'r', "resume", NULL, OPT_FLAG, &is_resumed,
	    "continue an interrupted build, or do again what other dumps or options change", 0, 0,
	    NULL },
	{ 0, "sum-up", NULL, OPT_FLAG, &is_sum_up,
	    "sum up the build in dir/.work and write its manifest: the script does this at the "
	    "end",
	    0, 0, NULL },
	{ 0, "keep", NULL, OPT_FLAG, &plan.is_kept, "keep the intermediate files in dir/.work", 0,
	    0, NULL },
	{ 0, "ingest", "options", OPT_TEXT, &plan.ingest, "pass these options to alignx-ingest", 0,
	    0, NULL },
	{ 0, "extract", "options", OPT_TEXT, &plan.extract, "pass these options to alignx-extract",
	    0, 0, NULL },
	{ 0, "map", "options", OPT_TEXT, &plan.map, "pass these options to alignx-map", 0, 0,
	    NULL },
	{ 0, "dedup", "options", OPT_TEXT, &plan.dedup, "pass these options to alignx-dedup", 0, 0,
	    NULL },
	{ 0, "pair", "options", OPT_TEXT, &plan.pair, "pass these options to alignx-pair", 0, 0,
	    NULL },
	{ 0, "emit", "options", OPT_TEXT, &plan.emit, "pass these options to alignx-emit", 0, 0,
	    NULL },
	{ 0 },
};

/* Memory, not processors, limits readers with windows of 2 GiB. */
static void
choose_jobs(void)
{
	int64_t each = 512 << 20, most;

	if (plan.jobs == 0)
		plan.jobs = sysconf(_SC_NPROCESSORS_ONLN);
	if (memory == 0)
		memory = (int64_t)sysconf(_SC_AVPHYS_PAGES) * sysconf(_SC_PAGESIZE);
	for (size_t i = 0; i < plan.dumps; i++)
		if (strstr(plan.dump[i].path, ".zst") != NULL)
			each = (int64_t)2560 << 20;
	most = memory / each > 1 ? memory / each : 1;
	plan.map_jobs = most < plan.jobs ? (long)most : plan.jobs;
}

static int
find_programs(struct arena *a, struct fault *f)
{
	char path[PATH_MAX], *folder;
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len < 0)
		return fault_sys(f, "/proc/self/exe");
	path[len] = '\0';
	folder = dirname(path);
	plan.programs = arena_strndup(a, folder, strlen(folder));
	return 0;
}

static int
find_dumps(struct stage_ctx *t, int n, char **operands, struct fault *f)
{
	if (n == 0)
		return fault_stop(f, "name the dumps to build from");
	found.report = t->report;
	found.arena = t->run_arena;
	for (int i = 0; i < n; i++)
		if (build_dumps_add(&found, operands[i], f) < 0)
			return -2;
	plan.dump = found.dump;
	plan.dumps = found.len;
	return 0;
}

static int
run(struct stage_ctx *t, int n, char **operands, struct fault *f)
{
	int status;

	if (plan.dir == NULL)
		return fault_stop(f, "name the folder to write to with -o");
	if (is_sum_up) {
		status = build_sum_up(plan.dir, t->report, t->out, f);
		return status < 0 ? -2 : status;
	}
	if (find_programs(t->run_arena, f) < 0 || find_dumps(t, n, operands, f) < 0
	    || build_check_options(&plan, f) < 0
	    || work_folder_set_keys(&plan, found.dump, t->run_arena, f) < 0)
		return -2;
	choose_jobs();
	build_script(&plan, t->out);
	if (is_dry)
		return 0;
	if (work_folder_prepare(&plan, is_resumed, t->out, f) < 0)
		return -2;
	buf_clear(t->out);
	if ((status = run_script(&plan, f)) > 1)
		return fault_stop(f,
		    "the build is not complete; finished work is kept for --resume");
	return status < 0 ? -2 : status;
}

static const struct tool tool = {
	.name = "alignx-build",
	.summary = "build the whole data set from dumps",
	.operands = "[dump ...]",
	.opts = opts,
	.input = TOOL_OPERANDS,
	.output = TOOL_TEXT,
	.run = run,
};

int
main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
