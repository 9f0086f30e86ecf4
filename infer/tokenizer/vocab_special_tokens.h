/* vocabulary_ends.h - the tokens that begin and end texts, for a folder. */

#ifndef ALIGNX_INFER_VOCABULARY_ENDS_H
#define ALIGNX_INFER_VOCABULARY_ENDS_H

#include "infer/tokenizer/vocab.h"
#include "lib/json/json.h"

/* BOS and EOS are what tokenizer_config.json or special_tokens_map.json call so, or
 * what generation_config.json or config.json number so; they are added where
 * tokenizer_config.json says so, or else the post-processor of tokenizer.json
 * (JSON_ABSENT: there is none).  -2 with a sentence. */
int vocabulary_ends_read(struct vocabulary *v, const char *folder,
    const struct json_node *tokenizer, struct arena *a, struct fault *f);

#endif
