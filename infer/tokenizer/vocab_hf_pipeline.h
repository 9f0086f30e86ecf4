/* vocabulary_steps.h - "normalizer" and "pre_tokenizer" of tokenizer.json. */

#ifndef ALIGNX_INFER_VOCABULARY_STEPS_H
#define ALIGNX_INFER_VOCABULARY_STEPS_H

#include "infer/tokenizer/vocab.h"
#include "lib/json/json.h"

/* Appends the steps that they ask for.  *is_bytes: bytes stand as printable
 * characters.  -2 with a sentence that names what is not understood. */
int vocabulary_steps_read(struct vocabulary *v, const struct json_node *root,
    const char *path, bool *is_bytes, struct arena *a, struct fault *f);

#endif
