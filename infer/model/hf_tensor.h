/* folder_tensor.h - one tensor of a Hugging Face folder as GGUF has it. */

#ifndef ALIGNX_INFER_FOLDER_TENSOR_H
#define ALIGNX_INFER_FOLDER_TENSOR_H

#include "infer/model/architecture.h"
#include "infer/model/safetensors.h"

enum folder_name { FOLDER_NAME_UNKNOWN, FOLDER_NAME_UNUSED, FOLDER_NAME_USED };

/* Translates a tensor's name.  *out is in the arena. */
enum folder_name folder_tensor_name(const struct architecture *arch,
    const struct directory_text *name, struct directory_text *out,
    enum arrangement *how, struct arena *a);

/* Bytes that folder_tensor_arrange() will copy. */
uint64_t folder_tensor_copies(const struct safetensors_entry *e, enum arrangement how);

/* Shape and data under the new name: a view, or a copy where it must be arranged
 * anew, whose bytes are added to *copied.  -2 with a sentence. */
int folder_tensor_arrange(const struct safetensors_entry *e,
    enum arrangement how, size_t heads, struct directory_tensor *out,
    size_t *copied, const char *file, struct arena *a, struct fault *f);

#endif
