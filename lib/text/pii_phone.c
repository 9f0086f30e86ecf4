#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "lib/text/ascii.h"
#include "lib/text/pii_phone.h"

enum { GROUPS_MAX = 8, DIGITS_MAX = 15, CUE_REACH = 32 };

/* Groups of digits: "(555) 123-4567" has three. */
struct phone_number {
	struct {
		size_t at, len, total;
		char before;
	} group[GROUPS_MAX];
	int groups;
	bool has_plus;
};

static char
at_or_nul(const char *s, size_t len, size_t i)
{
	return i < len ? s[i] : '\0';
}

/* Skips what may separate two groups: a closing bracket, one separator, an opening bracket.
 * Returns the first byte of the next group, or 0; *sep is the separator. */
static size_t
next_group(const char *s, size_t len, size_t i, char *sep)
{
	size_t was = i;

	*sep = ')';
	if (at_or_nul(s, len, i) == ')')
		i++;
	if (i < len && s[i] != '\0' && strchr(" -./", s[i]) != NULL)
		*sep = s[i++];
	if (at_or_nul(s, len, i) == '(')
		i++;
	return i > was && i < len && ascii_is_digit(s[i]) ? i : 0;
}

static void
read_number(const char *s, size_t len, size_t i, struct phone_number *n)
{
	size_t total = 0;
	char sep = '\0';

	n->groups = 0;
	n->has_plus = false;
	for (; i < len && (s[i] == '+' || s[i] == '('); i++)
		n->has_plus |= s[i] == '+';
	while (i != 0 || n->groups == 0) {
		size_t from = i;

		while (i < len && ascii_is_digit(s[i]) && i - from <= DIGITS_MAX)
			i++;
		if (i == from || total + i - from > DIGITS_MAX)
			return;
		total += i - from;
		n->group[n->groups].at = from;
		n->group[n->groups].len = i - from;
		n->group[n->groups].total = total;
		n->group[n->groups].before = sep;
		if (++n->groups == GROUPS_MAX)
			return;
		i = next_group(s, len, i, &sep);
	}
}

static size_t
group_end(const struct phone_number *n, int i)
{
	return n->group[i].at + n->group[i].len;
}

/* Not within a word, an amount of money, an address or a longer number. */
static bool
may_begin(const char *s, size_t at)
{
	char c = at > 0 ? s[at - 1] : ' ', b = at > 1 ? s[at - 2] : ' ';

	if (ascii_is_word(c) || strchr("/=$+@%&\\", c) != NULL)
		return false;
	if (at >= 3 && memcmp(s + at - 3, "\xe2\x82\xac", 3) == 0) /* euro */
		return false;
	if (at >= 2 && memcmp(s + at - 2, "\xc2\xa3", 2) == 0) /* pound */
		return false;
	if (c == '-' && ascii_is_alpha(b)) /* a part of "some-words-0327-20150328" */
		return false;
	return !(ascii_is_digit(b) && strchr(".,-:", c) != NULL);
}

static bool
may_end(const char *s, size_t len, size_t end)
{
	char c = at_or_nul(s, len, end), d = at_or_nul(s, len, end + 1);

	if (ascii_is_word(c) || c == '%')
		return false;
	return !(ascii_is_digit(d) && c != '\0' && strchr(".,-:/", c) != NULL);
}

static bool
is_round(const char *s, size_t end)
{
	return memcmp(s + end - 3, "000", 3) == 0;
}

/* +, then 8 to 15 digits that are not a round number. */
static size_t
match_plus(const char *s, size_t len, const struct phone_number *n)
{
	if (!n->has_plus || n->groups == 0 || s[n->group[0].at] == '0')
		return 0;
	for (int i = n->groups - 1; i >= 0; i--)
		if (n->group[i].total >= 8 && may_end(s, len, group_end(n, i)))
			return is_round(s, group_end(n, i)) ? 0 : group_end(n, i);
	return 0;
}

static bool
is_area(const char *s, const struct phone_number *n, int i)
{
	return n->group[i].len == 3 && s[n->group[i].at] >= '2';
}

/* [1] 3 3 4 */
static size_t
match_american(const char *s, size_t len, const struct phone_number *n)
{
	int i = n->groups > 0 && n->group[0].len == 1 && s[n->group[0].at] == '1';

	if (n->groups < i + 3 || !is_area(s, n, i) || !is_area(s, n, i + 1)
	    || n->group[i + 2].len != 4)
		return 0;
	return may_end(s, len, group_end(n, i + 2)) ? group_end(n, i + 2) : 0;
}

/* 0xx ... */
static size_t
match_trunk(const char *s, size_t len, const struct phone_number *n)
{
	if (n->groups < 2 || n->group[0].len < 3 || n->group[0].len > 5 || s[n->group[0].at] != '0'
	    || s[n->group[0].at + 1] == '0')
		return 0;
	for (int i = 1; i < n->groups && i < 4; i++) {
		if (n->group[i].before == '.' || n->group[i].len < 2)
			return 0;
		if (n->group[i].total >= 9 && n->group[i].total <= 12
		    && (i + 1 == n->groups || n->group[i + 1].total > 12)
		    && may_end(s, len, group_end(n, i)))
			return group_end(n, i);
	}
	return 0;
}

/* 1/2/2003, 2003-01-02 and the like. */
static bool
is_date(const struct phone_number *n)
{
	size_t a = n->group[0].len, b, c;

	if (n->groups < 3 || n->group[1].before == ' ')
		return false;
	b = n->group[1].len;
	c = n->group[2].len;
	return b <= 2 && ((a <= 2 && (c == 2 || c == 4)) || (a == 4 && c <= 2));
}

/* Does one of the words come shortly before the number, with only words such as "me at"
 * between? */
static bool
comes_after(const char *s, size_t at, const char *const *words)
{
	static const char *const between[] = { "me", "us", "him", "her", "number", "no", "nr", "is",
		"at", "on", "or", "the", NULL };
	size_t low = at > CUE_REACH ? at - CUE_REACH : 0;

	for (;;) {
		size_t end;

		while (at > low && ascii_is_in(s[at - 1], " :.#("))
			at--;
		for (end = at; at > low && ascii_is_word(s[at - 1]); at--)
			;
		if (at == end)
			return false;
		if (ascii_is_one_of(s + at, end - at, words))
			return true;
		if (!ascii_is_one_of(s + at, end - at, between))
			return false;
	}
}

static bool
has_cue(const char *s, size_t at)
{
	static const char *const cues[] = { "call", "phone", "telephone", "tel", "mobile", "cell",
		"text", "whatsapp", "signal", "sms", "fax", "dial", NULL };

	return comes_after(s, at, cues);
}

/* Are these ten digits an id, a count or one of the largest numbers of a computer? */
static bool
is_other_number(const char *s, size_t len, size_t at)
{
	static const char *const ids[] = { "account", "acct", "article", "bitcoin", "block", "card",
		"case", "code", "comment", "epoch", "hash", "id", "invoice", "isbn", "item", "key",
		"order", "pid", "post", "ref", "reference", "seed", "serial", "sku", "ticket",
		"timestamp", "tracking", "uid", "version", NULL };
	static const char *const counted[] = { "bits", "bytes", "cents", "dollars", "miles",
		"people", "points", "rows", "times", "users", "views", "votes", "years", NULL };
	size_t end = at + 11, stop = end;

	if (memcmp(s + at, "2147483", 7) == 0 || memcmp(s + at, "4294967", 7) == 0
	    || (at > 0 && s[at - 1] == '#') || comes_after(s, at, ids))
		return true;
	while (stop < len && ascii_is_alpha(s[stop]))
		stop++;
	return end < len && ascii_is_one_of(s + end, stop - end, counted);
}

/* Ten digits in one: an area and an exchange, which begin with 2 to 9 and are not N11, and
 * four more.  Areas whose second digit is 9 are kept back. */
static size_t
match_plain(const char *s, size_t len, const struct phone_number *n)
{
	const char *d;

	if (n->groups == 0 || n->group[0].len != 10)
		return 0;
	d = s + n->group[0].at;
	if (d[0] < '2' || d[1] == '9' || d[3] < '2' || memcmp(d + 1, "11", 2) == 0
	    || memcmp(d + 4, "11", 2) == 0 || is_round(s, group_end(n, 0))
	    || !may_end(s, len, group_end(n, 0)) || is_other_number(s, len, n->group[0].at))
		return 0;
	return group_end(n, 0);
}

/* 7 to 15 digits after a cue. */
static size_t
match_cued(const char *s, size_t len, size_t at, const struct phone_number *n)
{
	if (n->groups == 0 || is_date(n) || !has_cue(s, at))
		return 0;
	for (int i = n->groups - 1; i >= 0; i--)
		if (n->group[i].total >= 7 && may_end(s, len, group_end(n, i)))
			return group_end(n, i);
	return 0;
}

size_t
pii_phone_end(const char *s, size_t len, size_t at)
{
	struct phone_number n;
	size_t end = 0;

	if (!may_begin(s, at))
		return at;
	read_number(s, len, at, &n);
	if (s[at] == '(' /* no brackets around more than the first group */
	    && (n.groups == 0 || at_or_nul(s, len, group_end(&n, 0)) != ')'))
		return at;
	if ((end = match_plus(s, len, &n)) == 0 && (end = match_american(s, len, &n)) == 0
	    && (end = match_trunk(s, len, &n)) == 0 && (end = match_plain(s, len, &n)) == 0)
		end = match_cued(s, len, at, &n);
	return end == 0 ? at : end;
}
