/* tool.h - what all programs have in common.
 *
 * A stage is a table of options and up to three functions.  tool_main() reads
 * the command line, opens the operands one after the other (standard input if
 * there are none, or "-"), hands one record at a time to step() and writes its
 * output.  Only tool_main() prints faults and chooses the exit status:
 *
 *	0	all records were handled
 *	1	done, but records were refused (each one reported), or the
 *		answer is no (is_negative_answer was set)
 *	2	the program could not do its work
 *
 * A step that returns -1 refuses its record, which is reported as
 * "program: file:line:byte: sentence", written to the --quarantine file,
 * counted and skipped, unless --strict or --max-bad says to stop.  -2 stops. */

#ifndef ALIGNX_LIB_CLI_TOOL_H
#define ALIGNX_LIB_CLI_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/arena.h"
#include "lib/core/buf.h"
#include "lib/core/counters.h"
#include "lib/core/fault.h"
#include "lib/cli/opt.h"
#include "lib/io/reader.h"

struct report;

/* The current record, and what a step may write to.  item and record_arena are gone
 * when step() returns. */
struct stage_ctx {
	struct arena *record_arena; /* emptied before the next record */
	struct arena *run_arena;    /* kept until the program ends */
	const char *name;           /* of the file or archive member of the item; a view */
	struct reader_item item;
	struct buf *out;         /* data appended here goes to the output */
	struct counters *count;  /* for --stats */
	bool is_negative_answer; /* set it to end with 1 although nothing was refused */
	bool has_result;         /* set it if the result is elsewhere than in out, or a verdict */
	struct report *report;
};

enum tool_input {
	TOOL_FOREIGN,  /* JSON lines, a JSON array or msgpack, whichever it is */
	TOOL_LINES,    /* lines of text, whatever they contain */
	TOOL_MESSAGES, /* msgpack from another program; JSON is refused with the cure */
	TOOL_OPERANDS, /* run() gets the operands; nothing is read */
};

enum tool_output {
	TOOL_TEXT,   /* may go to a terminal */
	TOOL_BINARY, /* refused on a terminal, with the cure */
};

/* A word that may come first and decides which options there are. */
struct tool_command {
	const char *name, *summary;
	const struct opt *opts; /* NULL: it is the program TOOL-NAME and has its own */
};

struct tool {
	const char *name;                    /* "alignx-dedup" */
	const char *summary;                 /* one line, lower case, no full stop */
	const char *operands;                /* "[file ...]" */
	const struct opt *opts;              /* of all commands, until one is chosen */
	const struct tool_command *commands; /* for --help and completion; ends with one
						   without a name; NULL: there are none */
	enum tool_input input;
	bool (*reads_lines)(void); /* is foreign input lines of text?  NULL: never */
	enum tool_output output;
	reader_check_fn *check; /* of each file that is read; NULL: none */
	int (*begin)(struct stage_ctx *t, struct fault *f); /* options are parsed; may be
						   NULL; 1: all is done, read nothing */
	int (*step)(struct stage_ctx *t, struct fault *f);
	int (*end)(struct stage_ctx *t, struct fault *f); /* all is read; may be NULL */
	/* instead of these three, for TOOL_OPERANDS and where runs() says so; NULL: never */
	bool (*runs)(void);
	int (*run)(struct stage_ctx *t, int n, char **operands, struct fault *f);
};

int tool_main(const struct tool *tool, int argc, char **argv);

/* For steps that hold back output: tool_flush() writes t->out if it is large, and
 * tool_write() writes it and then the data, which is not copied. */
int tool_flush(struct stage_ctx *t, struct fault *f);
int tool_write(struct stage_ctx *t, const void *data, size_t len, struct fault *f);

/* For steps that refuse a record after a later one was read.  -2 if it is time to stop. */
int tool_refuse(struct stage_ctx *t, const char *name, const struct reader_item *item,
    struct fault *f);

bool tool_has_file(void);    /* was an output file named? */
const char *tool_file(void); /* its name; NULL for standard output */

/* Would msgpack go to a terminal?  Sets the fault, with the cure (NULL: alignx-cat or -o). */
bool tool_refuses_terminal(const char *cure, struct fault *f);

#endif
