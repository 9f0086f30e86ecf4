/* model_file.h - the contents of a model file: metadata and tensors, under the names
 * that the GGUF specification gives them ("llama.block_count", "blk.0.attn_q.weight").
 *
 * A GGUF file (gguf.h) and a Hugging Face folder (hf_folder.h) are both read into a
 * struct model_file, so that no later code asks which it was; open_model_file.h opens
 * either.  Names, strings and tensors are views into mapped files, or into the arena
 * where the tensors of a folder had to be converted.  Lengths, counts, shapes, types
 * and offsets are checked when a file is opened. */

#ifndef ALIGNX_INFER_MODEL_MODEL_FILE_H
#define ALIGNX_INFER_MODEL_MODEL_FILE_H

#include <stdbool.h>

#include "infer/model/mapped_file.h"
#include "infer/tensor/dtype.h"
#include "lib/core/arena.h"
#include "lib/core/hash_index.h"
#include "lib/core/text.h"

/* Types of metadata values, numbered as in GGUF (gguf_metadata_value_type). */
enum model_file_type {
	MODEL_FILE_U8,
	MODEL_FILE_I8,
	MODEL_FILE_U16,
	MODEL_FILE_I16,
	MODEL_FILE_U32,
	MODEL_FILE_I32,
	MODEL_FILE_F32,
	MODEL_FILE_BOOL,
	MODEL_FILE_STRING,
	MODEL_FILE_ARRAY,
	MODEL_FILE_U64,
	MODEL_FILE_I64,
	MODEL_FILE_F64,
	MODEL_FILE_TYPES
};

enum { MODEL_FILE_DIMS = 4 };

/* A metadata key with its value; for an array, type and count are those of its elements. */
struct model_file_key {
	struct text name;
	enum model_file_type type;
	uint64_t count; /* 1 unless it is an array */
	bool is_array;
	const unsigned char *data, *end; /* the value, packed as in GGUF */
};

struct model_file_tensor {
	struct text name;
	const struct dtype *type;
	size_t dimension[MODEL_FILE_DIMS]; /* the first is contiguous; the unused are 1 */
	int dimensions;
	const void *data;
	size_t bytes;
	bool is_used; /* by the model that is read from the file */
};

struct model_file {
	struct mapped_file *map;
	size_t maps;
	size_t copied;  /* bytes of tensors that were converted */
	bool is_folder; /* the tokenizer is in files of its own */
	struct model_file_key *key;
	size_t keys;
	struct model_file_tensor *tensor;
	size_t tensors;
	struct hash_index key_by_name, tensor_by_name;
};

/* Bytes of all mapped files. */
size_t model_file_bytes(const struct model_file *mf);

/* NULL if there is none of this name. */
const struct model_file_tensor *model_file_find_tensor(const struct model_file *mf,
    const char *name);
const struct model_file_key *model_file_find_key(const struct model_file *mf, const char *name);

/* The value of a key; false if it is missing or has another kind of type.  Integers
 * of any width will do, and an integer will do for a double. */
bool model_file_uint(const struct model_file *mf, const char *name, uint64_t *out);
bool model_file_double(const struct model_file *mf, const char *name, double *out);
bool model_file_bool(const struct model_file *mf, const char *name, bool *out);
bool model_file_string(const struct model_file *mf, const char *name, struct text *out);

/* Element i < key->count of an array of numbers. */
uint64_t model_file_uint_at(const struct model_file_key *key, uint64_t i);
double model_file_double_at(const struct model_file_key *key, uint64_t i);

/* The next element of an array of strings; *at starts as key->data. */
bool model_file_next_string(const struct model_file_key *key, const unsigned char **at,
    struct text *out);

/* For readers of files: make the last key, or all tensors, known by name.  Of keys with one
 * name the first counts; -2 if two tensors have one, with the file's name in the sentence. */
void model_file_index_key(struct model_file *mf);
int model_file_index_tensors(struct model_file *mf, const char *file, struct fault *f);

/* For readers of files: bytes of a value of this type (0 for strings and arrays), and
 * the little-endian number in n bytes. */
size_t model_file_type_size(enum model_file_type type);
uint64_t model_file_little_endian(const unsigned char *p, size_t n);

#endif
