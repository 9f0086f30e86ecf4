/* random_pattern.h - random patterns, and texts that they match, from few letters or words. */

#ifndef ALIGNX_TESTS_UNIT_RANDOM_PATTERN_H
#define ALIGNX_TESTS_UNIT_RANDOM_PATTERN_H

#include <string.h>

enum random_pattern_alphabet { OF_LETTERS, OF_WORDS };

static unsigned random_pattern_seed = 1;

static unsigned
random_pattern_below(unsigned n)
{
	random_pattern_seed = random_pattern_seed * 1103515245u + 12345u;
	return (random_pattern_seed >> 16) % n;
}

static char *
random_pattern_put(char *to, enum random_pattern_alphabet of, int depth)
{
	static const char *const words[] = { "cats", "hated", "dogs?", " ", " ", " ", "\\b", "\\b",
		"\\w{1,6} ", "[^.]{0,5}", "(?:cats|dogs) ", "gold(?:en)?", " (?:not|hated) ", "I ",
		"['\xe2\x80\x99]?s ", "\xc3\xa9", "[, ]", "_", "[^.]{0,90}", "[^_]{0,200}",
		"(?:hated|$)", " \xf0\x9f\x98\x82", "$" };
	static const char *const atoms[] = { "a", "b", " ", "ab", "a b", "\\b", "[ab]", "[^a]", ".",
		"\\w", "\\s", "'", "(?=a)", "(?<!b )", "\\d", "\xc3\xa9", "[ a-c]", "B", "(?:a|b)",
		"\\W", "$", "\n", "\xf0\x9f\x98\x82", "[\xc3\xa9\xf0\x9f\x98\x82]" };
	static const char *const quantifiers[] = { "?", "*", "+", "{0,2}", "{2}", "{1,9}", "+?",
		"?+" };
	unsigned n = 1 + random_pattern_below(4);

	for (unsigned i = 0; i < n; i++) {
		if (depth < 3 && random_pattern_below(4) == 0) {
			to = stpcpy(to, "(?:");
			to = random_pattern_put(to, of, depth + 1);
			to = stpcpy(to, ")");
		} else if (of == OF_WORDS) {
			to = stpcpy(to,
			    words[random_pattern_below(sizeof(words) / sizeof(*words))]);
			continue;
		} else {
			to = stpcpy(to,
			    atoms[random_pattern_below(sizeof(atoms) / sizeof(*atoms))]);
		}
		if (random_pattern_below(4) == 0)
			to = stpcpy(to,
			    quantifiers[random_pattern_below(sizeof(quantifiers)
				/ sizeof(*quantifiers))]);
	}
	if (depth < 3 && random_pattern_below(4) == 0) {
		to = stpcpy(to, "|");
		to = random_pattern_put(to, of, depth + 1);
	}
	return to;
}

/* Writes a pattern to `to`; most begin with a word or letter. */
static void
random_pattern_make(char *to, enum random_pattern_alphabet of)
{
	static const char *const begins[] = { "\\bcats", "\\bhated ", "\\bI ", "\\b(?:cats|dogs) ",
		"\\bgold(?:en)?", "\\b\\w{1,6} ", "\\b(?:not |x )?\\b(?:hated|s)", "^I ", "\\b",
		"" };
	static const char *const letters[] = { "\\ba", "\\b[ab]", "\\b(?:b+ )?a", "^b?a", "" };

	to = stpcpy(to,
	    of == OF_WORDS ? begins[random_pattern_below(sizeof(begins) / sizeof(*begins))]
			   : letters[random_pattern_below(sizeof(letters) / sizeof(*letters))]);
	*random_pattern_put(to, of, 0) = '\0';
}

/* Writes a text of up to `most` bytes, and a word more. */
static void
random_pattern_text(char *s, enum random_pattern_alphabet of, unsigned most)
{
	static const char *const words[] = { "cats", "hated", " dog", " dogs", " ", " ", "gold",
		"golden ", " not ", "I ", "'", "\xc3\xa9", ", ", ".", "_", "Cats ", "x ", "s ",
		" x x", " x x", " \xf0\x9f\x98\x82", "\n" };
	static const char *const parts[] = { "a", "b", "c", " ", " a", "ab", "\xc3\xa9", "'", "1",
		"A", ".", "_", "\n", "\xf0\x9f\x98\x82" };
	size_t n = random_pattern_below(most);

	*s = '\0';
	while (of == OF_WORDS && strlen(s) < n)
		strcat(s, words[random_pattern_below(sizeof(words) / sizeof(*words))]);
	while (strlen(s) < n)
		strcat(s, parts[random_pattern_below(sizeof(parts) / sizeof(*parts))]);
}

#endif
