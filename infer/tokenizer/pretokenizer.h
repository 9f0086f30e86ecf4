/* pretokenizer.h - splits a text into words, within which tokens are then formed.
 *
 * A list of steps, each of which splits the words of the step before: by a PCRE2 pattern
 * with Unicode properties, and what becomes of its matches ("pre_tokenizer" of
 * tokenizer.json: Split with a behavior).  Text between matches is a word too. */

#ifndef ALIGNX_INFER_TOKENIZER_PRETOKENIZER_H
#define ALIGNX_INFER_TOKENIZER_PRETOKENIZER_H

#include "infer/model/model_file.h"
#include "lib/core/fault.h"

/* Matches are words of their own, removed, or merged with their neighbour or each other. */
enum pretokenizer_behavior {
	PRETOKENIZER_ISOLATED,
	PRETOKENIZER_REMOVED,
	PRETOKENIZER_MERGED_WITH_PREVIOUS,
	PRETOKENIZER_MERGED_WITH_NEXT,
	PRETOKENIZER_CONTIGUOUS
};

struct pretokenizer_step {
	struct text pattern; /* no ptr: before each run of U+2581 */
	enum pretokenizer_behavior behavior;
	bool is_inverted; /* the text between matches counts as the match */
};

struct pretokenizer_span {
	size_t at, len;
};

struct pretokenizer;

/* NULL with a fault if a pattern does not compile. */
struct pretokenizer *pretokenizer_new(const struct pretokenizer_step *step, size_t steps,
    struct fault *f);
void pretokenizer_free(struct pretokenizer *p); /* NULL is allowed */

/* The n words of a text (valid UTF-8), which live until the next call. */
const struct pretokenizer_span *pretokenizer_run(struct pretokenizer *p, const char *text,
    size_t len, size_t *n);

/* GPT-2's pattern. */
extern const char pretokenizer_gpt2[];

/* A named list of patterns; see pretokenizer_presets.c. */
enum { PRETOKENIZER_PRESET_STEPS = 5 };
struct pretokenizer_preset {
	const char *name;                               /* tokenizer.ggml.pre */
	const char *pattern[PRETOKENIZER_PRESET_STEPS]; /* applied in turn, isolated */
	bool ignores_merges; /* a word that is a token is not split further */
	bool needs_nfc;      /* texts are normalised to NFC first */
};

/* NULL if the name is not known. */
const struct pretokenizer_preset *pretokenizer_preset(const struct text *name);

/* The end of the word that begins at `at`: the next U+2581 after another character, or
 * len. */
size_t pretokenizer_next_word(const char *s, size_t len, size_t at);

#endif
