/* extract_masks.h - which bytes of a text are of words, 64 at a time.
 *
 * For extract_tokens.c.  Bit i % 64 of mask i / 64 stands for byte i. */

#ifndef ALIGNX_STAGES_EXTRACT_MASKS_H
#define ALIGNX_STAGES_EXTRACT_MASKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MASKS_BITS = 64 };

struct masks {
	uint64_t word;			/* letters, digits, what is beyond ASCII; and
					   apostrophes with these at both sides */
	uint64_t letter;		/* of code points, the first byte */
	uint64_t small, capital;	/* of ASCII */
};

/* So many masks for a text, and one behind it. */
static inline size_t
masks_len(size_t len)
{
	return len / MASKS_BITS + 2;
}

/* Sets them; folded gets the text with small letters of ASCII for capital ones, in
 * whole blocks of MASKS_BITS bytes, which are zeros behind it.  True if there are bytes
 * beyond ASCII.  Those of gaps between words (masks_gap()) are not of words. */
bool masks_read(struct masks *m, const char *text, size_t len, char *folded);

/* Bytes of the no-break space, or of general punctuation (U+2000 to U+206F:
 * quotation marks, dashes), which part words; 0 for all else. */
static inline size_t
masks_gap(const unsigned char *s)
{
	if (s[0] == 0xe2 && (s[1] == 0x80 || (s[1] == 0x81 && s[2] < 0xb0)))
		return 3;
	return s[0] == 0xc2 && s[1] == 0xa0 ? 2 : 0;
}

#endif
