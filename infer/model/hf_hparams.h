/* folder_settings.h - config.json of a Hugging Face folder as the keys of GGUF. */

#ifndef ALIGNX_INFER_FOLDER_SETTINGS_H
#define ALIGNX_INFER_FOLDER_SETTINGS_H

#include "infer/model/hf_folder.h"

/* Fills the directory's keys.  is_tied: does the embedding serve as output?  -2
 * with a sentence if a setting is missing, or asks for what is not done. */
int folder_settings(struct directory *d, const struct json_node *config,
    const char *path, const struct architecture **architecture, bool *is_tied,
    struct arena *a, struct fault *f);

#endif
