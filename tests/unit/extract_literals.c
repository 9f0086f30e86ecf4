/* What words patterns ask of a text. */
#include "config.h"

#include <string.h>

#include "stages/extract_literals.h"
#include "tests/tap.h"

static struct arena arena;

static char *
put(char *at, const struct literals_set *set)
{
	for (size_t i = 0; i < set->len; i++)
		at += sprintf(at, "%s%.*s", i > 0 ? "," : "", (int)set->at[i].len, set->at[i].ptr);
	return at;
}

/* "a,b c; d": begins with a or b or c; and has d. */
static const char *
asks(const char *pattern)
{
	static char out[8192];
	struct text p = { pattern, strlen(pattern) };
	struct literals l = literals_of(&p, &arena);
	char *at = put(out, &l.prefix);

	*at = '\0';
	for (size_t c = 0; c < l.len; c++)
		at = put(at + sprintf(at, "; "), &l.clause[c]);
	return out;
}

static void
check(const char *pattern, const char *want)
{
	const char *got = asks(pattern);

	ok(strcmp(got, want) == 0, "%s: %s", pattern, got);
}

static void
test_words(void)
{
	check("\\bcats\\b", "cats; cats");
	check("\\bCats", "cats*; cats*");
	check("cats", "");
	check(" cats ", "; cats");
	check("\\b(?:cats|dogs)\\b", "cats,dogs; cats,dogs");
	check("\\bcats\\b|\\bdogs\\b", "cats,dogs; cats,dogs");
	check("\\b(?:big|small) (?:cat|dog)s?\\b", "big,small; cat,cats,dog,dogs");
	check("\\bcolou?r", "color*,colour*; color*,colour*");
	check("\\bc[ao]ts\\b", "cats,cots; cats,cots");
	check("\\bit['\xe2\x80\x99]?s cats\\b", "it,its; cats");
	check("\\bdon(?:'|\xe2\x80\x99)t\\b", "don; don");
	check("\\bI[\xe2\x80\x99']m\\b", "i; i");
	check("^cats\\b", "cats; cats");
	check("\\bzebras cats$", "zebras; zebras");
	check("\\bcaf\xc3\xa9s au lait\\b", "caf; lait");
	check("\\b1[3-9] cats\\b", "13,14,15,16,17,18,19; cats");
	check("\\b\\d cats\\b", "0,1,2,3,4,5,6,7,8,9; cats");
}

static void
test_gaps(void)
{
	check("\\bcats\\b[^.!?\\n]{0,40}\\bdogs\\b", "cats; cats; dogs");
	check("\\bcats.{0,40}dogs\\b", "cats*; cats*");
	check("\\bzebras (?:\\w+ ){0,2}cats\\b", "zebras; zebras; cats");
	check("\\bzebras (?:\\w+ )+cats\\b", "zebras; zebras; cats");
	check("\\bzebras(?: \\w+)* cats\\b", "zebras*; cats; zebras*");
	check("\\bzebras\\s+cats\\b", "zebras; zebras");
	check("\\bzebras\\W*cats\\b", "zebras,zebrascats; zebras,zebrascats");
	check("\\bI (?:really |never ){0,2}love\\b", "i; love; i");
	check("\\bI(?: really| never)?(?: \\w+)? love\\b", "");
	check("\\b(?:cats )+dogs\\b", "cats; dogs; cats");
	check("\\b(?:cats){2,3} dogs\\b", "cats*; dogs; cats*");
	check("\\bcats\\d+\\b", "cats0,cats1,cats2,cats3,cats4,cats5,cats6,cats7,cats8,cats9;"
	    " cats0,cats1,cats2,cats3,cats4,cats5,cats6,cats7,cats8,cats9");
}

static void
test_around(void)
{
	check("\\bcats(?=dogs)", "cats*; cats*");
	check("\\bcats(?! dogs)\\b", "cats; cats");
	check("(?<!no )\\bcats\\b", "cats; cats");
	check("(?<=no )cats\\b", "");
}

static void
test_nothing(void)
{
	check("\\w+", "");
	check("(?:\\bcats\\b)*", "");
	check("(?:\\bcats\\b){0,3}", "");
	check("\\bcats\\b|.", "");
	check("\\bcats|do\\b", "");
	check("\\bca", "");
	check("\\.\\.\\.", "");
	check("\\bc[a-z]ts\\b", "");
	check("\\b[^c]ats", "");
	check("\\bc[\\w]ats", "");
	check("(?i)\\bcats\\b", "");
	check("\\b(cats)\\1\\b", "");
	check("\\b\\Qcats\\E", "");
	check("\\b\\x63ats", "");
	check("\\b[[:alpha:]]cats", "");
	check("\\b(?:cats", "");
	check("\\bcats{", "");
	check("\\bcat\xc5\xbf\\b", "");
	check("\\b\xe2\x84\xaa" "ats\\b", "");
	check("\\b[c\xc5\xbf]ats\\b", "");
}

int
main(void)
{
	test_words();
	test_gaps();
	test_around();
	test_nothing();
	arena_release(&arena);
	return tap_done();
}
