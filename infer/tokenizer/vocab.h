/* vocab.h - the tokens of a model and its settings for tokenizing: read from a GGUF file
 * (tokenizer.ggml.*), or from a folder's tokenizer.json, tokenizer.model, or vocab.json
 * and merges.txt. */

#ifndef ALIGNX_INFER_TOKENIZER_VOCAB_H
#define ALIGNX_INFER_TOKENIZER_VOCAB_H

#include "infer/model/model_file.h"
#include "infer/tokenizer/normalizer.h"
#include "infer/tokenizer/pretokenizer.h"
#include "lib/core/hash_index.h"

/* See tokenizer_internal.h. */
enum vocab_model { VOCAB_NONE, VOCAB_SPM, VOCAB_BPE, VOCAB_BPE_CHARS, VOCAB_UNIGRAM };

/* Numbered as in tokenizer.ggml.token_type. */
enum token_kind {
	TOKEN_NORMAL = 1,
	TOKEN_UNKNOWN,
	TOKEN_CONTROL,
	TOKEN_USER,
	TOKEN_UNUSED,
	TOKEN_BYTE
};

/* A special token takes the white space on its left or right with it. */
enum token_strip { TOKEN_STRIP_LEFT = 1, TOKEN_STRIP_RIGHT = 2 };

#define TOKEN_NONE UINT32_MAX
enum { VOCAB_TOKENS_MAX = 1 << 24, VOCAB_STEPS_MAX = 16 };

struct vocab_merge {
	uint32_t left, right, id;
};

struct vocab {
	enum vocab_model model;
	size_t len;
	struct text *token;        /* by id; views into the file, or in the arena */
	uint8_t *kind, *strip;     /* enum token_kind, enum token_strip */
	double *score;             /* 0 without scores */
	bool has_float_sums;       /* Unigram adds scores in single precision */
	struct vocab_merge *merge; /* by rank */
	size_t merges;
	uint32_t bos, eos, unknown; /* TOKEN_NONE if there is none */
	uint32_t byte[256];         /* byte tokens <0xNN>, or TOKEN_NONE */
	bool adds_bos, adds_eos;
	/* Who says whether they are added: a key or a file; NULL: nobody, it is the default. */
	const char *adds_bos_by, *adds_eos_by;
	bool adds_space;     /* in front of texts */
	bool ignores_merges; /* a word that is a token is not split further */
	struct normalizer_step normalizer[VOCAB_STEPS_MAX];
	size_t normalizers;
	struct pretokenizer_step pretokenizer[VOCAB_STEPS_MAX];
	size_t pretokenizers;
	/* What splits texts, and who says so; by NULL: nobody, it is the default. */
	struct text pretokenizer_name;
	const char *pretokenizer_by;
	struct hash_index by_text; /* slots in the arena */
};

/* A model without a vocabulary gives VOCAB_NONE.  -2 with a sentence. */
int vocab_read(struct vocab *v, const struct model_file *mf, const char *file, struct arena *a,
    struct fault *f);

/* The first token of this text, or TOKEN_NONE. */
uint32_t vocab_find(const struct vocab *v, const char *s, size_t len);

/* For readers: first memory for n tokens, all normal and empty; once they are filled in,
 * the index by text; then the merges, of which those are kept whose parts and result
 * are tokens. */
void vocab_alloc(struct vocab *v, size_t n, struct arena *a);
void vocab_build_index(struct vocab *v, struct arena *a);

/* Makes control tokens of BOS, EOS and of tokens that mark who speaks, whatever kind the file
 * gives them: what people write must not become one of them. */
void vocab_mark_control(struct vocab *v);

void vocab_add_merge(struct vocab *v, const struct text *left, const struct text *right,
    struct buf *scratch);

/* Add a step; -2 if there are too many. */
int vocab_add_normalizer(struct vocab *v, const struct normalizer_step *s, struct fault *f);
int vocab_add_pretokenizer(struct vocab *v, const struct pretokenizer_step *s, struct fault *f);

/* Adds the steps that replace spaces by U+2581, and prepend one (kind is one of
 * NORMALIZER_PREPEND*) if adds_space. */
int vocab_add_metaspace(struct vocab *v, bool adds_space, enum normalizer_kind kind, bool is_first,
    struct fault *f);

/* vocab_hf.c */
int vocab_hf_read(struct vocab *v, const char *folder, struct arena *a, struct fault *f);

#endif
