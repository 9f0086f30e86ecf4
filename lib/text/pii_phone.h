/* pii_phone.h - recognises phone numbers; pii.h lists the forms. */

#ifndef ALIGNX_LIB_TEXT_PII_PHONE_H
#define ALIGNX_LIB_TEXT_PII_PHONE_H

#include <stddef.h>

/* The end of the phone number that begins at `at` with a digit, '+' or '('; `at` itself if
 * there is none. */
size_t pii_phone_end(const char *s, size_t len, size_t at);

#endif
