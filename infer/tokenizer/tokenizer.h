/* tokenizer.h - text to token ids and back. */

#ifndef ALIGNX_INFER_TOKENIZER_H
#define ALIGNX_INFER_TOKENIZER_H

#include "infer/tokenizer/vocab.h"
#include "lib/core/buf.h"

struct tokenizer;

/* NULL with a fault if the vocabulary's family is not known. */
struct tokenizer *tokenizer_new(const struct vocabulary *v, struct fault *f);
void tokenizer_free(struct tokenizer *t);	/* NULL is allowed */

/* A stretch of a text.  Control tokens are recognised in templates alone: what
 * people wrote is never read so, whatever it looks like. */
struct tokenizer_part {
	size_t len;
	bool is_template;
};

/* Appends the ids of a valid UTF-8 text, as uint32_t; the parts cover it in turn
 * (none: all of it is what people wrote), and tokens may go over their seams.
 * Neither BOS nor EOS is added. */
void tokenizer_encode(struct tokenizer *t, const char *text, size_t len,
    const struct tokenizer_part *parts, size_t n, struct buf *ids);

/* Appends the bytes of a token; control tokens have none. */
void tokenizer_decode(const struct tokenizer *t, uint32_t id, struct buf *out);

#endif
