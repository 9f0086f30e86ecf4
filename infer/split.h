/* split.h - cuts a text into words before BPE joins bytes within them.
 *
 * Each family has its patterns, in a table by tokenizer.ggml.pre.  They are
 * PCRE2 patterns with Unicode properties; what none matches is a word too. */

#ifndef ALIGNX_INFER_SPLIT_H
#define ALIGNX_INFER_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/fault.h"

struct split;

/* pre: the splitter's name in the file.  NULL with a fault if it is not known. */
struct split *split_new(const char *pre, size_t len, struct fault *f);
void split_free(struct split *s);

/* Is a word that is a token taken without joining bytes? */
bool split_takes_words(const struct split *s);

/* Begins a text (valid UTF-8), then words in turn until false. */
void split_begin(struct split *s, const char *text, size_t len);
bool split_next(struct split *s, size_t *at, size_t *len);

#endif
