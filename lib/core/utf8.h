/* utf8.h - checks, counts and repairs UTF-8. */

#ifndef ALIGNX_LIB_CORE_UTF8_H
#define ALIGNX_LIB_CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fast, by simdjson. */
bool utf8_is_valid(const char *s, size_t len);

/* The index of the first bad byte; len if there is none. */
size_t utf8_first_invalid(const char *s, size_t len);

/* Code points of valid UTF-8. */
size_t utf8_count(const char *s, size_t len);

/* Replaces each bad byte of a string by '?', in place. */
void utf8_replace_invalid(char *s);

#ifdef __cplusplus
}
#endif

#endif
