/* json_fault.h - why a text is not JSON, in a sentence with a place.
 *
 * The fast reader only says that it is not; this slow one says why, and runs
 * on nothing but refused documents. */

#ifndef ALIGNX_LIB_JSON_FAULT_H
#define ALIGNX_LIB_JSON_FAULT_H

#include <stddef.h>

#include "lib/core/fault.h"

/* -1 with the first byte at fault (codes bad-json, bad-utf8, too-deep); 0 if
 * the text is a JSON document. */
int json_fault(const char *text, size_t len, struct fault *f);

#endif
