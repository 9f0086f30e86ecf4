/* model_loader.h - a model while it is read from its file: hyperparameters and tensors,
 * with a sentence for what is missing or wrong.  For the model*.c files of this folder. */

#ifndef ALIGNX_INFER_MODEL_MODEL_LOADER_H
#define ALIGNX_INFER_MODEL_MODEL_LOADER_H

#include "infer/model/model.h"

enum {
	LOADER_LAYERS_MAX = 4096,
	LOADER_WIDTH_MAX = 1 << 20,
	LOADER_CONTEXT_MAX = 1 << 24,
	LOADER_VOCAB_MAX = 1 << 24
};

struct model_loader {
	struct model *m;
	struct arena *arena;
	const char *file;
	struct fault *fault;
};

/* Values of keys, which are named without the architecture in front: false (or the
 * default) if the key is missing or has another type. */
double loader_double_or(const struct model_loader *ld, const char *key, double otherwise);
bool loader_string(const struct model_loader *ld, const char *key, struct text *out);
bool loader_bool(const struct model_loader *ld, const char *key);

/* A size from 1 to max: required, or with a default where the key is missing or 0, or
 * required for one layer, from a list or one number for all.  -2. */
int loader_require(const struct model_loader *ld, const char *key, uint64_t max, size_t *out);
int loader_get_or(const struct model_loader *ld, const char *key, uint64_t max, size_t otherwise,
    size_t *out);
int loader_require_per_layer(const struct model_loader *ld, const char *key, size_t layer,
    size_t *out);

/* One of a list of truth values for each layer; `otherwise` if there is no list. */
bool loader_bool_of_layer(const struct model_loader *ld, const char *key, size_t layer,
    bool otherwise);

/* A tensor by its name, which counts as used from then on, or NULL; or that named
 * blk.LAYER.PART.SUFFIX. */
const struct model_file_tensor *loader_find(const struct model_loader *ld, const char *name);
const struct model_file_tensor *loader_tensor(const struct model_loader *ld, size_t layer,
    const char *part, const char *suffix);

/* A tensor as a matrix of rows x columns, or as len floats; empty if t is NULL.  -2 if
 * it has another shape. */
int loader_matrix(const struct model_loader *ld, const struct model_file_tensor *t, size_t columns,
    size_t rows, struct weight *out);
int loader_vector(const struct model_loader *ld, const struct model_file_tensor *t, size_t len,
    const float **out);

/* -2: blk.LAYER.PART.SUFFIX is missing, by the name that a folder has for it. */
int loader_missing(const struct model_loader *ld, size_t layer, const char *part,
    const char *suffix);

/* model_tensors.c: -2 if a layer lacks a tensor that its architecture requires; if nothing has
 * used a tensor of the file, so that the model is not what it says. */
int model_tensors_check_required(const struct model_loader *ld);
int model_tensors_check_used(const struct model_loader *ld);

/* model_rope.c: position encoding: rotary frequencies, ALiBi slopes.  -2. */
int model_rope_read(const struct model_loader *ld);

#endif
