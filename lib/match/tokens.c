/* tokens.c - cuts a text into tokens and sentences. */

#include "config.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "lib/core/arena.h"
#include "lib/match/byte_classes.h"
#include "lib/match/tokens.h"

enum { KEY_PADDING = 16 };

/* Bytes between tokens, and after stops. */
enum { STOP = 1, LINE_END = 2, BLANK = 4, LETTER = 8 };

#define FOUR(x) x, x, x, x
#define SIXTEEN(x) FOUR(x), FOUR(x), FOUR(x), FOUR(x)
#define THIRTY_TWO(x) SIXTEEN(x), SIXTEEN(x)

static const uint8_t kinds[256] = {
	['\t'] = BLANK,
	['\n'] = LINE_END,
	['\v'] = BLANK,
	['\f'] = BLANK,
	['\r'] = BLANK,
	[' '] = BLANK,
	['!'] = STOP,
	['.'] = STOP,
	['?'] = STOP,
	['0'] = FOUR(LETTER),
	FOUR(LETTER),
	LETTER,
	LETTER,
	['A'] = SIXTEEN(LETTER),
	FOUR(LETTER),
	FOUR(LETTER),
	LETTER,
	LETTER,
	['a'] = SIXTEEN(LETTER),
	FOUR(LETTER),
	FOUR(LETTER),
	LETTER,
	LETTER,
	[128] = THIRTY_TWO(LETTER),
	THIRTY_TWO(LETTER),
	THIRTY_TWO(LETTER),
	THIRTY_TWO(LETTER),
};

static const uint8_t signs[256] = {
	['"'] = SIGN_QUOTE, ['/'] = SIGN_SLASH, [':'] = SIGN_COLON, [']'] = SIGN_BRACKET
};

static bool
is_typographic(const char *s, const char *stop)
{
	return stop - s >= 3 && memcmp(s, "\xe2\x80\x99", 3) == 0;
}

/* Has it neither quoted lines nor typographic apostrophes? */
static bool
is_all_visible(const char *s, size_t len)
{
	const char *stop = s + len, *p;

	for (p = s; (p = memchr(p, '>', (size_t)(stop - p))) != NULL; p++)
		if (p == s || p[-1] == '\n')
			return false;
	for (p = s; (p = memchr(p, 0xe2, (size_t)(stop - p))) != NULL; p++)
		if (is_typographic(p, stop))
			return false;
	return true;
}

static void
copy_line(struct buf *b, const char *s, const char *stop)
{
	while (s < stop) {
		const char *p = memchr(s, 0xe2, (size_t)(stop - s));

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
read_visible(struct tokens *t, const char *s, size_t len)
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
	if (is_all_visible(s, len))
		return;
	buf_clear(&t->visible);
	buf_reserve(&t->visible, len + 1);
	while (s < stop) {
		const char *end = memchr(s, '\n', (size_t)(stop - s));

		end = end != NULL ? end + 1 : stop;
		if (*s != '>')
			copy_line(&t->visible, s, end);
		s = end;
	}
	t->text = t->visible.data;
	t->text_len = t->visible.len;
}

/* Sets the byte classes and the folded text. */
static void
classify(struct tokens *t)
{
	const size_t blocks = byte_classes_len(t->text_len);
	char *to;

	buf_clear(&t->classes);
	buf_clear(&t->folded);
	to = buf_reserve(&t->folded, blocks * BYTE_CLASSES_BLOCK + KEY_PADDING);
	t->class = (struct byte_classes *)(void *)buf_reserve(&t->classes,
	    blocks * sizeof(*t->class));
	t->is_wide = byte_classes_read(t->class, t->text, t->text_len, to);
	t->folded.len = t->text_len + KEY_PADDING;
	memset(to + t->text_len, 0, KEY_PADDING);
}

/* Appends the key of a token with characters beyond ASCII. */
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
		t->folded.len += (size_t)utf8proc_encode_char(utf8proc_tolower(c),
		    (utf8proc_uint8_t *)to);
		s += n;
		left -= n;
	}
	k->key = (uint32_t)from;
	k->key_len = (uint32_t)(t->folded.len - from);
	memset(buf_reserve(&t->folded, KEY_PADDING), 0, KEY_PADDING);
	t->folded.len += KEY_PADDING;
}

static bool
has_non_ascii(const struct tokens *t, size_t at, size_t end)
{
	for (; at < end; at++)
		if ((unsigned char)t->text[at] >= 0x80)
			return true;
	return false;
}

/* A token in two blocks or more. */
static void
measure_long(struct tokens *t, size_t at, size_t end)
{
	size_t letters = 0;
	bool has_upper = false, has_lower = false;

	for (; at < end; at++) {
		const struct byte_classes *m = &t->class[at / BYTE_CLASSES_BLOCK];

		letters += m->letter >> at % BYTE_CLASSES_BLOCK & 1;
		has_upper |= m->upper >> at % BYTE_CLASSES_BLOCK & 1;
		has_lower |= m->lower >> at % BYTE_CLASSES_BLOCK & 1;
	}
	t->long_words += letters >= 2;
	t->capitals += letters >= 2 && has_upper && !has_lower;
}

/* Counts a token of two letters or more, and one in capitals. */
static inline void
measure(struct tokens *t, size_t at, size_t end)
{
	const struct byte_classes *m = &t->class[at / BYTE_CLASSES_BLOCK];
	const size_t from = at % BYTE_CLASSES_BLOCK, n = end - at;
	uint64_t letters, mask;
	bool is_long;

	if (from + n > BYTE_CLASSES_BLOCK) {
		measure_long(t, at, end);
		return;
	}
	mask = UINT64_MAX >> (BYTE_CLASSES_BLOCK - n) << from;
	letters = m->letter & mask;
	is_long = (letters & (letters - 1)) != 0;
	t->long_words += is_long;
	t->capitals += is_long && (m->upper & mask) != 0 && (m->lower & mask) == 0;
}

/* Does the run of stops at i end a sentence?  *end: where the run does. */
static bool
read_stops(struct tokens *t, size_t i, size_t *end)
{
	const unsigned char *s = (const unsigned char *)t->text;
	bool is_question = false, is_exclamation = false;

	for (; i < t->text_len && kinds[s[i]] & STOP; i++) {
		is_question |= s[i] == '?';
		is_exclamation |= s[i] == '!';
	}
	*end = i;
	if (i < t->text_len && kinds[s[i]] & LETTER)
		return false; /* "4.5", "page?id" */
	t->questions += is_question;
	t->exclamations += is_exclamation;
	return i == t->text_len || kinds[s[i]] & (BLANK | LINE_END);
}

/* Reads what is between two tokens; returns how many sentences end there. */
static uint32_t
read_gap(struct tokens *t, size_t i, size_t end)
{
	uint32_t sentences = 0;

	while (i < end) {
		const unsigned char c = (unsigned char)t->text[i];

		if (kinds[c] & STOP) {
			sentences += read_stops(t, i, &i);
			continue;
		}
		sentences += (kinds[c] & LINE_END) != 0;
		t->signs |= signs[c];
		i++;
	}
	return sentences;
}

/* For the most tokens that the text can have. */
static void
reserve(struct tokens *t)
{
	const size_t most = t->text_len / 2 + 2; /* and one after them */

	if (most <= t->cap)
		return;
	free(t->at);
	t->cap = 2 * most;
	t->at = arena_calloc(t->cap, sizeof(*t->at));
}

static inline void
put(struct tokens *t, struct token *to, size_t at, size_t end, uint32_t sentence)
{
	to->at = to->key = (uint32_t)at;
	to->end = (uint32_t)end;
	to->key_len = (uint32_t)(end - at);
	to->sentence = sentence;
	to->flags = 0;
	measure(t, at, end);
	if (t->is_wide && has_non_ascii(t, at, end))
		fold_wide(t, to);
}

/* Reads all tokens: runs of bits in the word class, edge by edge.  Returns their end. */
static struct token *
read_all(struct tokens *t, struct token *to)
{
	const size_t blocks = byte_classes_len(t->text_len);
	uint64_t carry = 0;
	uint32_t sentence = 0, last = UINT32_MAX;
	size_t from = 0, end = 0;
	bool is_in = false;

	for (size_t i = 0; i < blocks; i++) {
		const uint64_t word = t->class[i].word;
		uint64_t edges = word ^ (word << 1 | carry);

		carry = word >> (BYTE_CLASSES_BLOCK - 1);
		for (; edges != 0; edges &= edges - 1) {
			const size_t at = i * BYTE_CLASSES_BLOCK + (size_t)__builtin_ctzll(edges);

			is_in = !is_in;
			if (is_in) {
				from = at;
				continue;
			}
			if (from > end + 1 || (from > end && t->text[end] != ' '))
				sentence += read_gap(t, end, from);
			end = at;
			put(t, to++, from, end, sentence);
			t->sentences += sentence != last;
			last = sentence;
		}
	}
	read_gap(t, end, t->text_len);
	return to;
}

void
tokens_read(struct tokens *t, const char *text, size_t len)
{
	read_visible(t, text, len);
	classify(t);
	reserve(t);
	t->questions = t->exclamations = 0;
	t->sentences = t->long_words = t->capitals = 0;
	t->signs = 0;
	t->len = (size_t)(read_all(t, t->at) - t->at);
}

size_t
tokens_letters(const struct tokens *t)
{
	size_t n = 0;

	for (size_t i = 0; i < byte_classes_len(t->text_len); i++)
		n += (size_t)__builtin_popcountll(t->class[i].letter);
	return n;
}

void
tokens_release(struct tokens *t)
{
	free(t->at);
	buf_release(&t->visible);
	buf_release(&t->folded);
	buf_release(&t->classes);
	*t = (struct tokens){ 0 };
}
