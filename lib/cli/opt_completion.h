/* opt_completion.h - completion scripts for bash, zsh and fish. */

#ifndef ALIGNX_LIB_CLI_OPT_COMPLETION_H
#define ALIGNX_LIB_CLI_OPT_COMPLETION_H

#include <stdio.h>

#include "lib/cli/tool.h"

void opt_completion_bash(FILE *to, const struct tool *t);
void opt_completion_zsh(FILE *to, const struct tool *t);
void opt_completion_fish(FILE *to, const struct tool *t);

#endif
