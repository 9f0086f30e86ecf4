/* json_diagnose.h - finds why a text is not JSON.
 *
 * simdjson only reports that it is not; this slow parser finds the first byte at fault and
 * says what was expected there.  It runs on refused documents alone. */

#ifndef ALIGNX_LIB_JSON_JSON_DIAGNOSE_H
#define ALIGNX_LIB_JSON_JSON_DIAGNOSE_H

#include <stddef.h>

#include "lib/core/fault.h"

/* -1 with the first byte at fault (codes bad-json, bad-utf8, too-deep); 0 if the text is a
 * JSON document. */
int json_diagnose(const char *text, size_t len, struct fault *f);

#endif
