/* vocab_sentencepiece.h - reads tokenizer.model, a SentencePiece model (Kudo and
 * Richardson 2018): a protocol buffer, sentencepiece_model.proto. */

#ifndef ALIGNX_INFER_TOKENIZER_VOCAB_SENTENCEPIECE_H
#define ALIGNX_INFER_TOKENIZER_VOCAB_SENTENCEPIECE_H

#include "infer/tokenizer/vocab.h"

/* -2 with a sentence.  BOS is added unless tokenizer_config.json sets add_bos_token to
 * false. */
int vocab_sentencepiece_read(struct vocab *v, const char *folder, struct arena *a, struct fault *f);

#endif
