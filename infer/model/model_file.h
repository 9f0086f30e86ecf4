/* directory.h - what a model consists of: settings and tensors, by the names that
 * GGUF has for them.
 *
 * A GGUF file (infer/model/gguf.h) and a folder of Hugging Face (infer/model/hf_folder.h) are
 * read into the same directory, so that nobody behind it asks which it was.
 * Names, texts and tensors are views into mapped files, or into the arena where
 * a folder's must be arranged anew.  Whatever stands here was checked: lengths,
 * counts, shapes, types and offsets. */

#ifndef ALIGNX_INFER_DIRECTORY_H
#define ALIGNX_INFER_DIRECTORY_H

#include <stdbool.h>

#include "infer/model/mapped_file.h"
#include "infer/tensor/dtype.h"
#include "lib/core/arena.h"

/* How values are packed: the numbers of GGUF. */
enum directory_type { DIRECTORY_U8, DIRECTORY_I8, DIRECTORY_U16, DIRECTORY_I16,
	DIRECTORY_U32, DIRECTORY_I32, DIRECTORY_F32, DIRECTORY_BOOL, DIRECTORY_STRING,
	DIRECTORY_ARRAY, DIRECTORY_U64, DIRECTORY_I64, DIRECTORY_F64, DIRECTORY_TYPES };

enum { DIRECTORY_DIMENSIONS = 4 };

struct directory_text {
	const char *ptr;
	size_t len;
};

/* A key and its value; of an array, the type and number of its members. */
struct directory_key {
	struct directory_text name;
	enum directory_type type;
	uint64_t count;			/* 1 if it is no array */
	bool is_array;
	const unsigned char *data, *end;	/* the packed value */
};

struct directory_tensor {
	struct directory_text name;
	const struct tensor_type *type;
	size_t dimension[DIRECTORY_DIMENSIONS];	/* the first is contiguous; 1 behind the last */
	int dimensions;
	const void *data;
	size_t bytes;
};

struct directory {
	struct mapping *map;		/* the files */
	size_t maps;
	size_t copied;			/* bytes of tensors that were arranged anew */
	bool is_folder;			/* tokenizer.json stands beside the weights */
	struct directory_key *key;
	size_t keys;
	struct directory_tensor *tensor;
	size_t tensors;
};

/* A file or a folder.  -2 with a sentence that says what is wrong where. */
int directory_open(struct directory *d, const char *name, struct arena *a,
    struct fault *f);
void directory_close(struct directory *d);

/* Bytes of all its files. */
size_t directory_bytes(const struct directory *d);

const struct directory_tensor *directory_find(const struct directory *d,
    const char *name);
const struct directory_key *directory_key_of(const struct directory *d,
    const char *name);

/* A key's value: false if it is not there or of another kind.  Numbers of any
 * width are taken; a real that is asked for may be an integer. */
bool directory_natural(const struct directory *d, const char *name, uint64_t *out);
bool directory_real(const struct directory *d, const char *name, double *out);
bool directory_bool(const struct directory *d, const char *name, bool *out);
bool directory_string(const struct directory *d, const char *name,
    struct directory_text *out);

/* Members of an array of numbers (bounds are the caller's), and of one of texts
 * in turn: *at begins as key->data. */
uint64_t directory_natural_at(const struct directory_key *key, uint64_t i);
double directory_real_at(const struct directory_key *key, uint64_t i);
bool directory_next_string(const struct directory_key *key,
    const unsigned char **at, struct directory_text *out);

/* For those who read one: bytes of a type of fixed width (0 for texts and arrays),
 * and a number of n bytes, the least first. */
size_t directory_type_width(enum directory_type type);
uint64_t directory_little_endian(const unsigned char *p, size_t n);

#endif
