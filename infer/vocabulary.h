/* vocabulary.h - the tokens of a model, as its file lists them. */

#ifndef ALIGNX_INFER_VOCABULARY_H
#define ALIGNX_INFER_VOCABULARY_H

#include "infer/directory.h"

enum vocabulary_model { VOCABULARY_NONE, VOCABULARY_SPM, VOCABULARY_BPE,
	VOCABULARY_UNIGRAM };

/* What kind of token: the numbers of tokenizer.ggml.token_type. */
enum token_kind { TOKEN_NORMAL = 1, TOKEN_UNKNOWN, TOKEN_CONTROL, TOKEN_USER,
	TOKEN_UNUSED, TOKEN_BYTE };

#define TOKEN_NONE UINT32_MAX

struct vocabulary {
	enum vocabulary_model model;
	struct directory_text pre;		/* which splitter; "default" if not told */
	size_t len;
	struct directory_text *token;	/* views into the file */
	uint8_t *kind;
	float *score;			/* 0 where there are none */
	const struct directory_key *merges;	/* of BPE, in the order of rank */
	uint32_t bos, eos, unknown;	/* TOKEN_NONE: there is none */
	uint32_t byte[256];		/* byte tokens <0xNN>; TOKEN_NONE */
	bool adds_bos, adds_eos, adds_space;
	uint32_t *slot;			/* 1 + id by hash */
	size_t mask;
};

/* A file without a vocabulary gives VOCABULARY_NONE.  -2 with a sentence. */
int vocabulary_read(struct vocabulary *v, const struct directory *g,
    const char *file, struct arena *a, struct fault *f);

/* The token of this text; TOKEN_NONE. */
uint32_t vocabulary_find(const struct vocabulary *v, const char *s, size_t len);

#endif
