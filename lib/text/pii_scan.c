#include "config.h"

#include <string.h>

#include "lib/core/target_clones.h"
#include "lib/text/pii_scan.h"

enum { BLOCK = 32, AHEAD = 2, PHONE_DIGITS = 7 };

/* Adds the kinds of a block and counts its digits; reads AHEAD more bytes.  Compilers make
 * vector instructions of it as long as few tests share one sum. */
static inline __attribute__((always_inline)) unsigned
scan_block(const unsigned char *s, size_t *digits)
{
	unsigned char signs = 0, marks = 0, colons = 0, hosts = 0, words = 0, n = 0;

	for (int i = 0; i < BLOCK; i++) {
		unsigned char c = s[i], next = s[i + 1] | 0x20, low = c | 0x20;

		signs |= (c == '@') | (c == '/');
		marks |= (c == '\\') | (c == '#');
		colons |= c == ':';
		hosts |= (c == '.') & ((unsigned char)(next - 'a') < 26);
		words |= (low == 'd') & (next == 'o') & ((s[i + 2] | 0x20) == 't');
		n += (c >= '0') & (c <= '9');
	}
	*digits += n;
	return ((signs | marks | colons | hosts) != 0 ? PII_SIGNS : 0)
	    | (words != 0 ? PII_WORDS : 0);
}

TARGET_CLONES unsigned
pii_scan(const char *s, size_t len)
{
	unsigned char tail[BLOCK + AHEAD] = { 0 };
	size_t digits = 0, i = 0;
	unsigned kinds = 0;

	for (; i + BLOCK + AHEAD <= len; i += BLOCK)
		kinds |= scan_block((const unsigned char *)s + i, &digits);
	memcpy(tail, s + i, len - i < sizeof(tail) ? len - i : sizeof(tail));
	kinds |= scan_block(tail, &digits);
	if (len - i > BLOCK) {
		memset(tail, 0, sizeof(tail));
		memcpy(tail, s + i + BLOCK, len - i - BLOCK);
		kinds |= scan_block(tail, &digits);
	}
	return kinds | (digits >= PHONE_DIGITS ? PII_DIGITS : 0);
}
