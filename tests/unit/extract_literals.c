/* What patterns ask of a text: never more than a match of theirs has. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "stages/extract_literals.h"
#include "tests/tap.h"

static struct arena arena;

/* Does the text (in lower case) hold one string of every clause? */
static bool
is_fulfilled(const struct literals *l, const char *text)
{
	for (size_t c = 0; c < l->len; c++) {
		bool is_met = false;

		for (size_t i = 0; i < l->clause[c].len; i++)
			is_met |= memmem(text, strlen(text), l->clause[c].at[i].ptr,
			    l->clause[c].at[i].len) != NULL;
		if (!is_met)
			return false;
	}
	return true;
}

static struct literals
of(const char *pattern)
{
	struct text p = { pattern, strlen(pattern) };

	return literals_of(&p, &arena);
}

/* The pattern matches the first text, and asks for something that the second
 * does not have (NULL: it may ask for nothing). */
static void
check(const char *pattern, const char *match, const char *other)
{
	struct literals l = of(pattern);

	ok(is_fulfilled(&l, match), "%s may match: %s", pattern, match);
	if (other != NULL)
		ok(!is_fulfilled(&l, other), "%s cannot match: %s", pattern, other);
}

static void
check_nothing(const char *pattern)
{
	struct literals l = of(pattern);

	ok(l.len == 0, "%s asks for nothing", pattern);
}

int
main(void)
{
	check("\\bcats\\b", "two cats here", "two birds here");
	check("Cats", "two cats here", "a dog");
	check("cats|dogs", "dogs", "birds");
	check("(?:big|small) (?:cat|dog)s?", "a small dog", "a red bird");
	check("cats.{0,40}dogs", "cats and dogs", "cats and birds");
	check("cats[^.!?\\n]{0,40}\\b(?:dogs|owls)", "cats hate owls", "cats hate rain");
	check("colou?r", "colour", "shade");
	check("colou?r", "color", NULL);
	check("c[ao]ts", "cots", "beds");
	check("it['\xe2\x80\x99]?s cat", "it's cat", "that dog");
	check("it['\xe2\x80\x99]?s cat", "its cat", NULL);
	check("it(?:'|\xe2\x80\x99)s", "it's", NULL);
	/* texts are searched with plain apostrophes */
	check("it(?:'|\xe2\x80\x99)s", "it's", "that");
	check("c[a-z]ts", "cuts", NULL);
	check("cats\\d+dogs", "cats12dogs", "12");
	check("cats(?=dogs)dogs", "catsdogs", "birds");
	check("cats(?!dogs)", "cats", "birds");
	check("(?:cats)+", "catscats", "birds");
	check("(?:cats){2,3} dogs", "catscats dogs", "catscats birds");
	check("cats|do", "i do", NULL);
	check("\\.\\.\\.", "wait...", NULL);
	check("caf\xc3\xa9s au lait", "two caf\xc3\xa9s au lait", "two teas");
	check("(cats)\\1", "catscats", NULL);
	check("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz", "abc");
	check_nothing("(?:cats)*");
	check_nothing("(?:cats){0,3}");
	check_nothing("cats|.");
	check_nothing("\\w+");
	check_nothing("(?:cats");
	arena_release(&arena);
	return tap_done();
}
