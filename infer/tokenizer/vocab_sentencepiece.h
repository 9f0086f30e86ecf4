/* vocabulary_sentencepiece.h - tokenizer.model of a folder: a model of
 * SentencePiece (Kudo and Richardson 2018), a protocol buffer. */

#ifndef ALIGNX_INFER_VOCABULARY_SENTENCEPIECE_H
#define ALIGNX_INFER_VOCABULARY_SENTENCEPIECE_H

#include "infer/tokenizer/vocab.h"

/* -2 with a sentence.  Texts begin with BOS unless tokenizer_config.json says
 * otherwise. */
int vocabulary_sentencepiece_read(struct vocabulary *v, const char *folder,
    struct arena *a, struct fault *f);

#endif
