/* How texts are read: what is seen, tokens, sentences, measures. */
#include "config.h"

#include <string.h>

#include "stages/extract_tokens.h"
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
	reads("\xc3\x89" "COLE caf\xc3\xa9 \xf0\x9f\x98\x80", "\xc3\xa9" "cole caf\xc3\xa9 \xf0\x9f\x98\x80");
	reads("\xe2\x80\x9c" "Cats\xe2\x80\x9d \xe2\x80\x94 dogs\xe2\x80\xa6 and\xc2\xa0owls", "cats dogs and owls");
	reads("x'", "x");
	reads("it'\xe2\x80\x94", "it");
	reads("an eightfold UPPER-CASE letters@Z[`{", "an eightfold upper case letters z");
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
	ok(t.questions == 2 && t.exclamations == 2, "runs of stops: %zu questions, %zu exclamations",
	    t.questions, t.exclamations);
	ok(!t.at[0].is_capital && t.at[8].is_capital && !t.at[9].is_capital && t.at[10].is_capital,
	    "two capitals or more are capitals");
	keys("caf\xc3\xa9 don't 4ever");
	ok(t.at[0].letters == 4 && t.at[1].letters == 4 && t.at[2].letters == 4,
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
	    && t.at[0].letters == UINT16_MAX, "a long text is cut between two characters");
	tokens_read(&t, big, 10);
	ok(!t.is_cut && t.len == 1 && t.at[0].end == 10, "and the next one is whole");
}

int
main(void)
{
	test_tokens();
	test_sentences();
	test_seen();
	test_measures();
	test_bounds();
	tokens_release(&t);
	return tap_done();
}
