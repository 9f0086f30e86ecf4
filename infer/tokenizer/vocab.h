/* vocabulary.h - the tokens of a model, and how texts become tokens: as its GGUF
 * file lists them, or tokenizer.json, tokenizer.model, or vocab.json and
 * merges.txt in its folder. */

#ifndef ALIGNX_INFER_VOCABULARY_H
#define ALIGNX_INFER_VOCABULARY_H

#include "infer/model/model_file.h"
#include "infer/tokenizer/normalizer.h"
#include "infer/tokenizer/pretokenizer.h"

/* BPE by the scores of tokens, by a list of merges over bytes, and by one over
 * characters; the most likely pieces. */
enum vocabulary_model { VOCABULARY_NONE, VOCABULARY_SPM, VOCABULARY_BPE,
	VOCABULARY_BPE_CHARACTERS, VOCABULARY_UNIGRAM };

/* What kind of token: the numbers of tokenizer.ggml.token_type. */
enum token_kind { TOKEN_NORMAL = 1, TOKEN_UNKNOWN, TOKEN_CONTROL, TOKEN_USER,
	TOKEN_UNUSED, TOKEN_BYTE };

/* White space beside a special token that goes with it. */
enum token_strip { TOKEN_STRIP_LEFT = 1, TOKEN_STRIP_RIGHT = 2 };

#define TOKEN_NONE UINT32_MAX
enum { VOCABULARY_TOKENS_MAX = 1 << 24, VOCABULARY_STEPS_MAX = 16 };

struct vocabulary_merge {
	uint32_t left, right, id;
};

struct vocabulary {
	enum vocabulary_model model;
	size_t len;
	struct directory_text *token;	/* views into the file, or in the arena */
	uint8_t *kind, *strip;
	double *score;			/* 0 where there are none */
	bool sums_single;		/* scores are added in single precision */
	struct vocabulary_merge *merge;	/* in the order of rank */
	size_t merges;
	uint32_t bos, eos, unknown;	/* TOKEN_NONE: there is none */
	uint32_t byte[256];		/* byte tokens <0xNN>; TOKEN_NONE */
	bool adds_bos, adds_eos;
	bool adds_space;		/* in front of texts */
	bool takes_words;		/* that are tokens, without joining */
	struct normalize_step normal[VOCABULARY_STEPS_MAX];
	size_t normals;
	struct split_step split[VOCABULARY_STEPS_MAX];
	size_t splits;
	uint32_t *slot;			/* 1 + id by hash */
	size_t mask;
};

/* A model without a vocabulary gives VOCABULARY_NONE.  -2 with a sentence. */
int vocabulary_read(struct vocabulary *v, const struct directory *d,
    const char *file, struct arena *a, struct fault *f);

/* The token of this text; TOKEN_NONE. */
uint32_t vocabulary_find(const struct vocabulary *v, const char *s, size_t len);

/* For those who read one.  Room for n tokens, all normal and empty; then, when they
 * are there, an index by their texts; then merges, which count if both parts and
 * what they give are tokens. */
void vocabulary_make_room(struct vocabulary *v, size_t n, struct arena *a);
void vocabulary_index(struct vocabulary *v, struct arena *a);
void vocabulary_add_merge(struct vocabulary *v, const char *left, size_t left_len,
    const char *right, size_t right_len, struct buf *scratch);

/* A step more; -2 if there are too many. */
int vocabulary_add_normal(struct vocabulary *v, const struct normalize_step *s,
    struct fault *f);
int vocabulary_add_split(struct vocabulary *v, const struct split_step *s,
    struct fault *f);

/* Blanks as SentencePiece has them: one in front (kind: one of PREPEND), and U+2581
 * for all of them. */
int vocabulary_add_blanks(struct vocabulary *v, bool is_prepended,
    enum normalize_kind kind, bool is_first, struct fault *f);

/* infer/tokenizer/vocab_hf.c */
int vocabulary_folder_read(struct vocabulary *v, const char *folder,
    struct arena *a, struct fault *f);

#endif
