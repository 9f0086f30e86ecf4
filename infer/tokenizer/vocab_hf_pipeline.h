/* vocab_hf_pipeline.h - "normalizer" and "pre_tokenizer" of a tokenizer.json (Hugging Face
 * Tokenizers). */

#ifndef ALIGNX_INFER_TOKENIZER_VOCAB_HF_PIPELINE_H
#define ALIGNX_INFER_TOKENIZER_VOCAB_HF_PIPELINE_H

#include "infer/tokenizer/vocab.h"
#include "lib/json/json.h"

/* Appends their steps to the vocabulary; *is_byte_level if one is ByteLevel.  -2 with a
 * sentence that names what is not supported. */
int vocab_hf_pipeline_read(struct vocab *v, const struct json_node *root, const char *path,
    bool *is_byte_level, struct arena *a, struct fault *f);

#endif
