/* normalize.h - what happens to a text before it is cut into words: a list of
 * steps, as a vocabulary asks for them. */

#ifndef ALIGNX_INFER_NORMALIZE_H
#define ALIGNX_INFER_NORMALIZE_H

#include "infer/model/model_file.h"
#include "lib/core/buf.h"

enum normalize_kind {
	NORMALIZE_NFC, NORMALIZE_NFD, NORMALIZE_NFKC, NORMALIZE_NFKD,	/* of Unicode */
	NORMALIZE_LOWERCASE,
	NORMALIZE_STRIP_LEFT, NORMALIZE_STRIP_RIGHT,	/* white space */
	NORMALIZE_COLLAPSE,		/* blanks at both ends go, many become one */
	NORMALIZE_REPLACE,		/* from by to */
	NORMALIZE_PREPEND,		/* to */
	NORMALIZE_PREPEND_MISSING,	/* to, unless the text begins with it */
	NORMALIZE_PREPEND_BLANK,	/* unless the text begins with white space */
	NORMALIZE_CHARACTERS,		/* by SentencePiece's map in from */
};

struct normalize_step {
	enum normalize_kind kind;
	bool is_first;			/* at the beginning of the whole text alone */
	struct directory_text from, to;
};

struct normalize {			/* scratch; zeroed is empty */
	struct buf one, other;
};

/* The text after all steps: it stands in n, or is the one given.  It must be valid
 * UTF-8.  is_first: the whole text begins with it. */
struct directory_text normalize_run(struct normalize *n,
    const struct normalize_step *step, size_t steps, struct directory_text text,
    bool is_first);
void normalize_release(struct normalize *n);

/* Is this a map of characters that can be followed without leaving it? */
bool normalize_map_is_good(const struct directory_text *map);

#endif
