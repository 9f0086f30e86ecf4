#include "config.h"

#include <errno.h>
#include <glob.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/io/progress.h"
#include "stages/build/run_script.h"

/* The jobs of a stage, each of which makes a folder when it is done. */
static const struct {
	const char *name, *pattern;
} stages[] = {
	{ "reading dumps", "map/[0-9][0-9][0-9][0-9][0-9]" },
	{ "pairing", "pair/[0-9][0-9][0-9][0-9][0-9]" },
	{ "making records", "emit/[0-9][0-9][0-9][0-9][0-9]" },
};
enum { STAGES = sizeof(stages) / sizeof(stages[0]), EVERY_NS = 250000000 };

struct watch {
	const struct build_plan *plan;
	struct progress progress;
	double began[STAGES];    /* seconds; 0: not yet */
	uint64_t before[STAGES]; /* done when it began: not done by this run */
};

static uint64_t
size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* What is done of a stage, and all of it: bytes of dumps, or shards. */
static uint64_t
done_of(const struct watch *w, int stage, uint64_t *all)
{
	const struct build_plan *p = w->plan;
	struct buf pattern = { 0 };
	glob_t found = { 0 };
	uint64_t done = 0;

	buf_printf(&pattern, "%s/.work/%s", p->dir, stages[stage].pattern);
	buf_add_byte(&pattern, '\0');
	glob(pattern.data, GLOB_NOSORT, NULL, &found);
	*all = stage == 0 ? 0 : (uint64_t)p->shards;
	for (size_t i = 0; stage == 0 && i < p->dumps; i++)
		*all += size_of(p->dump[i].path);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *slash = strrchr(found.gl_pathv[i], '/');
		const size_t dump = (size_t)atol(slash + 1);

		done += stage > 0 ? 1 : dump < p->dumps ? size_of(p->dump[dump].path) : 0;
	}
	globfree(&found);
	buf_release(&pattern);
	return done;
}

static void
show(struct watch *w)
{
	uint64_t done = 0, all = 0, now_done;
	int stage = 0;
	double now = progress_seconds(&w->progress) + 1e-3, scale;
	const char *unit;

	while (stage < STAGES && (done = done_of(w, stage, &all)) == all)
		stage++;
	if (stage == STAGES) {
		progress_printf(&w->progress, "checking and summing up");
		return;
	}
	if (w->began[stage] == 0) {
		w->began[stage] = now;
		w->before[stage] = done;
	}
	unit = stage == 0 ? "MB" : "shards";
	scale = stage == 0 ? 1e6 : 1;
	now_done = done - w->before[stage];
	progress_printf(&w->progress,
	    "%s (%d of %d): %.1f of %.1f %s, %.2f %s a second, %.0f s left", stages[stage].name,
	    stage + 1, STAGES, (double)done / scale, (double)all / scale, unit,
	    (double)now_done / scale / (now - w->began[stage] + 1e-3), unit,
	    now_done == 0 ? 0 : (double)(all - done) * (now - w->began[stage]) / (double)now_done);
}

int
run_script(const struct build_plan *p, struct fault *f)
{
	struct watch w = { .plan = p };
	struct buf path = { 0 };
	char bash[] = "bash";
	pid_t pid, ended;
	int status = 0;

	buf_printf(&path, "%s/.work/build.sh", p->dir);
	buf_add_byte(&path, '\0');
	char *const words[] = { bash, path.data, NULL };
	if ((errno = posix_spawnp(&pid, bash, NULL, NULL, words, environ)) != 0)
		return fault_sys(f, "bash");
	progress_begin(&w.progress, progress_default());
	while ((ended = waitpid(pid, &status, w.progress.on ? WNOHANG : 0)) == 0
	    || (ended < 0 && errno == EINTR)) {
		show(&w);
		nanosleep(&(struct timespec){ 0, EVERY_NS }, NULL);
	}
	progress_clear(&w.progress);
	buf_release(&path);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
