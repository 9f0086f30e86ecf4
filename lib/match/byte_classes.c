#include "config.h"

#include <string.h>
#if defined(__SSE2__) && !defined(MASKS_PLAIN)
#define HAS_REGISTERS
#include <emmintrin.h>
#endif

#include "lib/match/byte_classes.h"

/* What is told of some bytes: bit i for byte i. */
struct some {
	uint64_t alpha, capital, digit, wide, apostrophe;
};

#ifdef HAS_REGISTERS
enum { AT_ONCE = 16 };

/* Bytes from low to high: the others are, moved so that low is the least of all signed
 * numbers, above high. */
static inline __m128i
is_between(__m128i x, char low, char high)
{
	const __m128i moved = _mm_add_epi8(x, _mm_set1_epi8((char)(0x80 - low)));

	return _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(0x80 + high - low + 1)));
}

static inline struct some
look(const char *s, char *folded)
{
	const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)s);
	const __m128i capital = is_between(x, 'A', 'Z');
	const __m128i small = _mm_or_si128(x, _mm_and_si128(capital, _mm_set1_epi8(0x20)));

	_mm_storeu_si128((__m128i *)(void *)folded, small);
	return (struct some){ (uint64_t)_mm_movemask_epi8(is_between(small, 'a', 'z')),
		(uint64_t)_mm_movemask_epi8(capital),
		(uint64_t)_mm_movemask_epi8(is_between(x, '0', '9')),
		(uint64_t)_mm_movemask_epi8(x),
		(uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(x, _mm_set1_epi8('\''))) };
}
#else
enum { AT_ONCE = 1 };

static inline struct some
look(const char *s, char *folded)
{
	const bool is_capital = *s >= 'A' && *s <= 'Z';

	*folded = (char)(is_capital ? *s | 0x20 : *s);
	return (struct some){ *folded >= 'a' && *folded <= 'z', is_capital,
		*s >= '0' && *s <= '9', (unsigned char)*s >= 0x80, *s == '\'' };
}
#endif

/* 64 bytes; which of them are beyond ASCII, and which are apostrophes. */
static inline struct some
read_block(struct masks *m, const char *s, char *folded)
{
	struct some all = { 0, 0, 0, 0, 0 };

	for (unsigned i = 0; i < MASKS_BITS; i += AT_ONCE) {
		const struct some x = look(s + i, folded + i);

		all.alpha |= x.alpha << i;
		all.capital |= x.capital << i;
		all.digit |= x.digit << i;
		all.wide |= x.wide << i;
		all.apostrophe |= x.apostrophe << i;
	}
	*m = (struct masks){ all.alpha | all.digit | all.wide, all.alpha,
		all.alpha & ~all.capital, all.capital };
	return all;
}

/* Bytes beyond ASCII in a block: code points are letters, or gaps between words, of
 * which the last bytes may be in the next block: which of that. */
static uint64_t
read_wide(struct masks *m, const char *text, uint64_t wide)
{
	const unsigned char *s = (const unsigned char *)text;
	uint64_t next = 0;

	for (; wide != 0; wide &= wide - 1) {
		const unsigned i = (unsigned)__builtin_ctzll(wide);
		const size_t n = s[i] < 0xc0 ? 0 : masks_gap(s + i);

		m->letter |= (uint64_t)(s[i] >= 0xc0 && n == 0) << i;
		m->word &= ~((((uint64_t)1 << n) - 1) << i);
		if (i + n > MASKS_BITS)
			next = ((uint64_t)1 << (i + n - MASKS_BITS)) - 1;
	}
	return next;
}

/* Apostrophes of a block that have letters at both sides are of words; those of the
 * block before are known, but for that the next one begins with. */
static void
join(struct masks *m, size_t block, uint64_t apostrophe)
{
	const uint64_t word = m[block].word;
	const uint64_t behind = word << 1 | (block > 0 ? m[block - 1].word >> 63 : 0);
	const uint64_t before = word >> 1 | m[block + 1].word << 63;

	m[block].word |= apostrophe & behind & before;
}

bool
masks_read(struct masks *m, const char *text, size_t len, char *folded)
{
	const size_t blocks = len / MASKS_BITS, whole = blocks * MASKS_BITS;
	uint64_t wide = 0, gap = 0, apostrophe = 0;
	char last[MASKS_BITS] = { 0 };

	memcpy(last, text + whole, len - whole);
	for (size_t i = 0; i <= blocks; i++) {
		const size_t at = i * MASKS_BITS;
		const struct some some = read_block(&m[i], i < blocks ? text + at : last,
		    folded + at);

		m[i].word &= ~gap;
		gap = some.wide != 0 ? read_wide(&m[i], text + at, some.wide) : 0;
		if (apostrophe != 0)
			join(m, i - 1, apostrophe);
		apostrophe = some.apostrophe;
		wide |= some.wide;
	}
	m[blocks + 1] = (struct masks){ 0 };
	join(m, blocks, apostrophe);
	return wide != 0;
}
