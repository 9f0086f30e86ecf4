/* opt_render.h - prints what is written down about a program: its help, the SYNOPSIS and
 * OPTIONS of its manual page, its completions. */

#ifndef ALIGNX_LIB_CLI_OPT_RENDER_H
#define ALIGNX_LIB_CLI_OPT_RENDER_H

#include <stdio.h>

#include "lib/cli/tool.h"

enum opt_view {
	OPT_HELP, /* wrapped to the terminal's width, else to 80 columns */
	OPT_MAN_SUMMARY,
	OPT_MAN_SYNOPSIS,
	OPT_MAN_OPTIONS,
	OPT_MAN_PROGRAMS, /* the items of a list of the commands */
	OPT_BASH,
	OPT_ZSH,
	OPT_FISH,
	OPT_WORDS, /* an option with its argument a line */
};

void opt_render(FILE *to, const struct tool *t, enum opt_view view);

#endif
