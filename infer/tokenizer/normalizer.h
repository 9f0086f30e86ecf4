/* normalizer.h - transforms a text before it is split: a list of steps, as the vocabulary
 * asks for ("normalizer" of tokenizer.json, normalizer_spec of SentencePiece). */

#ifndef ALIGNX_INFER_TOKENIZER_NORMALIZER_H
#define ALIGNX_INFER_TOKENIZER_NORMALIZER_H

#include "infer/model/model_file.h"
#include "lib/core/buf.h"

enum normalizer_kind {
	NORMALIZER_NFC,
	NORMALIZER_NFD,
	NORMALIZER_NFKC,
	NORMALIZER_NFKD, /* Unicode forms */
	NORMALIZER_LOWERCASE,
	NORMALIZER_STRIP_LEFT,
	NORMALIZER_STRIP_RIGHT,         /* white space */
	NORMALIZER_COLLAPSE,            /* runs of spaces become one, none at either end */
	NORMALIZER_REPLACE,             /* from by to */
	NORMALIZER_PREPEND,             /* to */
	NORMALIZER_PREPEND_IF_MISSING,  /* to, unless the text begins with it */
	NORMALIZER_PREPEND_TO_NONSPACE, /* to, unless the text begins with white space */
	NORMALIZER_CHARSMAP,            /* SentencePiece's precompiled_charsmap in from */
};

struct normalizer_step {
	enum normalizer_kind kind;
	bool is_first; /* only at the beginning of the whole text */
	struct text from, to;
};

struct normalizer { /* scratch memory; zeroed is empty */
	struct buf scratch[2];
};

/* The text after all steps: a view into n, or text itself if nothing changed.  It must be
 * valid UTF-8.  is_first: it begins the whole text. */
struct text normalizer_run(struct normalizer *n, const struct normalizer_step *step, size_t steps,
    struct text text, bool is_first);
void normalizer_release(struct normalizer *n);

/* Is this a precompiled_charsmap whose look-ups stay within it? */
bool normalizer_charsmap_is_valid(const struct text *map);

#endif
