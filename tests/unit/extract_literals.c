/* What patterns ask of a text. */
#include "config.h"

#include <string.h>

#include "stages/extract_literals.h"
#include "tests/tap.h"

static struct arena arena;

/* "a,b c": one clause of two strings, and another of one; in the order kept. */
static const char *
asks(const char *pattern)
{
	static char out[4096];
	struct text p = { pattern, strlen(pattern) };
	struct literals l = literals_of(&p, &arena);
	char *at = out;

	*at = '\0';
	for (size_t c = 0; c < l.len; c++)
		for (size_t i = 0; i < l.clause[c].len; i++)
			at += sprintf(at, "%s%.*s", i > 0 ? "," : c > 0 ? " & " : "",
			    (int)l.clause[c].at[i].len, l.clause[c].at[i].ptr);
	return out;
}

static void
check(const char *pattern, const char *want)
{
	const char *got = asks(pattern);

	ok(strcmp(got, want) == 0, "%s: %s", pattern, got);
}

int
main(void)
{
	check("\\bcats\\b", "cats");
	check("Cats", "cats");
	check("cats|dogs", "cats,dogs");
	check("(?:big|small) (?:cat|dog)s?", "big cat,big cats,big dog,big dogs,small cat,small cats,small dog,small dogs");
	check("cats.{0,40}dogs", "dogs & cats");
	check("cats[^.!?\\n]{0,40}\\b(?:dogs|owls)", "dogs,owls & cats");
	check("colou?r", "color,colour");
	check("c[ao]ts", "cats,cots");
	check("it['\xe2\x80\x99]?s cat", "its cat,it's cat");
	check("it(?:'|\xe2\x80\x99)s", "it's");
	check("c[a-z]ts", "");
	check("cats\\d+dogs", "dogs & cats");
	check("cats(?=dogs)owls", "catsowls");
	check("cats(?!dogs)", "cats");
	check("(?:cats)+", "cats");
	check("(?:cats){2,3} dogs", " dogs & cats");
	check("(?:cats)*", "");
	check("(?:cats){0,3}", "");
	check("cats|.", "");
	check("cats|do", "");
	check("\\w+", "");
	check("\\.\\.\\.", "...");
	check("(?i)cats", "");
	check("(cats)\\1", "");
	check("\\Qcats\\E", "");
	check("\\x63ats", "");
	check("caf\xc3\xa9s au lait", "s au lait & caf");
	check("[[:alpha:]]cats", "");
	check("[]cats]", "");
	check("[^c]ats", "ats");
	check("c[\\s]ats", "ats");
	check("(?:cats", "");
	check("cats{", "");
	check("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwx");
	arena_release(&arena);
	return tap_done();
}
