/* temp_file.h - unnamed temporary files, for what does not fit in memory. */

#ifndef ALIGNX_LIB_CORE_TEMP_FILE_H
#define ALIGNX_LIB_CORE_TEMP_FILE_H

#include "lib/core/fault.h"

/* The folder for them: the one given, else $TMPDIR, else /tmp. */
const char *temp_file_folder(const char *given);

/* Opens a file in the folder for reading and writing.  It has no name, so it is gone when it
 * is closed or the program ends.  Returns its descriptor, or -2 with a fault. */
int temp_file_open(const char *folder, struct fault *f);

#endif
