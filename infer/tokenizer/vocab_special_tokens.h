/* vocab_special_tokens.h - BOS and EOS of a Hugging Face folder. */

#ifndef ALIGNX_INFER_TOKENIZER_VOCAB_SPECIAL_TOKENS_H
#define ALIGNX_INFER_TOKENIZER_VOCAB_SPECIAL_TOKENS_H

#include "infer/tokenizer/vocab.h"
#include "lib/json/json.h"

/* Which tokens they are: by name in tokenizer_config.json or special_tokens_map.json, else
 * by id in generation_config.json or config.json.  Whether they are added: by
 * tokenizer_config.json, else by the post_processor of tokenizer.json (root; may be
 * JSON_ABSENT).  -2 with a sentence. */
int vocab_special_tokens_read(struct vocab *v, const char *folder, const struct json_node *root,
    struct arena *a, struct fault *f);

#endif
