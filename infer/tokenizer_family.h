/* tokenizer_family.h - what the families of tokenizers do with a plain text, for
 * infer/tokenizer.c. */

#ifndef ALIGNX_INFER_TOKENIZER_FAMILY_H
#define ALIGNX_INFER_TOKENIZER_FAMILY_H

#include "infer/merge.h"
#include "infer/vocabulary.h"

static inline void
tokenizer_put_id(struct buf *ids, uint32_t id)
{
	buf_add(ids, &id, sizeof(id));
}

/* SentencePiece BPE: blanks become U+2581, one stands in front of a text if the
 * vocabulary says so; the pair whose token has the best score is joined first;
 * characters without a token become bytes. */
struct tokenizer_spm {
	const struct vocabulary *vocabulary;
	struct merge merge;
	struct buf text;
	bool has_words;			/* no token goes on over the beginning of a word */
};

void tokenizer_spm_init(struct tokenizer_spm *t, const struct vocabulary *v);
void tokenizer_spm_encode(struct tokenizer_spm *t, const char *text, size_t len,
    struct buf *ids);
void tokenizer_spm_decode(const struct vocabulary *v, uint32_t id,
    struct buf *out);
void tokenizer_spm_release(struct tokenizer_spm *t);

/* Byte-level BPE: bytes stand as printable characters; within the words of
 * infer/split.h the pair that comes first in the list of merges is joined
 * first. */
struct tokenizer_bpe;

struct tokenizer_bpe *tokenizer_bpe_new(const struct vocabulary *v,
    struct fault *f);
void tokenizer_bpe_encode(struct tokenizer_bpe *t, const char *text, size_t len,
    struct buf *ids);
void tokenizer_bpe_decode(const struct tokenizer_bpe *t, uint32_t id,
    struct buf *out);
void tokenizer_bpe_free(struct tokenizer_bpe *t);

#endif
