/* clean_text.h - brings a raw text into the form that interactions have.
 *
 * It is normalized (normalize_text.h), what names a person is replaced (pii.h), and links
 * become what reads as text (strip_url.h).  Names come before links: in a URL, a name is found
 * only while the URL is whole.  A clean text is not changed by a second cleaning, so that
 * hashes and duplicates agree however often a text passes. */

#ifndef ALIGNX_LIB_TEXT_CLEAN_TEXT_H
#define ALIGNX_LIB_TEXT_CLEAN_TEXT_H

#include <stdbool.h>

#include "lib/core/buf.h"
#include "lib/core/text.h"

/* A text that is still not clean after so many rounds was made to be so. */
enum { CLEAN_ROUNDS_MAX = 8 };

/* A zeroed struct is ready for use. */
struct text_cleaner {
	bool keeps_names;
	struct buf buf[2];
};

/* Cleans valid UTF-8.  The text is unchanged or in the cleaner's memory until the next call; it
 * is empty if it does not become clean in CLEAN_ROUNDS_MAX rounds. */
void clean_text(struct text_cleaner *c, struct text *text);
void text_cleaner_release(struct text_cleaner *c);

#endif
