/* opt_face.h - for the files that print faces of an option table. */

#ifndef ALIGNX_LIB_OPT_FACE_H
#define ALIGNX_LIB_OPT_FACE_H

#include "lib/cli/opt.h"
#include "lib/cli/tool.h"

typedef void opt_face_fn(FILE *to, const struct opt *o);

/* The options of a table, then the common ones that it does not replace. */
void opt_face_each(FILE *to, const struct tool *t, const struct opt *own,
    opt_face_fn *fn);

/* For bash, zsh or fish. */
void opt_face_completion(FILE *to, const struct tool *t, enum opt_view view);

#endif
