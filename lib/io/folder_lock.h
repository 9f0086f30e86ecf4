/* folder_lock.h - one run at a time in an output folder. */

#ifndef ALIGNX_LIB_IO_FOLDER_LOCK_H
#define ALIGNX_LIB_IO_FOLDER_LOCK_H

#include "lib/core/fault.h"

/* Locks a folder until this process, and those that it starts, have ended.  -2 with a fault if
 * another run has it. */
int folder_lock(const char *folder, struct fault *f);

#endif
