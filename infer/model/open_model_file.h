/* open_model_file.h - opens a model in either format: a GGUF file, or a Hugging Face
 * folder. */

#ifndef ALIGNX_INFER_MODEL_OPEN_MODEL_FILE_H
#define ALIGNX_INFER_MODEL_OPEN_MODEL_FILE_H

#include "infer/model/model_file.h"

/* -2 with a sentence that names the file and what is wrong with it. */
int model_file_open(struct model_file *mf, const char *name, struct arena *a, struct fault *f);
void model_file_close(struct model_file *mf);

#endif
