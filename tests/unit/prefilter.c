/* Where patterns may begin: wherever PCRE2 finds that they do, and hardly
 * anywhere else. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/match/word_cache.h"
#include "tests/tap.h"

enum { PATTERNS = 40, ROUNDS = 25, LONG_ROUNDS = 2, TEXTS = 40, TEXT = 60, LONG = 400,
	PLACES = 512 };
enum parts { OF_LETTERS, OF_WORDS };

static unsigned seed = 1;

static unsigned
below(unsigned n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % n;
}

static bool may[PATTERNS][PLACES];

static void
note(void *with, uint32_t pattern, size_t at)
{
	int *twice = with;

	*twice += may[pattern][at];
	may[pattern][at] = true;
}

/* Patterns, and what is known of words. */
struct tried {
	struct starts *starts;
	struct glossary *glossary;
	struct arena arena;
};

static struct tried
tried_new(void)
{
	struct tried t = { .starts = starts_new() };

	t.glossary = glossary_new(NULL, t.starts, &t.arena);
	return t;
}

static void
tried_free(struct tried *t)
{
	starts_free(t->starts);
	arena_release(&t->arena);
}

/* Tells the places found for patterns in a text. */
static void
tell(struct tried *x, const char *text, starts_fn *fn, void *with)
{
	struct tokens t = { 0 };

	tokens_read(&t, text, strlen(text));
	glossary_read(x->glossary, &t);
	starts_find(x->starts, &t, fn, with);
	tokens_release(&t);
}

/* Notes them; how many were told twice. */
static int
find(struct tried *x, const char *text)
{
	int twice = 0;

	memset(may, 0, sizeof(may));
	tell(x, text, note, &twice);
	return twice;
}

/* A random pattern over few letters or words, so that random texts match it. */
static char *
put_pattern(char *to, enum parts of, int depth)
{
	static const char *const words[] = { "cats", "hated", "dogs?", " ", " ", " ",
		"\\b", "\\b", "\\w{1,6} ", "[^.]{0,5}", "(?:cats|dogs) ", "gold(?:en)?",
		" (?:not|hated) ", "I ", "['\xe2\x80\x99]?s ", "\xc3\xa9", "[, ]", "_",
		"[^.]{0,90}", "[^_]{0,200}", "(?:hated|$)", " \xf0\x9f\x98\x82", "$" };
	static const char *const atoms[] = { "a", "b", " ", "ab", "a b", "\\b",
		"[ab]", "[^a]", ".", "\\w", "\\s", "'", "(?=a)", "(?<!b )", "\\d",
		"\xc3\xa9", "[ a-c]", "B", "(?:a|b)", "\\W", "$", "\n", "\xf0\x9f\x98\x82",
		"[\xc3\xa9\xf0\x9f\x98\x82]" };
	static const char *const quantifiers[] = { "?", "*", "+", "{0,2}", "{2}",
		"{1,9}", "+?", "?+" };
	unsigned n = 1 + below(4);

	for (unsigned i = 0; i < n; i++) {
		if (depth < 3 && below(4) == 0) {
			to = stpcpy(to, "(?:");
			to = put_pattern(to, of, depth + 1);
			to = stpcpy(to, ")");
		} else if (of == OF_WORDS) {
			to = stpcpy(to, words[below(sizeof(words) / sizeof(*words))]);
			continue;
		} else {
			to = stpcpy(to, atoms[below(sizeof(atoms) / sizeof(*atoms))]);
		}
		if (below(4) == 0)
			to = stpcpy(to, quantifiers[below(sizeof(quantifiers)
			    / sizeof(*quantifiers))]);
	}
	if (depth < 3 && below(4) == 0) {
		to = stpcpy(to, "|");
		to = put_pattern(to, of, depth + 1);
	}
	return to;
}

static void
make_text(char *s, enum parts of, unsigned most)
{
	static const char *const words[] = { "cats", "hated", " dog", " dogs", " ", " ",
		"gold", "golden ", " not ", "I ", "'", "\xc3\xa9", ", ", ".", "_", "Cats ",
		"x ", "s ", " x x", " x x", " \xf0\x9f\x98\x82", "\n" };
	static const char *const parts[] = { "a", "b", "c", " ", " a", "ab",
		"\xc3\xa9", "'", "1", "A", ".", "_", "\n", "\xf0\x9f\x98\x82" };
	size_t n = below(most);

	*s = '\0';
	while (of == OF_WORDS && strlen(s) < n)
		strcat(s, words[below(sizeof(words) / sizeof(*words))]);
	while (strlen(s) < n)
		strcat(s, parts[below(sizeof(parts) / sizeof(*parts))]);
}

static bool
begins_at(const pcre2_code *code, const char *text, size_t at)
{
	pcre2_match_data *m = pcre2_match_data_create(1, NULL);
	bool is = pcre2_match(code, (PCRE2_SPTR)text, strlen(text), at,
	    PCRE2_NO_UTF_CHECK, m, NULL) >= 0;

	pcre2_match_data_free(m);
	return is;
}

static bool
is_inside_character(const char *text, size_t at)
{
	return ((unsigned char)text[at] & 0xc0) == 0x80;
}

/* Random patterns in random texts: places missed, found, and all told. */
static void
try_round(enum parts of, unsigned most, int *missed, int *found, int *told, int *twice, int *known)
{
	pcre2_code *code[PATTERNS] = { NULL };
	bool is_known[PATTERNS];
	struct tried s = tried_new();
	char text[LONG + 8], pattern[4096];

	for (int i = 0; i < PATTERNS; i++) {
		struct text view = { pattern, 0 };
		PCRE2_SIZE at;
		int error;

		*put_pattern(stpcpy(pattern, of == OF_WORDS ? "\\b" : ""), of, 0) = '\0';
		view.len = strlen(pattern);
		code[i] = pcre2_compile((PCRE2_SPTR)pattern, view.len, PCRE2_CASELESS
		    | PCRE2_UTF | PCRE2_ANCHORED, &error, &at, NULL);
		if (code[i] != NULL)
			pcre2_jit_compile(code[i], PCRE2_JIT_COMPLETE);
		is_known[i] = starts_add(s.starts, &view) && code[i] != NULL;
		*known += is_known[i];
	}
	for (int k = 0; k < TEXTS; k++) {
		make_text(text, of, most);
		*twice += find(&s, text);
		for (int i = 0; i < PATTERNS; i++)
			for (size_t at = 0; is_known[i] && text[at] != '\0'; at++) {
				bool is = !is_inside_character(text, at)
				    && begins_at(code[i], text, at);

				*missed += is && !may[i][at];
				*found += is && may[i][at];
				*told += may[i][at];
			}
	}
	for (int i = 0; i < PATTERNS; i++)
		pcre2_code_free(code[i]);
	tried_free(&s);
}

/* How many places one pattern is told to begin at; -1: it is not known. */
static int
places(const char *pattern, const char *text)
{
	struct tried s = tried_new();
	struct text view = { pattern, strlen(pattern) };
	bool is_known = starts_add(s.starts, &view);
	int n = 0;

	find(&s, text);
	for (size_t i = 0; i < PLACES; i++)
		n += may[0][i];
	tried_free(&s);
	return is_known ? n : -1;
}

static void
note_last(void *with, uint32_t pattern, size_t at)
{
	uint32_t *last = with;

	*last = at == 5 ? pattern : UINT32_MAX;
}

/* Of many patterns, the one that is told of the second word of a text. */
static uint32_t
one_of_many(const char *text)
{
	enum { MANY = 9000 };
	struct tried s = tried_new();
	uint32_t last = UINT32_MAX;
	char pattern[32];

	for (int i = 0; i < MANY; i++) {
		struct text view = { pattern, (size_t)snprintf(pattern, sizeof(pattern),
		    "\\bcats%d hated", i) };

		starts_add(s.starts, &view);
	}
	tell(&s, text, note_last, &last);
	tried_free(&s);
	return last;
}

int
main(void)
{
	int missed = 0, found = 0, told = 0, twice = 0, known = 0;
	char far[300] = "";

	for (int i = 0; i < ROUNDS; i++)
		try_round(OF_LETTERS, TEXT, &missed, &found, &told, &twice, &known);
	ok(known > PATTERNS * ROUNDS / 3, "of %d random patterns %d are known",
	    PATTERNS * ROUNDS, known);
	ok(found > 50000 && missed == 0, "%d places where they match, none missed (%d)",
	    found, missed);
	ok(told < 2 * found, "%d places are told", told);
	ok(twice == 0, "none twice");
	missed = found = told = twice = known = 0;
	for (int i = 0; i < ROUNDS; i++)
		try_round(OF_WORDS, TEXT, &missed, &found, &told, &twice, &known);
	ok(known > PATTERNS * ROUNDS / 2, "of %d patterns of words %d are known",
	    PATTERNS * ROUNDS, known);
	ok(found > 5000 && missed == 0, "%d places where they match, none missed (%d)",
	    found, missed);
	ok(told < 2 * found, "%d places are told", told);
	missed = found = told = twice = known = 0;
	for (int i = 0; i < LONG_ROUNDS; i++)
		try_round(OF_WORDS, LONG, &missed, &found, &told, &twice, &known);
	ok(found > 5000 && missed == 0, "%d places in long texts, none missed (%d)", found, missed);
	ok(told < 3 * found, "%d places are told", told);
	ok(places("\\bcats?\\b", "cat cats concat") == 2, "words are looked at from their edge");
	ok(places("cats?", "cat cats concat") == 3, "or from anywhere");
	ok(places("\\b(?:cat|[' ]s)", "cat's cat s 's") == 4, "some at either edge");
	ok(places("\\b\xc3\xa9t", "_\xc3\xa9t \xc3\xa9t a\xc3\xa9t") == 2,
	    "also what is not ASCII, at its edges");
	ok(places("^(?:cat|dog)", "cat cat dog") == 1 && places("^(?:cat|dog)", "a cat") == 0,
	    "some at the start alone");
	ok(places("\\bI (?:really |just ){0,2}(?:hate|love) it", "I really just hate it, I just do, I love him") == 1,
	    "all of a pattern is followed");
	ok(places("\\bI\\b[^.]{0,30}\\bhate", "I do. I love him") == 0
	    && places("\\bI\\b[^.]{0,30}\\bhate", "I do. I so hate him") == 1, "with its gaps");
	ok(places("(?:\\bcat|dogs)", "a'cat cat a-cat") == 3, "also inside a token");
	ok(places("\\bcats hated", "cats hated cats loved cats, hated") == 1,
	    "the next word must be one of the pattern's");
	ok(places("\\bcats hated_", "cats hated_ cats hated") == 1
	    && places("\\bcats_hated dogs", "cats_hated dogs cats_hated cats") == 1
	    && places("\\bcats [_ ]hated", "cats _hated cats  hated") == 2,
	    "words go on behind underscores");
	ok(places("\\bcats?\\W+don't", "cats don't cat dont cat - don't") == 2,
	    "and behind apostrophes");
	ok(places("\\bcats\\b[^.]{0,9}\\bhated", "hated. cats and cats so hated. cats") == 1,
	    "what a pattern needs must come behind, and near");
	memset(far, 'x', sizeof(far) - 1);
	for (size_t i = 4; i < sizeof(far) - 6; i += 5)
		far[i] = ' ';
	memcpy(far, "cats", 4);
	memcpy(far + sizeof(far) - 7, " hated", 6);
	ok(places("\\bcats\\b[^_]{0,300}\\bhated\\b", far) == 1, "or as far as it may");
	ok(places("\\bcats(?: |-)+x hated", "cats x hated cats -x hated") == 2
	    && places("\\bcats[ -]+ hated", "cats  hated cats -hated cats - hated") == 2,
	    "a word is read with and without a blank before it");
	ok(places("\\bcats?(?: \\w+)?$", "cats cat cats") == 2 && places("^cats$", "cats") == 1
	    && places("^cats$", "cats\n") == 1 && places("^cats$", "cats cats") == 0,
	    "to the end of the text");
	ok(places("\xf0\x9f\x98\x82", "\xc3\xa9\xe2\x80\x9c \xf0\x9f\x98\x83") == 1,
	    "characters of four bytes are told from others");
	ok(places("\\bit['\xe2\x80\x99]s", "it\xe2\x80\x99s it's its") == 2, "apostrophes are plain");
	ok(places("(?:a|\\p{L})b", "ab") == -1 && places(".*cat", "cat") == 1
	    && places("\\Qcat\\E", "cat") == -1 && places("(?:a)\\1", "aa") == 2,
	    "what is not understood may begin anywhere");
	ok(one_of_many("some cats7 hated") == 7 && one_of_many("some cats5007 hated") == 5007
	    && one_of_many("some cats8999 hated") == 8999, "nine thousand patterns are told apart");
	ok(places("", "cat") == -1 && places("(?:", "cat") == -1
	    && places("[a", "cat") == -1, "nor what is no pattern");
	return tap_done();
}
