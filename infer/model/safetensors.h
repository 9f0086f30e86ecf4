/* safetensors.h - reads the header of a safetensors file.
 *
 * Format: huggingface.co/docs/safetensors: 8 bytes with the length of the header, the
 * header (a JSON map from names to dtype, shape and data_offsets), then the tensors'
 * bytes.  As the format demands, the tensors must cover these bytes without holes or
 * overlaps; everything is checked. */

#ifndef ALIGNX_INFER_MODEL_SAFETENSORS_H
#define ALIGNX_INFER_MODEL_SAFETENSORS_H

#include "infer/model/model_file.h"
#include "lib/core/buf.h"

struct safetensors_entry {
	struct text name, type_name;       /* in the arena */
	const struct dtype *type;          /* NULL if it is not supported */
	size_t dimension[MODEL_FILE_DIMS]; /* as in the file: the last is contiguous */
	int dimensions;                    /* 0: a single number */
	const unsigned char *data;         /* in the mapped file; may be misaligned */
	size_t begin, end;                 /* data_offsets */
};

/* Fills an empty buffer with the entries, in the order of their offsets; -2 with a
 * sentence. */
int safetensors_read(const struct mapped_file *map, const char *name, struct arena *a,
    struct buf *entries, struct fault *f);

#endif
