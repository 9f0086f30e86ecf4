/* utf8.h - is it UTF-8, and where not. */

#ifndef ALIGNX_LIB_UTF8_H
#define ALIGNX_LIB_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

bool utf8_valid(const char *s, size_t len);		/* simdjson's, fast */
size_t utf8_first_bad(const char *s, size_t len);	/* its index; len if there is none */
void utf8_mend(char *s);	/* '?' for each bad byte of a string, in place */

#ifdef __cplusplus
}
#endif

#endif
