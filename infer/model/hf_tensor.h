/* hf_tensor.h - converts one tensor of a Hugging Face folder to its GGUF name, shape and
 * layout. */

#ifndef ALIGNX_INFER_MODEL_HF_TENSOR_H
#define ALIGNX_INFER_MODEL_HF_TENSOR_H

#include "infer/model/architecture.h"
#include "infer/model/safetensors.h"

enum hf_tensor_use { HF_TENSOR_UNKNOWN, HF_TENSOR_IGNORED, HF_TENSOR_USED };

/* Translates a name by the table of the architecture.  If it is used, *out (in the
 * arena) and *fixup are set. */
enum hf_tensor_use hf_tensor_name(const struct architecture *arch, const struct text *name,
    struct text *out, enum tensor_fixup *fixup, struct arena *a);

/* Bytes that hf_tensor_convert() will copy. */
uint64_t hf_tensor_copied_bytes(const struct safetensors_entry *e, enum tensor_fixup fixup);

/* Sets type, shape and data: a view, or a converted copy, whose bytes are added to
 * *copied.  heads is used by FIXUP_SPLIT_HEADS.  -2 with a sentence. */
int hf_tensor_convert(const struct safetensors_entry *e, enum tensor_fixup fixup, size_t heads,
    struct model_file_tensor *out, size_t *copied, const char *file, struct arena *a,
    struct fault *f);

#endif
