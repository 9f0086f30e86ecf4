/* folder_lock.h - output folders: made, and for one run at a time. */

#ifndef ALIGNX_LIB_IO_FOLDER_LOCK_H
#define ALIGNX_LIB_IO_FOLDER_LOCK_H

#include "lib/core/fault.h"

/* mkdir -p; -2 with a fault. */
int make_folders(const char *path, struct fault *f);

/* Locks a folder until this process, and those that it starts, have ended.  -2 with a fault if
 * another run still has it after so many seconds: what a killed run has started may be ending. */
int folder_lock(const char *folder, unsigned seconds, struct fault *f);

#endif
