/* map_engine.h - an annotator that is a model on this machine.
 *
 * The text goes through the model once; behind it branch 90 questions, one for each
 * dimension, and behind each of these three answers.  With their log-probabilities
 * l1, l0 and ln, and what l1 - l0 is where there is no text (b; models favour one
 * word over the other whatever they read: Zhao and others 2021, arXiv 2102.09690):
 *
 *	p1, p0, pn = softmax(l1 - b/2, l0 + b/2, ln)
 *	value = (p1 - p0) / (p1 + p0)		confidence = p1 + p0 */

#ifndef ALIGNX_STAGES_MAP_ENGINE_H
#define ALIGNX_STAGES_MAP_ENGINE_H

#include "stages/map_annotate.h"

struct engine_options {
	size_t threads;
	size_t tokens;		/* of each text that are read, from its beginning */
	size_t room;		/* tokens in memory at a time */
};

/* A GGUF file or a folder of Hugging Face.  NULL with a fault. */
struct annotator *map_engine_open(const char *file,
    const struct engine_options *o, struct arena *a, struct fault *f);

#endif
