/* opt.h - command-line options as a table, and the parser.
 *
 * One table per program is the only place where an option is named.  The parser,
 * --help, the SYNOPSIS and OPTIONS of the manual page and the shell completions
 * are all made from it, so they cannot disagree. */

#ifndef ALIGNX_LIB_CLI_OPT_H
#define ALIGNX_LIB_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/core/fault.h"

enum opt_kind {
	OPT_FLAG,   /* bool *into: set to true */
	OPT_TEXT,   /* const char **into: borrowed from argv */
	OPT_FILE,   /* the same, and completed as a file name */
	OPT_INT,    /* long *into: within [low, high] */
	OPT_SIZE,   /* int64_t *into: bytes, with K, M or G for 2^10, 2^20, 2^30 */
	OPT_REAL,   /* double *into: within [low, high] */
	OPT_CHOICE, /* int *into: index into the words of choice */
	OPT_LIST,   /* struct opt_list *into: may be given again */
};

enum { OPT_LIST_MAX = 64 };

struct opt_list {
	const char *item[OPT_LIST_MAX];
	size_t len;
};

struct opt {
	char letter;      /* 0 if it has none */
	const char *word; /* without dashes; NULL ends the table */
	const char *arg;  /* name of its argument, NULL for a flag; "dir" completes folders */
	enum opt_kind kind;
	void *into;
	const char *help; /* one clause, lower case, no full stop */
	double low, high;
	const char *choice;   /* "first|last|all": the words of OPT_CHOICE; shells offer them
				   for an OPT_TEXT or OPT_FILE too, which takes others as well */
	const char *old_word; /* an older spelling, accepted and listed nowhere; or NULL */
};

/* Parses a command line by two tables, the program's own first, then the common
 * one.  Options and operands may be mixed until "--"; the operands are moved to
 * the front of argv[1...].  Returns their number, or -1. */
int opt_parse(const struct opt *own, const struct opt *common, int argc, char **argv,
    struct fault *f);

#endif
