/* tokenizer.h - text to token ids and back. */

#ifndef ALIGNX_INFER_TOKENIZER_TOKENIZER_H
#define ALIGNX_INFER_TOKENIZER_TOKENIZER_H

#include "infer/tokenizer/vocab.h"
#include "lib/core/buf.h"

struct tokenizer;

/* NULL with a fault if the vocabulary has no tokenizer, or a pattern of its
 * pre-tokenizer is not supported.  v must outlive it. */
struct tokenizer *tokenizer_new(const struct vocab *v, struct fault *f);
void tokenizer_free(struct tokenizer *t); /* NULL is allowed */

/* A part of a text.  Control tokens are recognised in templates only, never in what
 * people wrote. */
struct tokenizer_part {
	size_t len;
	bool is_template;
};

/* Appends the ids (uint32_t) of a text of valid UTF-8.  The n parts cover it in turn
 * (n = 0: none of it is a template); tokens may cross from one part into the next.  BOS
 * and EOS are not added. */
void tokenizer_encode(struct tokenizer *t, const char *text, size_t len,
    const struct tokenizer_part *parts, size_t n, struct buf *ids);

/* Appends the bytes of a token; control tokens have none. */
void tokenizer_decode(const struct tokenizer *t, uint32_t id, struct buf *out);

#endif
