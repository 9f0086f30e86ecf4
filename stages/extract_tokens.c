#include "config.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "lib/arena.h"
#include "stages/extract_tokens.h"

enum { KEY_PADDING = 16 };

enum { SMALL = 1, CAPITAL = 2, DIGIT = 4, WIDE = 8, APOSTROPHE = 16, STOP = 32,
	BLANK = 64, LINE_END = 128, LETTER = SMALL | CAPITAL | DIGIT | WIDE };

#define FOUR(x) x, x, x, x
#define SIXTEEN(x) FOUR(x), FOUR(x), FOUR(x), FOUR(x)
#define THIRTY_TWO(x) SIXTEEN(x), SIXTEEN(x)

static const uint8_t classes[256] = {
	['\t'] = BLANK, ['\n'] = LINE_END, ['\v'] = BLANK, ['\f'] = BLANK,
	['\r'] = BLANK, [' '] = BLANK, ['!'] = STOP, ['\''] = APOSTROPHE,
	['.'] = STOP, ['?'] = STOP,
	['0'] = FOUR(DIGIT), FOUR(DIGIT), DIGIT, DIGIT,
	['A'] = SIXTEEN(CAPITAL), FOUR(CAPITAL), FOUR(CAPITAL), CAPITAL, CAPITAL,
	['a'] = SIXTEEN(SMALL), FOUR(SMALL), FOUR(SMALL), SMALL, SMALL,
	[128] = THIRTY_TWO(WIDE), THIRTY_TWO(WIDE), THIRTY_TWO(WIDE),
	THIRTY_TWO(WIDE),
};

static const uint8_t signs[256] = { ['"'] = SIGN_QUOTE, ['/'] = SIGN_SLASH,
	[':'] = SIGN_COLON, [']'] = SIGN_BRACKET };

static bool
is_typographic(const char *s, const char *stop)
{
	return stop - s >= 3 && memcmp(s, "\xe2\x80\x99", 3) == 0;
}

/* Must the text be changed before rules see it? */
static bool
is_seen_whole(const char *s, size_t len)
{
	const char *stop = s + len, *p;

	for (p = s; (p = memchr(p, '>', (size_t)(stop - p))) != NULL; p++)
		if (p == s || p[-1] == '\n')
			return false;
	for (p = s; (p = memchr(p, '\xe2', (size_t)(stop - p))) != NULL; p++)
		if (is_typographic(p, stop))
			return false;
	return true;
}

static void
see_line(struct buf *b, const char *s, const char *stop)
{
	while (s < stop) {
		const char *p = memchr(s, '\xe2', (size_t)(stop - s));

		if (p == NULL)
			p = stop;
		buf_add(b, s, (size_t)(p - s));
		if (p < stop && is_typographic(p, stop)) {
			buf_add_byte(b, '\'');
			p += 3;
		} else if (p < stop) {
			buf_add_byte(b, *p++);
		}
		s = p;
	}
}

static void
see(struct tokens *t, const char *s, size_t len)
{
	const char *stop = s + len;

	t->is_cut = len > TOKENS_TEXT_MAX;
	if (t->is_cut) {
		stop = s + TOKENS_TEXT_MAX;
		while (((unsigned char)*stop & 0xc0) == 0x80)
			stop--;
		len = (size_t)(stop - s);
	}
	t->text = s;
	t->text_len = len;
	if (is_seen_whole(s, len))
		return;
	buf_clear(&t->seen);
	buf_reserve(&t->seen, len + 1);
	while (s < stop) {
		const char *end = memchr(s, '\n', (size_t)(stop - s));

		end = end != NULL ? end + 1 : stop;
		if (*s != '>')
			see_line(&t->seen, s, end);
		s = end;
	}
	t->text = t->seen.data;
	t->text_len = t->seen.len;
}

/* Small letters for A to Z in eight bytes at once. */
static uint64_t
fold_eight(uint64_t x)
{
	const uint64_t ones = 0x0101010101010101, high = 0x80 * ones;
	uint64_t low = x & ~high;
	uint64_t from_a = low + (0x80 - 'A') * ones;
	uint64_t past_z = low + (0x7f - 'Z') * ones;

	return x | ((~x & (from_a ^ past_z) & high) >> 2);
}

static void
fold(struct tokens *t)
{
	size_t i = 0, len = t->text_len;
	char *to;
	uint64_t x = 0, all = 0;

	buf_clear(&t->folded);
	to = buf_reserve(&t->folded, len + 2 * KEY_PADDING);
	for (; i + sizeof(x) <= len; i += sizeof(x)) {
		memcpy(&x, t->text + i, sizeof(x));
		all |= x;
		x = fold_eight(x);
		memcpy(to + i, &x, sizeof(x));
	}
	x = 0;
	memcpy(&x, t->text + i, len - i);
	all |= x;
	t->is_wide = (all & 0x8080808080808080) != 0;
	x = fold_eight(x);
	memcpy(to + i, &x, sizeof(x));
	t->folded.len = len + KEY_PADDING;
	memset(to + len, 0, KEY_PADDING);
}

/* Gives a token with characters beyond ASCII a key of its own. */
static void
fold_wide(struct tokens *t, struct token *k)
{
	const utf8proc_uint8_t *s = (const utf8proc_uint8_t *)t->text + k->at;
	utf8proc_ssize_t left = k->end - k->at, n;
	size_t from = t->folded.len;

	while (left > 0) {
		utf8proc_int32_t c;
		char *to = buf_reserve(&t->folded, 4 + KEY_PADDING);

		n = utf8proc_iterate(s, left, &c);
		t->folded.len += (size_t)utf8proc_encode_char(
		    utf8proc_tolower(c), (utf8proc_uint8_t *)to);
		s += n;
		left -= n;
	}
	k->key = (uint32_t)from;
	k->key_len = (uint32_t)(t->folded.len - from);
	memset(buf_reserve(&t->folded, KEY_PADDING), 0, KEY_PADDING);
	t->folded.len += KEY_PADDING;
}

/* Bytes of the no-break space, or of general punctuation (U+2000 to U+206F:
 * quotation marks, dashes), which part words; 0 for all else. */
static size_t
wide_gap(const unsigned char *s)
{
	if (s[0] == 0xe2 && (s[1] == 0x80 || (s[1] == 0x81 && s[2] < 0xb0)))
		return 3;
	return s[0] == 0xc2 && s[1] == 0xa0 ? 2 : 0;
}

static struct token *
add(struct tokens *t)
{
	t->at = arena_grown(t->at, t->len, &t->room, sizeof(*t->at));
	return &t->at[t->len++];
}

/* A token that begins at i; where it ends. */
static size_t
read_token(struct tokens *t, size_t i, uint32_t sentence)
{
	const unsigned char *s = (const unsigned char *)t->text;
	struct token *k = add(t);
	unsigned all = 0, class;
	size_t letters = 0, from = i;

	for (; i < t->text_len; i++) {
		class = classes[s[i]];
		if (!(class & LETTER) && !(class & APOSTROPHE
		    && i + 1 < t->text_len && classes[s[i - 1]] & LETTER
		    && classes[s[i + 1]] & LETTER && wide_gap(s + i + 1) == 0))
			break;
		if (class & WIDE && wide_gap(s + i) > 0)
			break;
		all |= class;
		letters += class & (SMALL | CAPITAL) || s[i] >= 0xc0;
	}
	*k = (struct token){ .at = (uint32_t)from, .end = (uint32_t)i,
		.key = (uint32_t)from, .key_len = (uint32_t)(i - from),
		.sentence = sentence,
		.letters = (uint16_t)(letters < UINT16_MAX ? letters : UINT16_MAX),
		.is_capital = letters >= 2 && (all & CAPITAL) && !(all & SMALL) };
	if (all & WIDE)
		fold_wide(t, k);
	return i;
}

/* A run of stops that begins at i; does it end a sentence?  *end: behind it. */
static bool
read_stops(struct tokens *t, size_t i, size_t *end)
{
	const unsigned char *s = (const unsigned char *)t->text;
	bool is_question = false, is_exclamation = false;

	for (; i < t->text_len && classes[s[i]] & STOP; i++) {
		is_question |= s[i] == '?';
		is_exclamation |= s[i] == '!';
	}
	*end = i;
	if (i < t->text_len && classes[s[i]] & LETTER)
		return false;		/* "4.5", "page?id" */
	t->questions += is_question;
	t->exclamations += is_exclamation;
	return i == t->text_len || classes[s[i]] & (BLANK | LINE_END);
}

void
tokens_read(struct tokens *t, const char *text, size_t len)
{
	uint32_t sentence = 0;
	size_t i = 0, gap;

	see(t, text, len);
	fold(t);
	t->len = t->questions = t->exclamations = 0;
	t->signs = 0;
	while (i < t->text_len) {
		const unsigned char *s = (const unsigned char *)t->text + i;
		unsigned class = classes[*s];

		if (class & WIDE && (gap = wide_gap(s)) > 0) {
			i += gap;
		} else if (class & LETTER) {
			i = read_token(t, i, sentence);
		} else if (class & STOP) {
			sentence += read_stops(t, i, &i);
		} else {
			sentence += (class & LINE_END) != 0;
			t->signs |= signs[*s];
			i++;
		}
	}
}

void
tokens_release(struct tokens *t)
{
	free(t->at);
	buf_release(&t->seen);
	buf_release(&t->folded);
	*t = (struct tokens){ 0 };
}
