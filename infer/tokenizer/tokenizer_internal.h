/* tokenizer_internal.h - the tokenizer models: how one word becomes tokens.  For the
 * tokenizer*.c files of this folder. */

#ifndef ALIGNX_INFER_TOKENIZER_TOKENIZER_INTERNAL_H
#define ALIGNX_INFER_TOKENIZER_TOKENIZER_INTERNAL_H

#include "infer/tokenizer/bpe_merge.h"
#include "infer/tokenizer/vocab.h"

static inline void
tokenizer_put_id(struct buf *ids, uint32_t id)
{
	buf_add(ids, &id, sizeof(id));
}

/* Bytes of the UTF-8 character whose first byte is c. */
static inline size_t
tokenizer_utf8_len(unsigned char c)
{
	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* The token of a text that a person wrote; a control token is none. */
static inline uint32_t
tokenizer_find_plain(const struct vocab *v, const char *s, size_t len)
{
	const uint32_t id = vocab_find(v, s, len);

	return id != TOKEN_NONE && v->kind[id] == TOKEN_CONTROL ? TOKEN_NONE : id;
}

/* Appends byte tokens for characters without a token, or the unknown token, once for a
 * run of them. */
void tokenizer_put_unknown(const struct vocab *v, const char *s, size_t len, bool *was_unknown,
    struct buf *ids);

/* SentencePiece BPE: of all pairs, the one whose token has the highest score is merged
 * first. */
struct tokenizer_spm;

struct tokenizer_spm *tokenizer_spm_new(const struct vocab *v);
void tokenizer_spm_encode(struct tokenizer_spm *t, const char *s, size_t len, struct buf *ids);
void tokenizer_spm_free(struct tokenizer_spm *t);

/* The text of a token, with spaces for U+2581, or the byte of a byte token. */
void tokenizer_spm_decode(const struct vocab *v, uint32_t id, struct buf *out);

/* BPE by a list of merges: of all pairs, the first in the list is merged first.  Symbols
 * begin as bytes, written as printable characters (GPT-2), or as characters. */
struct tokenizer_bpe;

struct tokenizer_bpe *tokenizer_bpe_new(const struct vocab *v);
void tokenizer_bpe_encode(struct tokenizer_bpe *t, const char *s, size_t len, struct buf *ids);
void tokenizer_bpe_decode(const struct tokenizer_bpe *t, uint32_t id, struct buf *out);
void tokenizer_bpe_free(struct tokenizer_bpe *t);

/* Unigram: the pieces with the highest sum of scores, which are log probabilities (Kudo
 * 2018, section 3.2). */
struct tokenizer_unigram;

struct tokenizer_unigram *tokenizer_unigram_new(const struct vocab *v);
void tokenizer_unigram_encode(struct tokenizer_unigram *t, const char *s, size_t len,
    struct buf *ids);
void tokenizer_unigram_free(struct tokenizer_unigram *t);

#endif
