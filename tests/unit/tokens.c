/* tokens.c - texts as tokens and sentences, and their measures. */

#include "config.h"

#include <string.h>

#include "lib/match/tokens.h"
#include "tests/tap.h"

static struct tokens t;

/* The keys of a text's tokens, a bar where a sentence ends. */
static const char *
keys(const char *text)
{
	static char out[512];
	size_t n = 0;

	tokens_read(&t, text, strlen(text));
	for (size_t i = 0; i < t.len; i++) {
		const struct token *k = &t.at[i];

		if (i > 0)
			out[n++] = k->sentence != k[-1].sentence ? '|' : ' ';
		memcpy(out + n, token_key(&t, k), k->key_len);
		n += k->key_len;
	}
	out[n] = '\0';
	return out;
}

static void
reads(const char *text, const char *want)
{
	const char *got = keys(text);

	ok(strcmp(got, want) == 0, "'%.*s' is '%s'", (int)strcspn(text, "\n"), text, got);
}

static void
test_tokens(void)
{
	reads("", "");
	reads(" ... !", "");
	reads("I like CATS, 42 cats", "i like cats 42 cats");
	reads("don't 'quote' dogs' o'clock rock'n'roll", "don't quote dogs o'clock rock'n'roll");
	reads("it\xe2\x80\x99s the dogs\xe2\x80\x99", "it's the dogs");
	reads("a_b c-d e/f g@h", "a b c d e f g h");
	reads("\xc3\x89"
	      "COLE caf\xc3\xa9 \xf0\x9f\x98\x80",
	    "\xc3\xa9"
	    "cole caf\xc3\xa9 \xf0\x9f\x98\x80");
	reads("\xe2\x80\x9c"
	      "Cats\xe2\x80\x9d \xe2\x80\x94 dogs\xe2\x80\xa6 and\xc2\xa0owls",
	    "cats dogs and owls");
	reads("x'", "x");
	reads("it'\xe2\x80\x94", "it");
	reads("an eightfold UPPER-CASE letters@Z[`{", "an eightfold upper case letters z");
}

static unsigned
below(unsigned n)
{
	static unsigned seed = 7;

	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % n;
}

/* Letters, and what may be inside a word, byte by byte. */
static bool
is_of_word(const char *s, size_t i, size_t len)
{
	const unsigned char *at = (const unsigned char *)s + i;
	const char *gaps[] = { "\xe2\x80\x9c", "\xe2\x80\x94", "\xc2\xa0" };

	for (size_t k = 0; k < sizeof(gaps) / sizeof(*gaps); k++)
		for (size_t from = i < 2 ? 0 : i - 2; from <= i; from++)
			if (i < from + strlen(gaps[k]) && from + strlen(gaps[k]) <= len
			    && memcmp(s + from, gaps[k], strlen(gaps[k])) == 0)
				return false;
	if (*at == '\'')
		return i > 0 && i + 1 < len && s[i - 1] != '\'' && s[i + 1] != '\''
		    && is_of_word(s, i - 1, len) && is_of_word(s, i + 1, len);
	return *at >= 0x80 || (*at >= '0' && *at <= '9') || (*at >= 'a' && *at <= 'z')
	    || (*at >= 'A' && *at <= 'Z');
}

/* Compares the tokens of a random text, with edges at all places of a block, to those found
 * byte by byte; how many there were, or -1 where they differ. */
static int
read_random(void)
{
	static const char *const parts[] = { "a", "B", "cd", "7", " ", ". ", "'", "''", "_", "\n",
		"\xc3\xa9", "\xc3\x89", "\xe2\x80\x9c", "\xe2\x80\x94", "\xc2\xa0",
		"\xf0\x9f\x98\x80", "word", "WORD's" };
	char text[400] = { 0 };
	size_t len = 0, most = below(300), n = 0, letters = 0;

	while (len < most) {
		const char *part = parts[below(sizeof(parts) / sizeof(*parts))];

		memcpy(text + len, part, strlen(part));
		len += strlen(part);
	}
	tokens_read(&t, text, len);
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)text[i];
		bool is = is_of_word(text, i, len);

		letters += is && (c >= 0xc0 || (c < 0x80 && (c | 0x20) >= 'a'));
		if (is && (i == 0 || !is_of_word(text, i - 1, len))
		    && (n == t.len || t.at[n].at != i))
			return -1;
		n += is && (i + 1 == len || !is_of_word(text, i + 1, len));
		if (is && (i + 1 == len || !is_of_word(text, i + 1, len))
		    && t.at[n - 1].end != i + 1)
			return -1;
	}
	return n == t.len && letters == tokens_letters(&t) ? (int)n : -1;
}

static void
test_random(void)
{
	int read = 0, wrong = 0;

	for (int i = 0; i < 20000; i++) {
		int n = read_random();

		read += n > 0 ? n : 0;
		wrong += n < 0;
	}
	ok(wrong == 0 && read > 100000, "%d tokens of random texts, %d wrong", read, wrong);
}

static void
test_sentences(void)
{
	reads("One. Two! Three? Four", "one|two|three|four");
	reads("Version 4.5 of v.1 page?id=3", "version 4 5 of v 1 page id 3");
	reads("Wait... what?! yes", "wait|what|yes");
	reads("one\ntwo\n\nthree", "one|two|three");
	reads("end.", "end");
	reads("\"Why?\" she said", "why she said");
}

static void
test_seen(void)
{
	reads("> I hate this\nI love it\n>and this\n", "i love it");
	reads("5 > 3 and 3 > 1", "5 3 and 3 1");
	reads(">all\n>quoted", "");
	reads("a\n>b", "a");
	keys("a >\n>b\nc");
	ok(t.text_len == 5 && memcmp(t.text, "a >\nc", 5) == 0, "positions count in what is seen");
}

static void
test_measures(void)
{
	keys("Really?? Yes!! No!? 5.5 page?x=1 WOW, I AM A NASA fan. I2 U2");
	ok(t.questions == 2 && t.exclamations == 2,
	    "runs of stops: %zu questions, %zu exclamations", t.questions, t.exclamations);
	ok(t.capitals == 3 && t.long_words == 8, "two capitals or more are capitals: %zu of %zu",
	    t.capitals, t.long_words);
	keys("caf\xc3\xa9 don't 4ever");
	ok(tokens_letters(&t) == 12 && t.long_words == 3,
	    "letters are no bytes, digits or apostrophes");
}

static void
test_bounds(void)
{
	static char big[TOKENS_TEXT_MAX + 4];

	memset(big, 'a', sizeof(big));
	memcpy(big + TOKENS_TEXT_MAX - 1, "\xc3\xa9", 2);
	tokens_read(&t, big, sizeof(big));
	ok(t.is_cut && t.text_len == TOKENS_TEXT_MAX - 1 && t.len == 1
		&& tokens_letters(&t) == t.text_len,
	    "a long text is cut between two characters");
	tokens_read(&t, big, 10);
	ok(!t.is_cut && t.len == 1 && t.at[0].end == 10, "the text after a cut one is whole");
}

int
main(void)
{
	test_tokens();
	test_random();
	test_sentences();
	test_seen();
	test_measures();
	test_bounds();
	tokens_release(&t);
	return tap_done();
}
