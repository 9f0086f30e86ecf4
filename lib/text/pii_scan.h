/* pii_scan.h - rules out most texts before pii.c looks at every byte. */

#ifndef ALIGNX_LIB_TEXT_PII_SCAN_H
#define ALIGNX_LIB_TEXT_PII_SCAN_H

#include <stddef.h>

/* What a text may contain. */
enum pii_kind {
	PII_SIGNS = 1,  /* a sign that names and addresses have, such as '@' or the '.' of a host */
	PII_WORDS = 2,  /* "dot" in place of a full stop */
	PII_DIGITS = 4, /* as many as a phone number */
};

/* The kinds that may occur, 0 if there is nothing to find. */
unsigned pii_scan(const char *s, size_t len);

#endif
