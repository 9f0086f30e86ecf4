#include "config.h"

#include "lib/text/pii_messenger.h"

enum { TAG_DIGITS = 4, NAME_MIN = 2, CUED_MIN = 3 };

/* The end of "#1234" at i, or i. */
static size_t
tag_end(const struct pii_text *t, size_t i)
{
	size_t end = i + 1;

	while (ascii_is_digit(pii_at(t, end)))
		end++;
	return pii_at(t, i) == '#' && end == i + 1 + TAG_DIGITS && !ascii_is_word(pii_at(t, end))
	    ? end
	    : i;
}

/* A tag of Discord around the '#' at i. */
static bool
find_tag(const struct pii_text *t, size_t i, struct pii_match *m)
{
	static const char *const numbered[] = { "apartment", "apt", "article", "bug", "build",
		"case", "channel", "chapter", "comment", "cve", "ep", "episode", "error", "game",
		"id", "issue", "item", "job", "lot", "model", "no", "number", "order", "page",
		"part", "post", "pr", "ref", "rev", "rfc", "room", "route", "section", "suite",
		"team", "thread", "ticket", "unit", "version", NULL };
	size_t end = tag_end(t, i), from = i - (pii_before(t, i) == '\\'), stop = from;

	while (ascii_is_name(pii_before(t, from)) || ascii_is_in(pii_before(t, from), ".\\"))
		from--;
	while (from < stop && ascii_is_in(t->s[from], ".-\\"))
		from++;
	if (end == i || stop - from < NAME_MIN || ascii_is_in(pii_before(t, from), "/&=?@"))
		return false;
	*m = (struct pii_match){ from, end, from, "[user]" };
	for (size_t k = from; k < stop; k++)
		if (ascii_is_alpha(t->s[k]))
			return !ascii_is_one_of(t->s + from, stop - from, numbered);
	return false;
}

/* The word that ends at *end, blanks and asterisks after it aside; *end becomes its begin. */
static struct pii_match
word_before(const struct pii_text *t, size_t *end)
{
	struct pii_match word = { 0 };

	while (ascii_is_in(pii_before(t, *end), " *_"))
		--*end;
	word.end = *end;
	while (ascii_is_alpha(pii_before(t, *end)))
		--*end;
	word.from = *end;
	return word;
}

static bool
is_word(const struct pii_text *t, const struct pii_match *w, const char *const *words)
{
	return ascii_is_one_of(t->s + w->from, w->end - w->from, words);
}

/* Does "discord" or "discord name" end at i? */
static bool
is_cue(const struct pii_text *t, size_t i)
{
	static const char *const sites[] = { "cashapp", "discord", "gamertag", "ig", "insta",
		"instagram", "kik", "paypal", "psn", "skype", "snap", "snapchat", "steam",
		"telegram", "twitch", "twitter", "venmo", "wechat", NULL };
	static const char *const names[] = { "account", "contact", "handle", "id", "is", "name",
		"tag", "user", "username", NULL };
	struct pii_match word = word_before(t, &i);

	if (is_word(t, &word, names))
		word = word_before(t, &i);
	return is_word(t, &word, sites);
}

/* Does a word look like an account, or stand where no sentence goes on? */
static bool
is_account(const struct pii_text *t, size_t from, size_t end)
{
	char c = pii_at(t, end);

	if (c == '\0' || c == '\n' || ascii_is_in(c, ",;)*|/]")
	    || (c == '.' && !ascii_is_alnum(pii_at(t, end + 1))))
		return true;
	for (size_t k = from; k < end; k++)
		if (ascii_is_digit(t->s[k]) || t->s[k] == '_'
		    || (k > from && ascii_is_upper(t->s[k])))
			return true;
	return false;
}

/* A name after the ':' at i, which follows the name of a messenger. */
static bool
find_cued(const struct pii_text *t, size_t i, struct pii_match *m)
{
	size_t from = i + 1, end;

	if (!ascii_is_in(pii_at(t, from), " *@") || !is_cue(t, i))
		return false;
	while (ascii_is_in(pii_at(t, from), " *@"))
		from++;
	end = pii_dotted_name_end(t, from);
	if (end < from + CUED_MIN || pii_at(t, end) == ':' || !is_account(t, from, end))
		return false;
	*m = (struct pii_match){ from, tag_end(t, end), from, "[user]" };
	return true;
}

bool
pii_messenger_find(const struct pii_text *t, size_t i, struct pii_match *m)
{
	return t->s[i] == '#' ? find_tag(t, i, m) : find_cued(t, i, m);
}
