/* msgpack_check.h - checks one whole msgpack object, for msgpack.c. */

#ifndef ALIGNX_LIB_MSGPACK_MSGPACK_CHECK_H
#define ALIGNX_LIB_MSGPACK_MSGPACK_CHECK_H

#include <stddef.h>

#include "lib/core/fault.h"

/* Are the bytes one whole object with texts in UTF-8?  0, or -1 with a fault and its byte. */
int msgpack_check(const void *p, size_t len, struct fault *f);

#endif
