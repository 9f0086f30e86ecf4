/* opt_each.h - walks over the options that a program has. */

#ifndef ALIGNX_LIB_CLI_OPT_EACH_H
#define ALIGNX_LIB_CLI_OPT_EACH_H

#include <stdio.h>

#include "lib/cli/opt.h"
#include "lib/cli/tool.h"

typedef void opt_each_fn(FILE *to, const struct opt *o);

/* The options of a table, then the common ones that it does not replace. */
void opt_each(FILE *to, const struct tool *t, const struct opt *own, opt_each_fn *fn);

#endif
