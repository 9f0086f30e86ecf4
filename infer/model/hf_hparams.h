/* hf_hparams.h - hyperparameters: the settings of config.json as GGUF keys. */

#ifndef ALIGNX_INFER_MODEL_HF_HPARAMS_H
#define ALIGNX_INFER_MODEL_HF_HPARAMS_H

#include "infer/model/hf_folder.h"

/* Fills the keys of mf, sets the architecture, and is_tied if the embedding is also
 * the output matrix.  -2 with a sentence if a setting is missing, or asks for
 * something that is not supported. */
int hf_hparams_read(struct model_file *mf, const struct json_node *config, const char *path,
    const struct architecture **architecture, bool *is_tied, struct arena *a, struct fault *f);

#endif
