/* byte_classes.c - classifies bytes with SSE2, or one by one. */

#include "config.h"

#include <string.h>
#if defined(__SSE2__) && !defined(BYTE_CLASSES_SCALAR)
#define HAS_SSE2
#include <emmintrin.h>
#endif

#include "lib/match/byte_classes.h"

/* Bit i for byte i. */
struct byte_bits {
	uint64_t alpha, upper, digit, wide, apostrophe;
};

#ifdef HAS_SSE2
enum { LANES = 16 };

/* Bytes from low to high: shifted so that low is the least signed number, a single compare
 * excludes all others. */
static inline __m128i
is_between(__m128i x, char low, char high)
{
	const __m128i shifted = _mm_add_epi8(x, _mm_set1_epi8((char)(0x80 - low)));

	return _mm_cmplt_epi8(shifted, _mm_set1_epi8((char)(0x80 + high - low + 1)));
}

static inline struct byte_bits
classify(const char *s, char *folded)
{
	const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)s);
	const __m128i upper = is_between(x, 'A', 'Z');
	const __m128i lower = _mm_or_si128(x, _mm_and_si128(upper, _mm_set1_epi8(0x20)));

	_mm_storeu_si128((__m128i *)(void *)folded, lower);
	return (struct byte_bits){ (uint64_t)_mm_movemask_epi8(is_between(lower, 'a', 'z')),
		(uint64_t)_mm_movemask_epi8(upper),
		(uint64_t)_mm_movemask_epi8(is_between(x, '0', '9')),
		(uint64_t)_mm_movemask_epi8(x),
		(uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8('\''))) };
}
#else
enum { LANES = 1 };

static inline struct byte_bits
classify(const char *s, char *folded)
{
	const bool is_upper = *s >= 'A' && *s <= 'Z';

	*folded = (char)(is_upper ? *s | 0x20 : *s);
	return (struct byte_bits){ *folded >= 'a' && *folded <= 'z', is_upper,
		*s >= '0' && *s <= '9', (unsigned char)*s >= 0x80, *s == '\'' };
}
#endif

/* Classifies 64 bytes, without apostrophes and separators. */
static inline struct byte_bits
read_block(struct byte_classes *m, const char *s, char *folded)
{
	struct byte_bits all = { 0, 0, 0, 0, 0 };

	for (unsigned i = 0; i < BYTE_CLASSES_BLOCK; i += LANES) {
		const struct byte_bits x = classify(s + i, folded + i);

		all.alpha |= x.alpha << i;
		all.upper |= x.upper << i;
		all.digit |= x.digit << i;
		all.wide |= x.wide << i;
		all.apostrophe |= x.apostrophe << i;
	}
	*m = (struct byte_classes){ all.alpha | all.digit | all.wide, all.alpha,
		all.alpha & ~all.upper, all.upper };
	return all;
}

/* Code points beyond ASCII are letters or separators.  Returns the bits of the next block that
 * a separator extends to. */
static uint64_t
read_wide(struct byte_classes *m, const char *text, uint64_t wide)
{
	const unsigned char *s = (const unsigned char *)text;
	uint64_t next = 0;

	for (; wide != 0; wide &= wide - 1) {
		const unsigned i = (unsigned)__builtin_ctzll(wide);
		const size_t n = s[i] < 0xc0 ? 0 : byte_classes_separator(s + i);

		m->letter |= (uint64_t)(s[i] >= 0xc0 && n == 0) << i;
		m->word &= ~((((uint64_t)1 << n) - 1) << i);
		if (i + n > BYTE_CLASSES_BLOCK)
			next = ((uint64_t)1 << (i + n - BYTE_CLASSES_BLOCK)) - 1;
	}
	return next;
}

/* Adds the apostrophes that are between bytes of words; needs the next block, too. */
static void
join_apostrophes(struct byte_classes *m, size_t block, uint64_t apostrophe)
{
	const uint64_t word = m[block].word;
	const uint64_t after_word = word << 1 | (block > 0 ? m[block - 1].word >> 63 : 0);
	const uint64_t before_word = word >> 1 | m[block + 1].word << 63;

	m[block].word |= apostrophe & after_word & before_word;
}

bool
byte_classes_read(struct byte_classes *m, const char *text, size_t len, char *folded)
{
	const size_t blocks = len / BYTE_CLASSES_BLOCK, whole = blocks * BYTE_CLASSES_BLOCK;
	uint64_t wide = 0, separator = 0, apostrophe = 0;
	char last[BYTE_CLASSES_BLOCK] = { 0 };

	memcpy(last, text + whole, len - whole);
	for (size_t i = 0; i <= blocks; i++) {
		const size_t at = i * BYTE_CLASSES_BLOCK;
		const struct byte_bits bits = read_block(&m[i], i < blocks ? text + at : last,
		    folded + at);

		m[i].word &= ~separator;
		separator = bits.wide != 0 ? read_wide(&m[i], text + at, bits.wide) : 0;
		if (apostrophe != 0)
			join_apostrophes(m, i - 1, apostrophe);
		apostrophe = bits.apostrophe;
		wide |= bits.wide;
	}
	m[blocks + 1] = (struct byte_classes){ 0 };
	join_apostrophes(m, blocks, apostrophe);
	return wide != 0;
}
