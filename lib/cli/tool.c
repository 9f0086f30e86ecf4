#include "config.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/json/json_write.h"
#include "lib/cli/report.h"
#include "lib/io/sink.h"
#include "lib/cli/tool.h"

enum { FLUSH_AT = 256 * 1024 };

static struct {
	bool help, version;
	const char *output, *stats;
	int progress;
	long window;
	int64_t max_bytes;
} asked = { .window = 31, .max_bytes = 16 << 20 };

static struct report report;
static struct sink *sink;

static const struct opt common_plain[] = {
	{ 'h', "help", NULL, OPT_FLAG, &asked.help,
	    "print this help and exit", 0, 0, NULL },
	{ 'V', "version", NULL, OPT_FLAG, &asked.version,
	    "print the version and exit", 0, 0, NULL },
	{ 0 },
};

static const struct opt common_filter[] = {
	{ 'o', "output", "file", OPT_FILE, &asked.output,
	    "write to file, which gets its name only when it is whole; a name "
	    "that ends in .zst is compressed", 0, 0, NULL },
	{ 0, "strict", NULL, OPT_FLAG, &report.is_strict,
	    "stop at the first record that is refused, with status 2", 0, 0,
	    NULL },
	{ 0, "max-bad", "n|p%", OPT_TEXT, &report.max_bad,
	    "stop with status 2 when more than n records, or p per cent of "
	    "them, are refused", 0, 0, NULL },
	{ 0, "quarantine", "file", OPT_FILE, &report.quarantine,
	    "keep refused records in file, as JSON lines with place and reason",
	    0, 0, NULL },
	{ 0, "max-bytes", "size", OPT_SIZE, &asked.max_bytes,
	    "refuse records longer than size (default 16M)", 64, 1 << 30,
	    NULL },
	{ 0, "zstd-window", "log", OPT_INT, &asked.window,
	    "allow zstd windows of up to 2^log bytes (default 31)", 10, 31,
	    NULL },
	{ 0, "stats", "file", OPT_FILE, &asked.stats,
	    "write the counts at the end to file, as JSON", 0, 0, NULL },
	{ 0, "progress", "when", OPT_CHOICE, &asked.progress,
	    "show progress on standard error: auto (on a terminal), always or "
	    "never", 0, 0, "auto|always|never" },
	{ 'q', "quiet", NULL, OPT_FLAG, &report.is_quiet,
	    "do not print a line for each refused record", 0, 0, NULL },
	{ 'h', "help", NULL, OPT_FLAG, &asked.help,
	    "print this help and exit", 0, 0, NULL },
	{ 'V', "version", NULL, OPT_FLAG, &asked.version,
	    "print the version and exit", 0, 0, NULL },
	{ 0 },
};

const struct opt *
tool_common(const struct tool *tool)
{
	return tool->input == TOOL_OPERANDS ? common_plain : common_filter;
}

static const struct {
	const char *word;
	enum opt_view view;
} views[] = {
	{ "--self=synopsis", OPT_MDOC_SYNOPSIS },
	{ "--self=options", OPT_MDOC_OPTIONS },
	{ "--self=bash", OPT_BASH },
	{ "--self=zsh", OPT_ZSH },
	{ "--self=fish", OPT_FISH },
	{ "--self=words", OPT_WORDS },
};

/* What a program tells the build about itself; false if it was not asked. */
static bool
about(const struct tool *tool, const char *arg)
{
	if (arg == NULL)
		return false;
	if (strcmp(arg, "--self=gist") == 0) {
		printf("%s\n", tool->gist);
		return true;
	}
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		if (strcmp(arg, views[i].word) == 0) {
			opt_print(stdout, tool, views[i].view);
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
tool_flush(struct turn *t, struct fault *f)
{
	return t->out->len >= FLUSH_AT ? flush(t->out, f) : 0;
}

int
tool_write(struct turn *t, const void *data, size_t len, struct fault *f)
{
	int rc = flush(t->out, f);

	return rc < 0 ? rc : sink_write(sink, data, len, f);
}

bool
tool_has_file(void)
{
	return asked.output != NULL;
}

const char *
tool_file(void)
{
	return asked.output;
}

int
tool_refuse(struct turn *t, const char *name, const struct reader_item *item,
    struct fault *f)
{
	return report_refused(t->report, name, item, f);
}

static int
check_form(const struct tool *tool, const struct reader_item *item,
    struct fault *f)
{
	if (tool->input != TOOL_NOUNS || item->form == READER_PACK)
		return 0;
	return fault_stop(f, "%s wants msgpack from another program, and this "
	    "is text; for JSON lines, run alignx-cat --to msgpack first",
	    tool->name);
}

static int
read_member_items(const struct tool *tool, struct reader *r, struct turn *t,
    struct fault *f)
{
	int rc, again;

	while ((again = reader_next(r, &t->item, f)) != 0) {
		report.taken++;
		t->name = reader_name(r);
		progress_show(&report.progress, report.taken, reader_taken(r),
		    reader_size(r));
		if (again == 1) {
			arena_empty(t->brief);
			if ((rc = check_form(tool, &t->item, f)) < 0
			    || (rc = tool->step(t, f)) == -2)
				return rc;
			if (rc == 0 && tool_flush(t, f) < 0)
				return -2;
			if (rc == 0)
				continue;
		}
		if (again == -2)	/* what was whole is handled; tell where it broke */
			f->code = "broken-input";
		if (report_refused(&report, t->name, &t->item, f) < 0)
			return -2;
	}
	return 0;
}

/* An operand that cannot be opened is reported, and the others are read. */
static int
read_operand(const struct tool *tool, struct reader *r, const char *name,
    struct turn *t, bool *is_missed, struct fault *f)
{
	int rc;

	if (reader_open(r, name, (int)asked.window, f) < 0) {
		if (report.is_strict)
			return -2;
		report_say(&report, f);
		fault_clear(f);
		*is_missed = true;
		return 0;
	}
	rc = read_member_items(tool, r, t, f);
	reader_close(r);
	return rc;
}

static int
read_all(const struct tool *tool, int n, char **operands, struct turn *t,
    struct fault *f)
{
	bool is_lines = tool->input == TOOL_LINES
	    || (tool->reads_lines != NULL && tool->reads_lines());
	struct reader *r = reader_new(is_lines ? READER_LINES : READER_AUTO,
	    (size_t)asked.max_bytes);
	bool is_missed = false;
	int rc = tool->begin != NULL ? tool->begin(t, f) : 0;

	if (rc == 0 && n == 0)
		rc = read_operand(tool, r, "-", t, &is_missed, f);
	for (int i = 0; rc == 0 && i < n; i++)
		rc = read_operand(tool, r, operands[i], t, &is_missed, f);
	reader_free(r);
	if (rc == 0 && tool->end != NULL)
		rc = tool->end(t, f);
	if (rc >= 0)
		rc = flush(t->out, f);
	return rc < 0 ? -2 : is_missed ? 2 : 0;
}

static int
write_stats(const struct tool *tool, const struct turn *t, struct fault *f)
{
	struct buf b = { 0 };
	struct sink *s = sink_open(asked.stats, f);
	int rc = -2;

	buf_printf(&b, "{\"program\":\"%s\",\"version\":\"%s\",\"records\":%"
	    PRIu64 ",\"bytes_out\":%" PRIu64 ",\"seconds\":%.3f,\"refused\":",
	    tool->name, PACKAGE_VERSION, report.taken, sink_bytes(sink),
	    progress_seconds(&report.progress));
	json_put_counts(&b, &report.refused);
	buf_add_str(&b, ",\"counts\":");
	json_put_counts(&b, t->count);
	buf_add_str(&b, "}\n");
	if (s != NULL && (rc = sink_write(s, b.data, b.len, f)) == 0)
		rc = sink_close(s, f);
	else
		sink_abandon(s);
	buf_release(&b);
	return rc;
}

static int
filter(const struct tool *tool, int n, char **operands, struct turn *t,
    struct fault *f)
{
	int rc;

	if (tool->output == TOOL_BINARY && asked.output == NULL
	    && isatty(STDOUT_FILENO))
		return fault_stop(f, "msgpack is not written to a terminal; "
		    "pipe it into alignx-cat, or name a file with -o");
	if (report_begin(&report, f) < 0
	    || (sink = sink_open(asked.output, f)) == NULL)
		return -2;
	rc = read_all(tool, n, operands, t, f);
	if (report_end(&report, f) < 0)
		rc = -2;
	if (rc == 0 && asked.stats != NULL && write_stats(tool, t, f) < 0)
		rc = -2;
	if (rc != 0) {	/* a named output is all there or not at all */
		sink_abandon(sink);
		return rc;
	}
	if (sink_close(sink, f) < 0)
		return -2;
	return count_total(&report.refused) > 0 || t->no;
}

static int
run(const struct tool *tool, int n, char **operands, struct turn *t,
    struct fault *f)
{
	int rc;

	if (tool->input != TOOL_OPERANDS)
		return filter(tool, n, operands, t, f);
	rc = tool->run(t, n, operands, f);
	if (t->out->len > 0 && rc >= 0)
		fwrite(t->out->data, 1, t->out->len, stdout);
	return rc;
}

int
tool_main(const struct tool *tool, int argc, char **argv)
{
	struct arena brief = { 0 }, life = { 0 };
	struct fault fault = FAULT_NONE;
	struct buf out = { 0 };
	struct count count = { 0 };
	struct turn t = { .brief = &brief, .life = &life, .out = &out,
		.count = &count, .report = &report, .name = "" };
	int n, rc = 0;

	signal(SIGPIPE, SIG_DFL);
	report.program = tool->name;
	if (!about(tool, argc > 1 ? argv[1] : NULL)) {
		n = opt_parse(tool->opts, tool_common(tool), argc, argv, &fault);
		progress_begin(&report.progress, (enum progress_when)asked.progress);
		if (n < 0) {
			rc = -2;
			fprintf(stderr, "%s: %s; try %s --help\n", tool->name,
			    fault.text, tool->name);
			fault_clear(&fault);
		} else if (asked.help)
			opt_print(stdout, tool, OPT_HELP);
		else if (asked.version)
			printf("%s %s\n", tool->name, PACKAGE_VERSION);
		else
			rc = run(tool, n, argv + 1, &t, &fault);
	}
	if ((fflush(stdout) != 0 || ferror(stdout)) && rc >= 0)
		rc = fault_sys(&fault, "standard output");
	if (rc < 0 && fault.text[0] != '\0')
		report_say(&report, &fault);
	arena_release(&brief);
	arena_release(&life);
	buf_release(&out);
	return rc < 0 ? 2 : rc;
}
