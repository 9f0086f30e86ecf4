/* temporary.h - files without a name, for what does not fit in memory. */

#ifndef ALIGNX_LIB_TEMPORARY_H
#define ALIGNX_LIB_TEMPORARY_H

#include "lib/core/fault.h"

/* The folder for them: the one given, else $TMPDIR, else /tmp. */
const char *temporary_folder(const char *given);

/* A file in the folder, to read and write, which is gone when it is closed or
 * the program ends in whatever way.  Its descriptor, or -2. */
int temporary_open(const char *folder, struct fault *f);

#endif
