/* word_frequency.c - the frequency of a word, by its length or, for common ones, from a table. */

#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/match/word_frequency.h"

/* The commonest words of English, sorted, in three classes of frequency. */
/* clang-format off */
static const struct common_word {
	const char *word;
	double frequency;
} common[] = {
	{ "a", .02 }, { "about", .006 }, { "after", .0015 }, { "all", .006 }, { "also", .0015 },
	{ "always", .0015 }, { "am", .0015 }, { "an", .006 }, { "and", .02 }, { "any", .0015 },
	{ "are", .006 }, { "as", .006 }, { "at", .006 }, { "back", .0015 }, { "be", .006 },
	{ "because", .006 }, { "been", .0015 }, { "being", .0015 }, { "better", .0015 },
	{ "but", .006 }, { "by", .006 }, { "can", .006 }, { "could", .0015 }, { "day", .0015 },
	{ "did", .0015 }, { "do", .006 }, { "does", .0015 }, { "don", .006 }, { "even", .0015 },
	{ "every", .0015 }, { "feel", .0015 }, { "find", .0015 }, { "first", .0015 },
	{ "for", .02 }, { "from", .006 }, { "game", .0015 }, { "get", .006 }, { "go", .0015 },
	{ "going", .0015 }, { "good", .0015 }, { "got", .0015 }, { "had", .0015 }, { "has", .006 },
	{ "have", .006 }, { "he", .006 }, { "her", .0015 }, { "here", .0015 }, { "him", .0015 },
	{ "his", .0015 }, { "hope", .0015 }, { "how", .006 }, { "i", .02 }, { "if", .006 },
	{ "in", .02 }, { "into", .0015 }, { "is", .02 }, { "it", .02 }, { "just", .006 },
	{ "know", .0015 }, { "life", .0015 }, { "like", .006 }, { "look", .0015 }, { "lot", .0015 },
	{ "love", .0015 }, { "m", .006 }, { "make", .0015 }, { "me", .006 }, { "more", .006 },
	{ "most", .0015 }, { "much", .0015 }, { "my", .006 }, { "need", .0015 }, { "never", .0015 },
	{ "new", .0015 }, { "no", .006 }, { "not", .006 }, { "now", .0015 }, { "of", .02 },
	{ "off", .0015 }, { "on", .02 }, { "one", .006 }, { "only", .0015 }, { "or", .006 },
	{ "other", .0015 }, { "our", .0015 }, { "out", .006 }, { "over", .0015 },
	{ "people", .006 }, { "please", .0015 }, { "really", .0015 }, { "right", .0015 },
	{ "s", .02 }, { "same", .0015 }, { "say", .0015 }, { "see", .0015 }, { "she", .0015 },
	{ "should", .0015 }, { "so", .006 }, { "some", .006 }, { "someone", .0015 },
	{ "something", .0015 }, { "still", .0015 }, { "sure", .0015 }, { "t", .02 },
	{ "take", .0015 }, { "than", .0015 }, { "thanks", .0015 }, { "that", .02 }, { "the", .02 },
	{ "their", .0015 }, { "them", .006 }, { "then", .0015 }, { "there", .006 },
	{ "they", .006 }, { "thing", .0015 }, { "things", .0015 }, { "think", .0015 },
	{ "this", .006 }, { "time", .0015 }, { "to", .02 }, { "too", .0015 }, { "up", .006 },
	{ "us", .0015 }, { "use", .0015 }, { "very", .0015 }, { "want", .0015 }, { "was", .006 },
	{ "way", .0015 }, { "we", .006 }, { "well", .0015 }, { "what", .006 }, { "when", .006 },
	{ "where", .0015 }, { "who", .0015 }, { "why", .0015 }, { "will", .006 }, { "with", .006 },
	{ "work", .0015 }, { "would", .006 }, { "year", .0015 }, { "years", .0015 }, { "you", .02 },
	{ "your", .006 },
};
/* clang-format on */

static int
compare(const void *word, const void *entry)
{
	const char *s = ((const struct common_word *)entry)->word;
	const struct text common_word = { s, strlen(s) };

	return text_compare(word, &common_word);
}

static double
common_frequency(const struct text *word)
{
	const struct common_word *c = bsearch(word, common, sizeof(common) / sizeof(common[0]),
	    sizeof(common[0]), compare);

	return c != NULL ? c->frequency : 0;
}

double
word_frequency(const struct text *word, bool is_whole)
{
	/* by length */
	static const double whole[] = { 1, .004, .001, .0003, .0001, .00004 };
	static const double part[] = { 1, .06, .02, .004, .001, .0003 };
	enum { LAST = 5 };
	size_t i = word->len < LAST ? word->len : LAST;

	return fmax(is_whole ? whole[i] : part[i], common_frequency(word));
}
