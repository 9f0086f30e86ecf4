#include "config.h"

#include <errno.h>
#include <glob.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/core/arena.h"
#include "lib/io/progress.h"
#include "stages/build/bytes_read.h"
#include "stages/build/run_script.h"

static const struct {
	const char *name, *folder;
} stages[] = { { "reading dumps", "map" }, { "pairing", "pair" }, { "making records", "emit" } };
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

/* The dumps that are done, and what is read of the others. */
static uint64_t
dumps_done(const struct build_plan *p, uint64_t *all)
{
	const char **open = arena_calloc(p->dumps + 1, sizeof(*open));
	struct buf path = { 0 };
	uint64_t done = 0, read;
	size_t n = 0;

	*all = 0;
	for (size_t i = 0; i < p->dumps; i++) {
		buf_clear(&path);
		buf_printf(&path, "%s/.work/map/%s", p->dir, p->dump[i].key);
		buf_add_byte(&path, '\0');
		*all += size_of(p->dump[i].path);
		if (access(path.data, F_OK) == 0)
			done += size_of(p->dump[i].path);
		else
			open[n++] = p->dump[i].path;
	}
	read = n > 0 ? bytes_read(open, n) : 0;
	free(open);
	buf_release(&path);
	/* a dump that is read is not yet done */
	return n == 0 ? *all : done + read < *all ? done + read : *all - 1;
}

/* The shards that are done; each makes a folder. */
static uint64_t
shards_done(const struct build_plan *p, const char *folder, uint64_t *all)
{
	struct buf pattern = { 0 };
	glob_t found = { 0 };
	uint64_t done;

	buf_printf(&pattern, "%s/.work/%s/[0-9][0-9][0-9][0-9][0-9]", p->dir, folder);
	buf_add_byte(&pattern, '\0');
	glob(pattern.data, GLOB_NOSORT, NULL, &found);
	done = found.gl_pathc;
	*all = (uint64_t)p->shards;
	globfree(&found);
	buf_release(&pattern);
	return done;
}

/* What is done of a stage, and all of it: bytes of dumps, or shards. */
static uint64_t
done_of(const struct watch *w, int stage, uint64_t *all)
{
	return stage == 0 ? dumps_done(w->plan, all)
			  : shards_done(w->plan, stages[stage].folder, all);
}

static void
show(struct watch *w)
{
	uint64_t done = 0, all = 0, now_done;
	int stage = 0;
	double now = progress_seconds(&w->progress) + 1e-3, scale, took;
	const char *unit;
	char left[80];

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
	took = now - w->began[stage];
	if (now_done == 0)
		snprintf(left, sizeof(left), "%s", "");
	else
		snprintf(left, sizeof(left), ", %.2f %s a second, %.0f s left",
		    (double)now_done / scale / took, unit,
		    (double)(all - done) * took / (double)now_done);
	progress_printf(&w->progress, "%s (%d of %d): %.1f of %.1f %s%s", stages[stage].name,
	    stage + 1, STAGES, (double)done / scale, (double)all / scale, unit, left);
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
	if (ended < 0)
		return fault_sys(f, "bash");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
