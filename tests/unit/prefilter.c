/* prefilter.c - candidates: wherever PCRE2 matches, and hardly anywhere else. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/match/word_cache.h"
#include "tests/tap.h"
#include "tests/unit/random_pattern.h"

enum {
	PATTERNS = 40,
	ROUNDS = 160,
	LONG_ROUNDS = 30,
	TEXTS = 40,
	TEXT = 60,
	LONG = 400,
	PLACES = 512
};

static bool may[PATTERNS][PLACES], may_anywhere[PATTERNS];

static void
note(void *with, uint32_t pattern, size_t at)
{
	int *twice = with;
	bool *is_candidate = at == PREFILTER_ANYWHERE ? &may_anywhere[pattern] : &may[pattern][at];

	*twice += *is_candidate;
	*is_candidate = true;
}

struct tested_prefilter {
	struct prefilter *prefilter;
	struct word_cache *words;
	struct arena arena;
};

static struct tested_prefilter
tested_new(void)
{
	struct tested_prefilter t = { .prefilter = prefilter_new() };

	t.words = word_cache_new(NULL, t.prefilter, NULL, &t.arena);
	return t;
}

static void
tested_free(struct tested_prefilter *t)
{
	prefilter_free(t->prefilter);
	arena_release(&t->arena);
}

static void
each_candidate(struct tested_prefilter *x, const char *text, prefilter_fn *fn, void *with)
{
	struct tokens t = { 0 };

	tokens_read(&t, text, strlen(text));
	word_cache_fill(x->words, &t);
	prefilter_find(x->prefilter, &t, fn, with);
	tokens_release(&t);
}

/* Notes the candidates in a text; returns how many were reported twice. */
static int
find(struct tested_prefilter *x, const char *text)
{
	int twice = 0;

	memset(may, 0, sizeof(may));
	memset(may_anywhere, 0, sizeof(may_anywhere));
	each_candidate(x, text, note, &twice);
	return twice;
}

static bool
is_match(const pcre2_code *code, const char *text, size_t from)
{
	static pcre2_match_data *m;

	if (m == NULL)
		m = pcre2_match_data_create(1, NULL);
	return pcre2_match(code, (PCRE2_SPTR)text, strlen(text), from, PCRE2_NO_UTF_CHECK, m, NULL)
	    >= 0;
}

static bool
is_inside_character(const char *text, size_t at)
{
	return ((unsigned char)text[at] & 0xc0) == 0x80;
}

/* How many places, and patterns in texts for those that may match anywhere. */
struct tally {
	int missed, found, reported, twice;
	int at_word, anywhere; /* patterns */
	int anywhere_missed, anywhere_found, anywhere_skipped;
};

/* A pattern that begins at words: all places of a text. */
static void
compare_places(const pcre2_code *code, int pattern, const char *text, struct tally *n)
{
	for (size_t at = 0; text[at] != '\0'; at++) {
		bool is = !is_inside_character(text, at) && is_match(code, text, at);

		n->missed += is && !may[pattern][at];
		n->found += is && may[pattern][at];
		n->reported += may[pattern][at];
	}
}

static void
compare_anywhere(const pcre2_code *code, int pattern, const char *text, struct tally *n)
{
	bool is = is_match(code, text, 0);

	n->anywhere_missed += is && !may_anywhere[pattern];
	n->anywhere_found += is && may_anywhere[pattern];
	n->anywhere_skipped += !may_anywhere[pattern];
}

/* Random patterns in random texts. */
static void
try_round(enum random_pattern_alphabet of, unsigned most, struct tally *n)
{
	pcre2_code *code[PATTERNS] = { NULL };
	bool is_at_word[PATTERNS];
	struct tested_prefilter s = tested_new();
	char text[LONG + 8], pattern[4096];

	for (int i = 0; i < PATTERNS; i++) {
		struct text view = { pattern, 0 };
		PCRE2_SIZE at;
		int error;

		random_pattern_make(pattern, of);
		view.len = strlen(pattern);
		is_at_word[i] = prefilter_add(s.prefilter, &view);
		code[i] = pcre2_compile((PCRE2_SPTR)pattern, view.len,
		    PCRE2_CASELESS | PCRE2_UTF | (is_at_word[i] ? PCRE2_ANCHORED : 0), &error, &at,
		    NULL);
		if (code[i] != NULL)
			pcre2_jit_compile(code[i], PCRE2_JIT_COMPLETE);
		n->at_word += is_at_word[i];
		n->anywhere += !is_at_word[i];
	}
	for (int k = 0; k < TEXTS; k++) {
		random_pattern_text(text, of, most);
		n->twice += find(&s, text);
		for (int i = 0; i < PATTERNS; i++)
			if (code[i] != NULL && is_at_word[i])
				compare_places(code[i], i, text, n);
			else if (code[i] != NULL)
				compare_anywhere(code[i], i, text, n);
	}
	for (int i = 0; i < PATTERNS; i++)
		pcre2_code_free(code[i]);
	tested_free(&s);
}

/* How many candidates one pattern has; ANYWHERE: it is to be searched in the whole text;
 * NOWHERE: it is not, since its literals are not there. */
enum { ANYWHERE = -1, NOWHERE = -2 };

static int
places(const char *pattern, const char *text)
{
	struct tested_prefilter s = tested_new();
	struct text view = { pattern, strlen(pattern) };
	bool is_at_word = prefilter_add(s.prefilter, &view);
	int n = 0;

	find(&s, text);
	for (size_t i = 0; i < PLACES; i++)
		n += may[0][i];
	tested_free(&s);
	return is_at_word ? n : may_anywhere[0] ? ANYWHERE : NOWHERE;
}

static void
note_last(void *with, uint32_t pattern, size_t at)
{
	uint32_t *last = with;

	*last = at == 5 ? pattern : UINT32_MAX;
}

/* Of many patterns, the one with a candidate at the second word of a text. */
static uint32_t
one_of_many(const char *text)
{
	enum { MANY = 9000 };
	struct tested_prefilter s = tested_new();
	uint32_t last = UINT32_MAX;
	char pattern[32];

	for (int i = 0; i < MANY; i++) {
		struct text view = { pattern,
			(size_t)snprintf(pattern, sizeof(pattern), "\\bcats%d hated", i) };

		prefilter_add(s.prefilter, &view);
	}
	each_candidate(&s, text, note_last, &last);
	tested_free(&s);
	return last;
}

static void
test_random(void)
{
	struct tally n = { 0 };

	for (int i = 0; i < ROUNDS; i++)
		try_round(OF_LETTERS, TEXT, &n);
	ok(n.found > 50000 && n.missed == 0,
	    "patterns of letters match at %d places, none missed (%d)", n.found, n.missed);
	ok(n.reported < 2 * n.found, "of %d candidates at least half match", n.reported);
	ok(n.anywhere_found > 10000 && n.anywhere_missed == 0,
	    "the others match in %d texts, none missed (%d)", n.anywhere_found, n.anywhere_missed);
	ok(n.twice == 0, "no candidate is reported twice");
	n = (struct tally){ 0 };
	for (int i = 0; i < ROUNDS; i++)
		try_round(OF_WORDS, TEXT, &n);
	ok(n.at_word > PATTERNS * ROUNDS / 3, "of %d patterns of words %d begin at one",
	    PATTERNS * ROUNDS, n.at_word);
	ok(n.found > 5000 && n.missed == 0, "%d places where they match, none missed (%d)", n.found,
	    n.missed);
	ok(n.reported < 2 * n.found, "of %d candidates at least half match", n.reported);
	ok(n.anywhere_found > 1000 && n.anywhere_missed == 0,
	    "the others match in %d texts, none missed (%d)", n.anywhere_found, n.anywhere_missed);
	ok(n.anywhere_skipped > 1000, "%d texts are skipped for want of literals",
	    n.anywhere_skipped);
	ok(n.twice == 0, "no candidate is reported twice");
	n = (struct tally){ 0 };
	for (int i = 0; i < LONG_ROUNDS; i++)
		try_round(OF_WORDS, LONG, &n);
	ok(n.found > 5000 && n.missed == 0, "%d places in long texts, none missed (%d)", n.found,
	    n.missed);
	ok(n.reported < 3 * n.found, "of %d candidates at least a third match", n.reported);
}

static void
test_first_words(void)
{
	ok(places("\\bcats?\\b", "cat cats concat") == 2, "a pattern begins at a word boundary");
	ok(places("\\b\xc3\xa9t", "_\xc3\xa9t \xc3\xa9t a\xc3\xa9t") == ANYWHERE,
	    "what begins with a character beyond ASCII may match anywhere");
	ok(places("^(?:cat|dog)", "cat cat dog") == 3 && places("^(?:cat|dog)", "a bird") == 0,
	    "^ is taken for a word boundary");
	ok(places("\\bcats hated", "cats hated cats loved cats, hated") == 1,
	    "the next word must be one that the pattern may have second");
	ok(places("\\bcats hated_", "cats hated_ cats hated") == 1
		&& places("\\bcats_hated dogs", "cats_hated dogs cats_hated cats") == 1
		&& places("\\bcats [_ ]hated", "cats _hated cats  hated") == 2,
	    "words of patterns may have underscores");
	ok(places("\\bcats?\\W+don't", "cats don't cat dont cat - don't") == 2,
	    "words may have apostrophes");
	ok(places("\\bit['\xe2\x80\x99]s", "it\xe2\x80\x99s it's its") == 2,
	    "a typographic apostrophe is a plain one");
	ok(places("\\b(?:cat|s )", "cat's cat s x") == 4, "a word may begin inside a token");
}

static void
test_dfa(void)
{
	ok(places("\\bI (?:really |just ){0,2}(?:hate|love) it",
	       "I really just hate it, I just do, I love him")
		== 1,
	    "the whole pattern is followed");
	ok(places("\\bI\\b[^.]{0,30}\\bhate", "I do. I love him") == 0
		&& places("\\bI\\b[^.]{0,30}\\bhate", "I do. I so hate him") == 1,
	    "gaps are followed");
	ok(places("\\bcats(?: |-)+x hated", "cats x hated cats -x hated") == 2
		&& places("\\bcats[ -]+ hated", "cats  hated cats -hated cats - hated") == 2,
	    "blanks and signs are followed");
	ok(places("\\bcats?(?: \\w+)?$", "cats cat cats") == 2 && places("\\bcats$", "cats") == 1
		&& places("\\bcats$", "cats\n") == 1 && places("\\bcats$", "cats cats") == 1,
	    "$ is the end of the text");
}

static void
test_literals(void)
{
	char far[300] = "";

	ok(places("\\bcats\\b[^.]{0,9}\\bhated", "hated. cats and cats so hated. cats") == 1,
	    "a required word must follow within reach");
	memset(far, 'x', sizeof(far) - 1);
	for (size_t i = 4; i < sizeof(far) - 6; i += 5)
		far[i] = ' ';
	memcpy(far, "cats", 4);
	memcpy(far + sizeof(far) - 7, " hated", 6);
	ok(places("\\bcats\\b[^_]{0,300}\\bhated\\b", far) == 1, "a reach may be long");
	ok(places("cats", "a dog") == NOWHERE && places("cats", "two cats") == ANYWHERE,
	    "a pattern that may match anywhere is searched only where its literals are");
	ok(places("(?:\\bcat|dogs)", "a cat") == ANYWHERE
		&& places("(?:\\bcat|dogs)", "hotdogs") == ANYWHERE
		&& places("(?:\\bcat|dogs)", "concat") == NOWHERE,
	    "its literals may be part of a word");
	ok(places("\xf0\x9f\x98\x82", "\xc3\xa9\xe2\x80\x9c \xf0\x9f\x98\x83") == ANYWHERE,
	    "without literals it is searched in every text");
	ok(places("(?:a|\\p{L})b", "ab") == ANYWHERE && places(".*cat", "a cat") == ANYWHERE
		&& places("\\Qcat\\E", "a dog") == ANYWHERE && places("(?:a)\\1", "aa") == ANYWHERE
		&& places("", "cat") == ANYWHERE && places("(?:", "cat") == ANYWHERE
		&& places("[a", "cat") == ANYWHERE,
	    "what is not understood may match anywhere");
}

int
main(void)
{
	test_random();
	test_first_words();
	test_dfa();
	test_literals();
	ok(one_of_many("some cats7 hated") == 7 && one_of_many("some cats5007 hated") == 5007
		&& one_of_many("some cats8999 hated") == 8999,
	    "nine thousand patterns are distinguished");
	return tap_done();
}
