#include "config.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stages/build/check_options.h"

/* The exit status of a command of bash; -2 if it cannot be run. */
static int
run_bash(char *command, struct fault *f)
{
	char bash[] = "bash", from_word[] = "-c";
	char *const words[] = { bash, from_word, command, NULL };
	pid_t pid;
	int status;

	if ((errno = posix_spawnp(&pid, "bash", NULL, NULL, words, environ)) != 0)
		return fault_sys(f, "bash");
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return fault_sys(f, "bash");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* With --help a program reads its options, and does nothing else; alignx-dedup is run without
 * input, since not all of its options go with --sign.  They are split into words by bash, as in
 * the script. */
static int
check(const struct build_plan *p, const char *program, const char *from, const char *options,
    struct fault *f)
{
	struct buf command = { 0 };
	int rc;

	if (options == NULL)
		return 0;
	buf_add_str(&command, "PATH=");
	build_put_word(&command, p->programs);
	buf_printf(&command, ":$PATH\nalignx-%s </dev/null >/dev/null %s %s", program,
	    strcmp(program, "dedup") == 0 ? "--sign /dev/null" : "--help", options);
	buf_add_byte(&command, '\0');
	rc = run_bash(command.data, f);
	buf_release(&command);
	if (rc <= 0)
		return rc;
	return fault_stop(f, "--%s: alignx-%s refuses this; nothing was run", from, program);
}

static int
check_sources(const struct build_plan *p, struct fault *f)
{
	struct buf options = { 0 };
	int rc;

	for (size_t i = 0; i < p->dumps; i++) {
		if (i > 0 && strcmp(p->dump[i].source, p->dump[i - 1].source) == 0)
			continue;
		buf_add_str(&options, " --source ");
		build_put_word(&options, p->dump[i].source);
	}
	buf_add_byte(&options, '\0');
	rc = check(p, "ingest", "source", options.data, f);
	buf_release(&options);
	return rc;
}

int
build_check_options(const struct build_plan *p, struct fault *f)
{
	const struct {
		const char *program, *options;
	} stage[] = { { "ingest", p->ingest }, { "extract", p->extract }, { "map", p->map },
		{ "dedup", p->dedup }, { "pair", p->pair }, { "emit", p->emit } };
	int rc = check_sources(p, f);

	for (size_t i = 0; rc == 0 && i < sizeof(stage) / sizeof(stage[0]); i++)
		rc = check(p, stage[i].program, stage[i].program, stage[i].options, f);
	return rc;
}
