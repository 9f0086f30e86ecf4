/* copying.h - the copying task of PEAR: meaningless texts that repeat themselves.
 *
 * n token ids drawn evenly from the vocabulary, twice in a row, with nothing
 * around them (PEAR, sections B1.1 and B2).  Control, unknown and unused tokens
 * are left out, so that nothing but position and identity tells what comes next. */

#ifndef ALIGNX_INFER_COPYING_H
#define ALIGNX_INFER_COPYING_H

#include "infer/model/model.h"
#include "infer/tokenizer/vocab.h"

struct copying {
	const uint32_t *id;		/* what texts are drawn from */
	size_t ids;
};

/* Ids that may be drawn: all of the model's where the file has no vocabulary.
 * -2 with a sentence if there are fewer than two. */
int copying_open(struct copying *c, const struct model *m, const char *file,
    struct arena *a, struct fault *f);

/* Text `number` of a stream: 2n ids. */
void copying_draw(const struct copying *c, uint64_t seed, uint64_t number,
    size_t n, uint32_t *out);

#endif
