/* folder.h - models as Hugging Face has them: a folder with config.json and the
 * tensors in model.safetensors, or in shards that model.safetensors.index.json
 * lists.
 *
 * The folder is read into a directory with the names, shapes and layouts of
 * GGUF; only q and k stay as they are, turned in halves.  Tensors are views into
 * mapped files.  What must be arranged anew is copied: the transposed matrices
 * of GPT-2, the fused q, k and v of BLOOM, Gemma's norms, the outputs
 * of Baichuan 2, and tensors that stand at odd bytes. */

#ifndef ALIGNX_INFER_FOLDER_H
#define ALIGNX_INFER_FOLDER_H

#include "infer/model/architecture.h"
#include "infer/model/model_file.h"
#include "lib/json/json.h"

/* -2 with a sentence that names the file.  For directory_open(). */
int folder_open(struct directory *d, const char *name, struct arena *a,
    struct fault *f);

/* A file of a folder: its name, and is it there? */
const char *folder_path(const char *folder, const char *file, struct arena *a);
bool folder_has(const char *folder, const char *file, struct arena *a);

/* Parses a file of a folder: -2 with a sentence; a file that is not there, and need
 * not be, gives JSON_ABSENT.  *path gets its name, in the arena. */
int folder_json(const char *folder, const char *file, bool is_needed,
    struct json *j, struct json_node *root, const char **path, struct arena *a,
    struct fault *f);

#endif
