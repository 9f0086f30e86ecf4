/* pii_code.h - tells code, in which an '@' is no handle, from prose. */

#ifndef ALIGNX_LIB_TEXT_PII_CODE_H
#define ALIGNX_LIB_TEXT_PII_CODE_H

#include "lib/text/pii_match.h"

/* Is it a word that follows an '@' in code or in stock phrases: Override, media, param? */
bool pii_is_code_word(const char *s, size_t len);

/* Does the '@' at i stand in code: between backticks, or in a line with the signs of code? */
bool pii_is_in_code(const struct pii_text *t, size_t i);

#endif
