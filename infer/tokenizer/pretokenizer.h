/* split.h - cuts a text into words before pieces are joined within them.
 *
 * A vocabulary has steps, each of which cuts what the one before it left: a PCRE2
 * pattern with Unicode properties, and what becomes of its matches.  What none
 * matches is a word too. */

#ifndef ALIGNX_INFER_SPLIT_H
#define ALIGNX_INFER_SPLIT_H

#include "infer/model/model_file.h"
#include "lib/core/fault.h"

/* Matches stand alone, go, join what is before or behind them, or each other. */
enum split_matches { SPLIT_ISOLATED, SPLIT_REMOVED, SPLIT_WITH_PREVIOUS,
	SPLIT_WITH_NEXT, SPLIT_CONTIGUOUS };

struct split_step {
	struct directory_text pattern;	/* no ptr: where U+2581 follows another character */
	enum split_matches matches;
	bool is_inverted;		/* what is between the matches is meant */
};

struct split_span {
	size_t at, len;
};

struct splitter;

/* NULL with a fault if a pattern is none. */
struct splitter *split_new(const struct split_step *step, size_t steps,
    struct fault *f);
void split_free(struct splitter *s);		/* NULL is allowed */

/* The words of a text (valid UTF-8) in turn, until the next call. */
const struct split_span *split_run(struct splitter *s, const char *text, size_t len,
    size_t *n);

/* The pattern of GPT-2. */
extern const char split_gpt2[];

/* What tokenizer.ggml.pre names: its steps, whether words that are tokens are taken
 * without joining, and whether texts are composed (NFC) first.  -2 if it is not
 * known. */
int split_named(const char *name, size_t len, const struct split_step **step,
    size_t *steps, bool *takes_words, bool *is_composed, struct fault *f);

/* Where, behind `at`, U+2581 stands behind something else, or the end. */
size_t split_next_word(const char *s, size_t len, size_t at);

#endif
