/* tokenizer_family.h - what the families of tokenizers do with a word, for
 * infer/tokenizer/tokenizer.c. */

#ifndef ALIGNX_INFER_TOKENIZER_FAMILY_H
#define ALIGNX_INFER_TOKENIZER_FAMILY_H

#include "infer/tokenizer/bpe_merge.h"
#include "infer/tokenizer/vocab.h"

static inline void
tokenizer_put_id(struct buf *ids, uint32_t id)
{
	buf_add(ids, &id, sizeof(id));
}

/* Bytes of the character that begins with c, in UTF-8. */
static inline size_t
tokenizer_character_len(unsigned char c)
{
	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* What has no token: byte tokens, or the unknown one, once for all that is side by
 * side. */
void tokenizer_put_unknown(const struct vocabulary *v, const char *s, size_t len,
    bool *was_unknown, struct buf *ids);

/* SentencePiece BPE: the pair whose token has the best score is joined first. */
struct tokenizer_spm;

struct tokenizer_spm *tokenizer_spm_new(const struct vocabulary *v);
void tokenizer_spm_encode(struct tokenizer_spm *t, const char *s, size_t len,
    struct buf *ids);
void tokenizer_spm_free(struct tokenizer_spm *t);

/* A token with U+2581 for blanks, or a byte token. */
void tokenizer_spm_decode(const struct vocabulary *v, uint32_t id,
    struct buf *out);

/* BPE by a list of merges: the pair that comes first in it is joined first; over
 * bytes, which stand as printable characters, or over characters. */
struct tokenizer_bpe;

struct tokenizer_bpe *tokenizer_bpe_new(const struct vocabulary *v);
void tokenizer_bpe_encode(struct tokenizer_bpe *t, const char *s, size_t len,
    struct buf *ids);
void tokenizer_bpe_decode(const struct tokenizer_bpe *t, uint32_t id,
    struct buf *out);
void tokenizer_bpe_free(struct tokenizer_bpe *t);

/* The pieces with the greatest sum of scores (Kudo 2018, section 3.2). */
struct tokenizer_unigram;

struct tokenizer_unigram *tokenizer_unigram_new(const struct vocabulary *v);
void tokenizer_unigram_encode(struct tokenizer_unigram *t, const char *s,
    size_t len, struct buf *ids);
void tokenizer_unigram_free(struct tokenizer_unigram *t);

#endif
