/* safetensors.h - the directory of a safetensors file: a length, a map in JSON,
 * then the tensors' bytes.
 *
 * Everything in it is checked against the bytes that are there before it is
 * used: the tensors must cover the file from one end to the other without
 * holes or overlaps, as the format demands. */

#ifndef ALIGNX_INFER_SAFETENSORS_H
#define ALIGNX_INFER_SAFETENSORS_H

#include "infer/model/model_file.h"
#include "lib/core/buf.h"

/* A tensor as the file has it: the last dimension is contiguous. */
struct safetensors_entry {
	struct directory_text name, type_name;	/* in the arena */
	const struct tensor_type *type;	/* NULL: none that can be read */
	size_t dimension[DIRECTORY_DIMENSIONS];
	int dimensions;			/* 0: a single number */
	const unsigned char *data;	/* in the map; not aligned */
	size_t begin, end;		/* behind the directory */
};

/* Fills an empty buffer with the entries of a mapped file, in the order of their
 * bytes; -2 with a sentence. */
int safetensors_read(const struct mapping *map, const char *name,
    struct arena *a, struct buf *entries, struct fault *f);

#endif
