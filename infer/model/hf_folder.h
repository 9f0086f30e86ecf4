/* hf_folder.h - models as Hugging Face Transformers saves them: a folder with
 * config.json and the tensors in model.safetensors, or in shards that
 * model.safetensors.index.json lists in its weight_map.
 *
 * The folder is read into a struct model_file with the names, shapes and layouts of
 * GGUF.  One thing differs: q and k keep the rotary layout of Hugging Face (a head's
 * two halves are a pair), which GGUF files permute for Llama.  Tensors are views into
 * mapped files, except for those that must be converted (enum tensor_fixup) or begin
 * at a misaligned byte. */

#ifndef ALIGNX_INFER_MODEL_HF_FOLDER_H
#define ALIGNX_INFER_MODEL_HF_FOLDER_H

#include "infer/model/architecture.h"
#include "infer/model/model_file.h"
#include "lib/json/json.h"

/* -2 with a sentence that names the file.  For model_file_open(). */
int hf_folder_open(struct model_file *mf, const char *name, struct arena *a, struct fault *f);

/* The path of a file in the folder, and whether the file exists. */
const char *hf_folder_path(const char *folder, const char *file, struct arena *a);
bool hf_folder_has(const char *folder, const char *file, struct arena *a);

/* Parses a file of the folder; *path gets its path, in the arena.  A missing file gives
 * JSON_ABSENT, or -2 if it is required; -2 with a sentence if it cannot be parsed. */
int hf_folder_json(const char *folder, const char *file, bool is_required, struct json *j,
    struct json_node *root, const char **path, struct arena *a, struct fault *f);

#endif
