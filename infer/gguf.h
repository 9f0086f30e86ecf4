/* gguf.h - the directory of a GGUF file, versions 2 and 3.
 *
 * Everything in it is checked against the bytes that are there before it is
 * used: lengths, counts, shapes, types, offsets.  Names, texts and tensors are
 * views into the mapped file. */

#ifndef ALIGNX_INFER_GGUF_H
#define ALIGNX_INFER_GGUF_H

#include <stdbool.h>

#include "infer/mapping.h"
#include "infer/type.h"
#include "lib/arena.h"

enum gguf_type { GGUF_U8, GGUF_I8, GGUF_U16, GGUF_I16, GGUF_U32, GGUF_I32,
	GGUF_F32, GGUF_BOOL, GGUF_STRING, GGUF_ARRAY, GGUF_U64, GGUF_I64, GGUF_F64,
	GGUF_TYPES };

enum { GGUF_DIMENSIONS = 4 };

struct gguf_text {
	const char *ptr;
	size_t len;
};

/* A key and its value; of an array, the type and number of its members. */
struct gguf_key {
	struct gguf_text name;
	enum gguf_type type;
	uint64_t count;			/* 1 if it is no array */
	bool is_array;
	const unsigned char *data, *end;	/* the packed value */
};

struct gguf_tensor {
	struct gguf_text name;
	const struct tensor_type *type;
	size_t dimension[GGUF_DIMENSIONS];	/* the first is contiguous; 1 behind the last */
	int dimensions;
	const void *data;
	size_t bytes;
};

struct gguf {
	struct mapping map;
	uint32_t version;
	struct gguf_key *key;
	size_t keys;
	struct gguf_tensor *tensor;
	size_t tensors;
};

/* -2 with "FILE: byte N: what is wrong". */
int gguf_open(struct gguf *g, const char *name, struct arena *a, struct fault *f);
void gguf_close(struct gguf *g);

const struct gguf_tensor *gguf_find(const struct gguf *g, const char *name);
const struct gguf_key *gguf_key_of(const struct gguf *g, const char *name);

/* A key's value: false if it is not there or of another kind.  Numbers of any
 * width are taken; a real that is asked for may be an integer. */
bool gguf_natural(const struct gguf *g, const char *name, uint64_t *out);
bool gguf_real(const struct gguf *g, const char *name, double *out);
bool gguf_bool(const struct gguf *g, const char *name, bool *out);
bool gguf_string(const struct gguf *g, const char *name, struct gguf_text *out);

/* Members of an array of numbers (bounds are the caller's), and of one of texts
 * in turn: *at begins as key->data. */
uint64_t gguf_natural_at(const struct gguf_key *key, uint64_t i);
double gguf_real_at(const struct gguf_key *key, uint64_t i);
bool gguf_next_string(const struct gguf_key *key, const unsigned char **at,
    struct gguf_text *out);

#endif
