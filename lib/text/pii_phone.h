/* scrub_phone.h - is it a telephone number?  The rules are in scrub.h. */

#ifndef ALIGNX_LIB_SCRUB_PHONE_H
#define ALIGNX_LIB_SCRUB_PHONE_H

#include <stddef.h>

/* The byte behind the number that begins at `at` with a digit, '+' or '(';
 * `at` itself if none does. */
size_t scrub_phone_end(const char *s, size_t len, size_t at);

#endif
