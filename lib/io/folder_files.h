/* folder_files.h - the message files in a folder. */

#ifndef ALIGNX_LIB_IO_FOLDER_FILES_H
#define ALIGNX_LIB_IO_FOLDER_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/core/arena.h"
#include "lib/core/fault.h"

/* Is it a folder, or a link to one? */
bool is_folder(const char *path);

/* The files *.msgpack and *.msgpack.zst in a folder and its subfolders, in byte order; hidden
 * folders are passed over.  NULL with a fault, also if there are none. */
const char **folder_files(const char *folder, struct arena *a, size_t *n, struct fault *f);

#endif
