/* gguf.h - reads GGUF files, versions 2 and 3.
 *
 * Format: the GGUF specification (github.com/ggml-org/ggml, docs/gguf.md): a header
 * with counts, metadata keys with typed values, tensor infos (name, shape, type,
 * offset), then the aligned tensor data; all numbers are little-endian. */

#ifndef ALIGNX_INFER_MODEL_GGUF_H
#define ALIGNX_INFER_MODEL_GGUF_H

#include "infer/model/model_file.h"

/* -2 with "FILE: byte N: what is wrong".  For model_file_open(). */
int gguf_open(struct model_file *mf, const char *name, struct arena *a, struct fault *f);

#endif
