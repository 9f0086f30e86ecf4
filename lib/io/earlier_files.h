/* earlier_files.h - output folders that hold files of an earlier run, which would mix with
 * those of this one. */

#ifndef ALIGNX_LIB_IO_EARLIER_FILES_H
#define ALIGNX_LIB_IO_EARLIER_FILES_H

#include "lib/core/fault.h"

/* -2 with the cure if a folder has a file whose name matches a pattern of fnmatch(3).  A folder
 * that does not exist has none. */
int earlier_files_refuse(const char *folder, const char *pattern, struct fault *f);

#endif
