/* byte_classes.h - bitmaps of the bytes of a text by what they are, 64 bytes at a time.
 *
 * Bit i % 64 of block i / 64 is byte i. */

#ifndef ALIGNX_LIB_MATCH_BYTE_CLASSES_H
#define ALIGNX_LIB_MATCH_BYTE_CLASSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BYTE_CLASSES_BLOCK = 64 };

struct byte_classes {
	uint64_t word;         /* letters, digits, what is beyond ASCII, and
					   apostrophes between these */
	uint64_t letter;       /* the first byte of each */
	uint64_t lower, upper; /* of ASCII */
};

/* Blocks of a text, and one after it. */
static inline size_t
byte_classes_len(size_t len)
{
	return len / BYTE_CLASSES_BLOCK + 2;
}

/* Sets all blocks.  folded gets the text with ASCII in lower case, in whole blocks, padded
 * with zeros.  True if there are bytes beyond ASCII.  Separators are not of words. */
bool byte_classes_read(struct byte_classes *m, const char *text, size_t len, char *folded);

/* The bytes of a no-break space or of general punctuation (U+2000 to U+206F: quotation marks,
 * dashes), which separate words; else 0. */
static inline size_t
byte_classes_separator(const unsigned char *s)
{
	if (s[0] == 0xe2 && (s[1] == 0x80 || (s[1] == 0x81 && s[2] < 0xb0)))
		return 3;
	return s[0] == 0xc2 && s[1] == 0xa0 ? 2 : 0;
}

#endif
