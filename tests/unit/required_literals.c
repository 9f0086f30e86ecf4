/* required_literals.c - required literals: never more than every match has. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "lib/match/required_literals.h"
#include "tests/tap.h"

static struct arena arena;

static bool
is_edge(const char *text, const char *at)
{
	return regex_is_word(at > text ? (unsigned char)at[-1] : 0)
	    != regex_is_word((unsigned char)*at);
}

/* Is a word there, with the edges that it must have? */
static bool
is_met(const char *text, const struct text *word)
{
	size_t begin = word->ptr[0] == LITERAL_WORD_BOUNDARY;
	size_t end = word->ptr[word->len - 1] == LITERAL_WORD_BOUNDARY;
	size_t len = word->len - begin - end;

	for (const char *at = text; *at != '\0'; at++)
		if (strncmp(at, word->ptr + begin, len) == 0 && (!begin || is_edge(text, at))
		    && (!end || is_edge(text, at + len)))
			return true;
	return false;
}

/* Does the text (in lower case) hold a word of every clause? */
static bool
is_fulfilled(const struct required_literals *l, const char *text)
{
	for (size_t c = 0; c < l->len; c++) {
		bool is = false;

		for (size_t i = 0; i < l->clause[c].len; i++)
			is |= is_met(text, &l->clause[c].at[i]);
		if (!is)
			return false;
	}
	return true;
}

static struct required_literals
of(const char *pattern)
{
	struct text p = { pattern, strlen(pattern) };
	struct regex_node *tree = regex_parse(&p, &arena);

	return tree != NULL ? required_literals_of(tree, &arena)
			    : (struct required_literals){ .len = 0 };
}

/* The pattern matches the first text, and asks for something that the second
 * does not have (NULL: it may ask for nothing). */
static void
check(const char *pattern, const char *match, const char *other)
{
	struct required_literals l = of(pattern);

	ok(is_fulfilled(&l, match), "%s may match: %s", pattern, match);
	if (other != NULL)
		ok(!is_fulfilled(&l, other), "%s cannot match: %s", pattern, other);
}

static void
check_nothing(const char *pattern)
{
	struct required_literals l = of(pattern);

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
	check("\\bit(?:'|\xe2\x80\x99)s", "it's", "that");
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
	check("\\bdogs? (?:of|in) warrior\\w", "dog of warriors", NULL);
	check("\\bdogs? (?:of|in) warriors\\b", "dogs in warriors", "dogs in warriorship");
	check("\\bI\\b.{0,9} ?(?:tidy|neat)", "i nottidy", "i am not");
	check_nothing("(?:cats)*");
	check_nothing("(?:cats){0,3}");
	check_nothing("cats|.");
	check_nothing("\\w+");
	check_nothing("(?:cats");
	arena_release(&arena);
	return tap_done();
}
