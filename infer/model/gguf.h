/* gguf.h - GGUF files, versions 2 and 3.
 *
 * Everything in one is checked against the bytes that are there before it is
 * used. */

#ifndef ALIGNX_INFER_GGUF_H
#define ALIGNX_INFER_GGUF_H

#include "infer/model/model_file.h"

/* -2 with "FILE: byte N: what is wrong".  For directory_open(). */
int gguf_open(struct directory *d, const char *name, struct arena *a,
    struct fault *f);

#endif
