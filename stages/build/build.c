/* alignx-build - builds the whole data set from dumps, in one command. */

#include "config.h"

#include <errno.h>
#include <fnmatch.h>
#include <ftw.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/io/sink.h"
#include "lib/cli/report.h"
#include "lib/cli/tool.h"
#include "stages/build/check_options.h"
#include "stages/build/script.h"

static struct build_plan plan = { .shards = 16 };
static const char *source;
static bool is_dry, is_resumed;
static int64_t memory;

static const struct opt opts[] = {
	{ 'o', "output", "dir", OPT_FILE, &plan.dir, "write the data set to dir", 0, 0, NULL },
	{ 's', "source", "kind", OPT_TEXT, &source,
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
	{ 'r', "resume", NULL, OPT_FLAG, &is_resumed, "continue an interrupted build", 0, 0, NULL },
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

static struct arena names; /* paths, until the program ends */
static struct build_dump *dumps;
static size_t dumps_room;

/* The usual names of dumps. */
static const struct {
	const char *pattern, *source;
} usual_names[] = {
	{ "RC_*", "reddit-comments" },
	{ "RS_*", "reddit-submissions" },
	{ "*_comments*", "reddit-comments" },
	{ "*_submissions*", "reddit-submissions" },
	{ "*_posts*", "reddit-submissions" },
};

/* Ends of names that download programs give to what is not there yet, or not a dump. */
static const struct {
	const char *end, *what;
} no_dumps[] = {
	{ ".part", "an unfinished download" },
	{ ".aria2", "the state of a download" },
	{ ".!qB", "an unfinished download" },
	{ ".crdownload", "an unfinished download" },
	{ ".torrent", "a torrent, not a dump" },
	{ ".sha256", "a checksum" },
	{ ".sha256sum", "a checksum" },
	{ ".md5", "a checksum" },
};

/* Why a file is no dump; NULL: it may be one. */
static const char *
no_dump(const char *path, off_t size)
{
	const size_t len = strlen(path);

	for (size_t i = 0; i < sizeof(no_dumps) / sizeof(no_dumps[0]); i++) {
		const size_t n = strlen(no_dumps[i].end);

		if (len > n && strcmp(path + len - n, no_dumps[i].end) == 0)
			return no_dumps[i].what;
	}
	return size == 0 ? "empty" : NULL;
}

static const char *
source_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	if (source != NULL)
		return source;
	for (size_t i = 0; i < sizeof(usual_names) / sizeof(usual_names[0]); i++)
		if (fnmatch(usual_names[i].pattern, name, 0) == 0)
			return usual_names[i].source;
	return NULL;
}

static int
add_dump(const char *kind, const char *path, struct fault *f)
{
	if (kind == NULL)
		return fault_stop(f,
		    "%s: unknown kind of dump; say --source kind, or "
		    "kind:%s",
		    path, path);
	if (strpbrk(path, "\t\n") != NULL)
		return fault_stop(f, "%s: the name contains a tab or a line break", path);
	dumps = arena_grow_array(dumps, plan.dumps, &dumps_room, sizeof(*dumps));
	dumps[plan.dumps++] = (struct build_dump){ kind, path };
	return 0;
}

/* For add_file(): nftw() takes no argument. */
static struct fault *walk_fault;
static struct report *walk_report;

static int
add_file(const char *path, const struct stat *st, int type, struct FTW *at)
{
	const char *why = no_dump(path, st->st_size);
	struct fault note = FAULT_NONE;

	(void)at;
	if (type != FTW_F)
		return 0;
	if (why == NULL && source_of(path) == NULL)
		why = "not named like a dump";
	if (why != NULL) {
		fault_stop(&note, "passed over %s: it is %s", path, why);
		report_say(walk_report, &note);
		return 0;
	}
	return add_dump(source_of(path), arena_strndup(&names, path, strlen(path)), walk_fault);
}

static int
by_path(const void *va, const void *vb)
{
	const struct build_dump *a = va, *b = vb;

	return strcmp(a->path, b->path);
}

/* A file, kind:file, or a folder: then every file in it whose kind is known. */
static int
add_operand(char *word, struct fault *f)
{
	char *colon = strchr(word, ':');
	struct stat st;
	size_t before = plan.dumps;

	if (stat(word, &st) != 0 && colon != NULL && stat(colon + 1, &st) == 0
	    && S_ISREG(st.st_mode)) {
		*colon = '\0';
		return add_dump(word, colon + 1, f);
	}
	if (stat(word, &st) != 0)
		return fault_sys(f, "%s", word);
	if (!S_ISDIR(st.st_mode))
		return no_dump(word, st.st_size) != NULL
		    ? fault_stop(f, "%s is %s", word, no_dump(word, st.st_size))
		    : add_dump(source_of(word), word, f);
	walk_fault = f;
	if (nftw(word, add_file, 16, 0) != 0) /* links are followed */
		return f->text[0] != '\0' ? -2 : fault_sys(f, "%s", word);
	if (plan.dumps == before)
		return fault_stop(f,
		    "%s: no file in this folder is named like "
		    "a dump (RC_*, RS_*, *_comments*, *_submissions*, *_posts*); say --source kind",
		    word);
	qsort(dumps + before, plan.dumps - before, sizeof(*dumps), by_path);
	return 0;
}

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

/* The script, without what may differ between runs of one build. */
static void
put_plan(struct buf *b)
{
	struct build_plan same = plan;

	same.jobs = same.map_jobs = 1;
	same.is_kept = true;
	build_script(&same, b);
}

static bool
file_equals(const char *path, const struct buf *expected)
{
	FILE *in = fopen(path, "r");
	struct buf found = { 0 };
	bool is_same;

	if (in == NULL)
		return false;
	/* one byte more, to notice a longer file */
	found.len = fread(buf_reserve(&found, expected->len + 1), 1, expected->len + 1, in);
	is_same = found.len == expected->len
	    && memcmp(found.data, expected->data, expected->len) == 0;
	fclose(in);
	buf_release(&found);
	return is_same;
}

static int
write_file(const char *path, const struct buf *b, struct fault *f)
{
	struct sink *s = sink_open(path, f);

	if (s == NULL)
		return -2;
	if (sink_write(s, b->data, b->len, f) < 0) {
		sink_abandon(s);
		return -2;
	}
	return sink_close(s, f);
}

static const char *
path_in(const char *dir, const char *name)
{
	size_t n = strlen(dir) + strlen(name) + 2;
	char *path = arena_alloc(&names, n);

	snprintf(path, n, "%s/%s", dir, name);
	return path;
}

static int
make_folder(const char *path, struct fault *f)
{
	return mkdir(path, 0777) == 0 || errno == EEXIST ? 0 : fault_sys(f, "%s", path);
}

/* Refuses to mix two builds: the plan is kept with the intermediate files. */
static int
prepare(const struct buf *script, struct fault *f)
{
	const char *done = path_in(plan.dir, "manifest.json");
	const char *work = path_in(plan.dir, ".work");
	const char *path = path_in(work, "plan.sh");
	struct buf plan_text = { 0 };
	int rc;

	if (access(done, F_OK) == 0)
		return fault_stop(f,
		    "%s is there already; name another folder "
		    "or remove it",
		    done);
	if (access(work, F_OK) == 0 && !is_resumed)
		return fault_stop(f,
		    "%s holds an interrupted build; go on with "
		    "--resume, or remove it",
		    work);
	put_plan(&plan_text);
	if (access(path, F_OK) == 0 && !file_equals(path, &plan_text))
		rc = fault_stop(f,
		    "%s was begun with other dumps or options; "
		    "remove it, or repeat them",
		    work);
	else if ((rc = make_folder(plan.dir, f)) == 0 && (rc = make_folder(work, f)) == 0)
		rc = write_file(path, &plan_text, f);
	buf_release(&plan_text);
	return rc < 0 ? -2 : write_file(path_in(work, "build.sh"), script, f);
}

static int
run(struct stage_ctx *t, int n, char **operands, struct fault *f)
{
	char programs[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", programs, sizeof(programs) - 1);

	if (plan.dir == NULL)
		return fault_stop(f, "name the folder to write to with -o");
	if (n == 0)
		return fault_stop(f, "name the dumps to build from");
	if (len < 0)
		return fault_sys(f, "/proc/self/exe");
	programs[len] = '\0';
	plan.programs = dirname(programs);
	walk_report = t->report;
	for (int i = 0; i < n; i++)
		if (add_operand(operands[i], f) < 0)
			return -2;
	plan.dump = dumps;
	if (build_check_options(&plan, f) < 0)
		return -2;
	choose_jobs();
	build_script(&plan, t->out);
	if (is_dry)
		return 0;
	if (prepare(t->out, f) < 0)
		return -2;
	execlp("bash", "bash", path_in(plan.dir, ".work/build.sh"), (char *)NULL);
	return fault_sys(f, "bash");
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
