#include "config.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cli/common_options.h"
#include "lib/cli/opt_render.h"
#include "lib/cli/report.h"
#include "lib/cli/tool.h"
#include "lib/io/folder_files.h"
#include "lib/io/sink.h"
#include "lib/json/json_write.h"

enum { FLUSH_AT = 256 * 1024 };

static struct report report;
static struct sink *sink;

static const struct {
	const char *word;
	enum opt_view view;
} views[] = {
	{ "--print-man=summary", OPT_MAN_SUMMARY },
	{ "--print-man=synopsis", OPT_MAN_SYNOPSIS },
	{ "--print-man=options", OPT_MAN_OPTIONS },
	{ "--print-man=programs", OPT_MAN_PROGRAMS },
	{ "--print-completion=bash", OPT_BASH },
	{ "--print-completion=zsh", OPT_ZSH },
	{ "--print-completion=fish", OPT_FISH },
	{ "--print-completion=words", OPT_WORDS },
};

/* What the build puts into pages and completions; false if it was not asked for. */
static bool
print_view(const struct tool *tool, const char *arg)
{
	for (size_t i = 0; arg != NULL && i < sizeof(views) / sizeof(views[0]); i++)
		if (strcmp(arg, views[i].word) == 0) {
			opt_render(stdout, tool, views[i].view);
			return true;
		}
	return false;
}

static int
flush(struct buf *out, struct fault *f)
{
	int rc = out->len > 0 ? sink_write(sink, out->data, out->len, f) : 0;

	buf_clear(out);
	return rc;
}

int
tool_flush(struct stage_ctx *t, struct fault *f)
{
	return t->out->len >= FLUSH_AT ? flush(t->out, f) : 0;
}

int
tool_write(struct stage_ctx *t, const void *data, size_t len, struct fault *f)
{
	int rc = flush(t->out, f);

	return rc < 0 ? rc : sink_write(sink, data, len, f);
}

bool
tool_has_file(void)
{
	return common_options.output != NULL;
}

const char *
tool_file(void)
{
	return common_options.output;
}

bool
tool_refuses_terminal(const char *cure, struct fault *f)
{
	static int is_terminal = -1; /* alignx-cat asks for each message */

	if (is_terminal < 0)
		is_terminal = isatty(STDOUT_FILENO);
	if (!is_terminal || tool_has_file())
		return false;
	fault_stop(f, "msgpack is not written to a terminal; %s",
	    cure != NULL ? cure : "pipe it into alignx-cat, or name a file with -o");
	return true;
}

int
tool_refuse(struct stage_ctx *t, const char *name, const struct reader_item *item, struct fault *f)
{
	return report_refused(t->report, name, item, f);
}

static int
check_form(const struct tool *tool, const struct reader_item *item, struct fault *f)
{
	if (tool->input != TOOL_MESSAGES || item->form == READER_MSGPACK)
		return 0;
	return fault_stop(f,
	    "%s wants msgpack from another program, and this "
	    "is text; for JSON lines, run alignx-cat --to msgpack first",
	    tool->name);
}

/* What cannot be read at all is reported, and what follows is read. */
static int
pass_over(bool *is_missing, struct fault *f)
{
	if (report.is_strict)
		return -2;
	report_say(&report, f);
	fault_clear(f);
	*is_missing = true;
	return 0;
}

/* Where the input broke: how much of it was good. */
static void
add_place_of_break(const struct reader *r, uint64_t last, uint64_t next, struct fault *f)
{
	uint64_t size = reader_size(r);
	size_t n = strlen(f->text);

	if (last > 0 && last < next) /* else it is of an earlier file of an archive */
		n += (size_t)snprintf(f->text + n, sizeof(f->text) - n,
		    "; the last good record is number %" PRIu64, last);
	if (size > 0 && n < sizeof(f->text))
		snprintf(f->text + n, sizeof(f->text) - n, "; %.1f %% of the file was good",
		    100 * (double)reader_bytes_good(r) / (double)size);
}

static int
read_member_items(const struct tool *tool, struct reader *r, struct stage_ctx *t, bool *is_missing,
    struct fault *f)
{
	uint64_t last = 0;
	int rc, again;

	while ((again = reader_next(r, &t->item, f)) != 0) {
		if (again == -2 && strcmp(f->code, READER_NOT_READ) == 0) {
			if (pass_over(is_missing, f) < 0)
				return -2;
			continue;
		}
		report.taken++;
		t->name = reader_name(r);
		progress_show(&report.progress, report.taken, reader_bytes_read(r), reader_size(r));
		if (again == 1) {
			last = t->item.number;
			arena_reset(t->record_arena);
			if ((rc = check_form(tool, &t->item, f)) < 0
			    || (rc = tool->step(t, f)) == -2)
				return rc;
			if (rc == 0 && tool_flush(t, f) < 0)
				return -2;
			if (rc == 0)
				continue;
		}
		if (again == -2) { /* the input breaks here; all records before are handled */
			f->code = "broken-input";
			add_place_of_break(r, last, t->item.number, f);
		}
		if (report_refused(&report, t->name, &t->item, f) < 0)
			return -2;
	}
	return 0;
}

static int
read_operand(const struct tool *tool, struct reader *r, const char *name, struct stage_ctx *t,
    bool *is_missing, struct fault *f)
{
	int rc;

	if (reader_open(r, name, (int)common_options.zstd_window, f) < 0)
		return pass_over(is_missing, f);
	rc = read_member_items(tool, r, t, is_missing, f);
	reader_close(r);
	return rc;
}

/* A folder stands for its message files. */
static int
read_folder(const struct tool *tool, struct reader *r, const char *name, struct stage_ctx *t,
    bool *is_missing, struct fault *f)
{
	size_t n;
	const char **file = folder_files(name, t->run_arena, &n, f);
	int rc = 0;

	if (file == NULL)
		return -2;
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = read_operand(tool, r, file[i], t, is_missing, f);
	return rc;
}

static int
read_all(const struct tool *tool, int n, char **operands, struct stage_ctx *t, struct fault *f)
{
	bool is_lines = tool->input == TOOL_LINES
	    || (tool->reads_lines != NULL && tool->reads_lines());
	struct reader *r = reader_new(is_lines ? READER_LINES : READER_AUTO,
	    (size_t)common_options.max_bytes);
	bool is_missing = false;
	int rc = tool->begin != NULL ? tool->begin(t, f) : 0;

	reader_set_check(r, tool->check);
	if (rc == 0 && n == 0)
		rc = read_operand(tool, r, "-", t, &is_missing, f);
	for (int i = 0; rc == 0 && i < n; i++)
		rc = (!is_lines && is_folder(operands[i]) ? read_folder : read_operand)(tool, r,
		    operands[i], t, &is_missing, f);
	reader_free(r);
	if (rc == 0 && tool->end != NULL)
		rc = tool->end(t, f);
	if (rc >= 0)
		rc = flush(t->out, f);
	return rc < 0 ? -2 : is_missing ? 2 : 0;
}

static int
write_stats(const struct tool *tool, const struct stage_ctx *t, struct fault *f)
{
	struct buf b = { 0 };
	int rc;

	buf_printf(&b,
	    "{\"program\":\"%s\",\"version\":\"%s\",\"records\":%" PRIu64 ",\"bytes_out\":%" PRIu64
	    ",\"seconds\":%.3f,\"refused\":",
	    tool->name, PACKAGE_VERSION, report.taken, sink_bytes(sink),
	    progress_seconds(&report.progress));
	json_write_counters(&b, &report.refused);
	buf_add_str(&b, ",\"counts\":");
	json_write_counters(&b, t->count);
	buf_add_str(&b, ",\"sources\":");
	json_write_counter_groups(&b, t->count);
	buf_add_str(&b, "}\n");
	rc = sink_write_file(common_options.stats, b.data, b.len, f);
	buf_release(&b);
	return rc;
}

static int
filter(const struct tool *tool, int n, char **operands, struct stage_ctx *t, struct fault *f)
{
	uint64_t written;
	int rc;

	if (tool->output == TOOL_BINARY && tool_refuses_terminal(NULL, f))
		return -2;
	if (report_begin(&report, f) < 0 || (sink = sink_open(common_options.output, f)) == NULL)
		return -2;
	rc = read_all(tool, n, operands, t, f);
	if (report_end(&report, f) < 0)
		rc = -2;
	if (rc == 0 && common_options.stats != NULL && write_stats(tool, t, f) < 0)
		rc = -2;
	if (rc != 0) { /* a named output is complete or does not exist */
		sink_abandon(sink);
		return rc;
	}
	written = sink_bytes(sink);
	if (sink_close(sink, f) < 0)
		return -2;
	report_sum_up(&report, written, t->has_result, t->count);
	return counters_total(&report.refused) > 0 || t->is_negative_answer;
}

static int
run(const struct tool *tool, int n, char **operands, struct stage_ctx *t, struct fault *f)
{
	int rc;

	if (tool->input != TOOL_OPERANDS && (tool->runs == NULL || !tool->runs()))
		return filter(tool, n, operands, t, f);
	rc = tool->run(t, n, operands, f);
	if (t->out->len > 0 && rc >= 0)
		fwrite(t->out->data, 1, t->out->len, stdout);
	return rc;
}

static void
configure_report(void)
{
	report.is_strict = common_options.is_strict;
	report.is_quiet = common_options.is_quiet;
	report.max_bad = common_options.max_bad;
	report.quarantine = common_options.quarantine;
	progress_begin(&report.progress, (enum progress_when)common_options.progress);
}

int
tool_main(const struct tool *tool, int argc, char **argv)
{
	struct arena record_arena = { 0 }, run_arena = { 0 };
	struct fault fault = FAULT_NONE;
	struct buf out = { 0 };
	struct counters count = { 0 };
	struct stage_ctx t = { .record_arena = &record_arena,
		.run_arena = &run_arena,
		.out = &out,
		.count = &count,
		.report = &report,
		.name = "" };
	int n, rc = 0;

	signal(SIGPIPE, SIG_DFL);
	report.program = tool->name;
	common_options.progress = (int)progress_default();
	if (!print_view(tool, argc > 1 ? argv[1] : NULL)) {
		n = opt_parse(tool->opts, common_options_table(tool->input != TOOL_OPERANDS), argc,
		    argv, &fault);
		configure_report();
		if (n < 0) {
			rc = -2;
			fprintf(stderr, "%s: %s; try %s --help\n", tool->name, fault.text,
			    tool->name);
			fault_clear(&fault);
		} else if (common_options.wants_help)
			opt_render(stdout, tool, OPT_HELP);
		else if (common_options.wants_version)
			printf("%s %s\n", tool->name, PACKAGE_VERSION);
		else
			rc = run(tool, n, argv + 1, &t, &fault);
	}
	if ((fflush(stdout) != 0 || ferror(stdout)) && rc >= 0)
		rc = fault_sys(&fault, "standard output");
	if (rc < 0 && fault.text[0] != '\0')
		report_say(&report, &fault);
	arena_release(&record_arena);
	arena_release(&run_arena);
	buf_release(&out);
	return rc < 0 ? 2 : rc;
}
