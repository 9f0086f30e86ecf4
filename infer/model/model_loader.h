/* opening.h - a model while it is read from its directory: sizes and tensors, with
 * a sentence for what is missing or wrong.  For infer/model*.c. */

#ifndef ALIGNX_INFER_OPENING_H
#define ALIGNX_INFER_OPENING_H

#include "infer/model/model.h"

enum { OPENING_LAYERS_MAX = 4096, OPENING_WIDTH_MAX = 1 << 20,
	OPENING_CONTEXT_MAX = 1 << 24, OPENING_VOCABULARY_MAX = 1 << 24 };

struct opening {
	struct model *m;
	struct arena *arena;
	const char *file;
	struct fault *fault;
};

/* Keys are named without the architecture before them. */
bool opening_natural(const struct opening *o, const char *key, uint64_t *out);
double opening_real_or(const struct opening *o, const char *key, double other);
bool opening_text(const struct opening *o, const char *key,
    struct directory_text *out);
bool opening_bool(const struct opening *o, const char *key);	/* false if not there */

/* A size that must be there, from 1 to most; or a default where the key is not
 * there (or 0); or a number for all layers, or one for each.  -2. */
int opening_need(const struct opening *o, const char *key, uint64_t most,
    size_t *out);
int opening_want(const struct opening *o, const char *key, uint64_t most,
    size_t other, size_t *out);
int opening_need_each(const struct opening *o, const char *key, size_t layer,
    size_t *out);

/* blk.LAYER.PART.WHAT; NULL. */
const struct directory_tensor *opening_tensor(const struct opening *o,
    size_t layer, const char *part, const char *what);

/* A tensor as a matrix, or as floats, if it is there (t is not NULL).  -2 if it
 * has another shape. */
int opening_matrix(const struct opening *o, const struct directory_tensor *t,
    size_t columns, size_t rows, struct weight *out);
int opening_vector(const struct opening *o, const struct directory_tensor *t,
    size_t len, const float **out);

/* -2: blk.LAYER.PART.weight is missing, under the name that the folder has for it. */
int opening_missing(const struct opening *o, size_t layer, const char *part);

/* How the model knows positions: rotary frequencies, slopes.  -2. */
int model_positions_read(const struct opening *o);

#endif
