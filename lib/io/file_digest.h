/* file_digest.h - SHA-256 of a file, as sha256sum(1) prints it, and its size. */

#ifndef ALIGNX_LIB_IO_FILE_DIGEST_H
#define ALIGNX_LIB_IO_FILE_DIGEST_H

#include <stdint.h>

#include "lib/core/fault.h"

enum { FILE_DIGEST_LEN = 64 };

/* -2 with a fault. */
int file_digest(const char *path, char hex[FILE_DIGEST_LEN + 1], uint64_t *size, struct fault *f);

#endif
