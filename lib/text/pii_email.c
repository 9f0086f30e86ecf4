#include "config.h"

#include "lib/text/pii_email.h"
#include "lib/text/top_level_domain.h"

enum { LABEL_MAX = 63, HOST_MAX = 253, LOCAL_MAX = 64 };

/* A sign, or the word for it with what surrounds it: "@", " at ", "(dot)". */
struct sign {
	size_t from, end;
	bool is_plain;  /* the sign itself */
	bool is_marked; /* in brackets or capitals: certainly meant as a sign */
};

static bool
is_local(char c)
{
	return ascii_is_name(c) || ascii_is_in(c, ".+%");
}

/* An address with an '@' at i. */
static bool
find_plain(const struct pii_text *t, size_t i, struct pii_match *m)
{
	size_t from = i, end = i + 1, dot = 0;

	while (is_local(pii_before(t, from)))
		from--;
	while (from < i && ascii_is_in(t->s[from], ".-"))
		from++;
	while (ascii_is_name(pii_at(t, end)) || pii_at(t, end) == '.') {
		if (t->s[end] == '.' && !ascii_is_name(pii_at(t, end + 1)))
			break;
		if (t->s[end] == '.')
			dot = end;
		end++;
	}
	*m = (struct pii_match){ from, end, from, "[email]" };
	return from < i && dot > i + 1 && end - dot >= 3 && !ascii_is_digit(t->s[dot + 1]);
}

/* Reads the word for a sign at i, which may be in brackets and between blanks. */
static bool
read_word(const struct pii_text *t, size_t i, const char *word, struct sign *sign)
{
	size_t n = strlen(word);
	char open, close;

	*sign = (struct sign){ i, i + n, false, false };
	if (t->len - i < n || strncasecmp(t->s + i, word, n) != 0)
		return false;
	open = pii_before(t, i);
	close = pii_at(t, i + n);
	if (ascii_is_in(open, "([{<_-*") && ascii_is_in(close, ")]}>_-*")) {
		sign->from--;
		sign->end++;
		sign->is_marked = true;
	} else if (open != ' ' || close != ' ')
		return false;
	sign->is_marked |= n > 1 && ascii_is_upper(t->s[i]) && ascii_is_upper(t->s[i + 1]);
	while (pii_before(t, sign->from) == ' ')
		sign->from--;
	while (pii_at(t, sign->end) == ' ')
		sign->end++;
	return true;
}

/* The full stop, or the word for it, that follows at i. */
static bool
read_dot(const struct pii_text *t, size_t i, struct sign *sign)
{
	size_t word = i;

	if (pii_at(t, i) == '.') {
		*sign = (struct sign){ i, i + 1, true, false };
		return true;
	}
	while (pii_at(t, word) == ' ')
		word++;
	word += ascii_is_in(pii_at(t, word), "([{<_-*");
	return word > i && read_word(t, word, "dot", sign);
}

/* The end of the host at i, whose parts may be separated by words, and whether one is; i if
 * there is none. */
static size_t
host_end(const struct pii_text *t, size_t i, bool *has_words)
{
	size_t end = i, from = i, good = i;
	struct sign dot = { 0 };
	bool words = false;

	*has_words = false;
	for (;;) {
		for (end = from; end - from < LABEL_MAX
		     && (ascii_is_alnum(pii_at(t, end)) || pii_at(t, end) == '-');
		     end++)
			;
		if (from > i && top_level_domain_is_known(t->s + from, end - from)) {
			good = end;
			*has_words = words;
		}
		if (end == from || end - i > HOST_MAX || !read_dot(t, end, &dot))
			return good;
		words |= !dot.is_plain;
		from = dot.end;
	}
}

/* The begin of the local part that ends at `end`: name, or "bob dot smith". */
static size_t
local_begin(const struct pii_text *t, size_t end)
{
	size_t from = end, stop;
	struct sign dot;

	while (end - from < LOCAL_MAX && is_local(pii_before(t, from)))
		from--;
	while (from < end && ascii_is_in(t->s[from], ".-"))
		from++;
	stop = from;
	while (pii_before(t, stop) == ' ')
		stop--;
	stop -= ascii_is_in(pii_before(t, stop), ")]}>_*") ? 1 : 0;
	if (from == end || stop == from || stop < t->low + 4 || !read_word(t, stop - 3, "dot", &dot)
	    || !ascii_is_alnum(pii_before(t, dot.from)))
		return from;
	for (from = dot.from; dot.from - from < LOCAL_MAX && ascii_is_name(pii_before(t, from));
	     from--)
		;
	return from;
}

/* Words before a bare "at" that are no names: "look at", "it is at". */
static bool
is_common(const char *s, size_t len)
{
	static const char *const words[] = { "a", "about", "again", "and", "anyone", "are",
		"available", "back", "based", "be", "been", "bought", "but", "buy", "cheap",
		"check", "deal", "deals", "down", "everyone", "find", "found", "free", "get",
		"guys", "half", "he", "here", "him", "hosted", "i", "info", "is", "it", "item",
		"join", "just", "listed", "live", "look", "looked", "looking", "me", "more", "not",
		"now", "of", "off", "on", "one", "online", "only", "or", "order", "ordered", "out",
		"over", "page", "people", "posted", "price", "prices", "product", "products",
		"read", "reddit", "see", "she", "shop", "sign", "site", "sold", "someone", "store",
		"stuff", "that", "them", "there", "they", "this", "today", "twitter", "up", "us",
		"username", "visit", "was", "we", "were", "work", "worked", "working", "works",
		"you", NULL };

	return ascii_is_one_of(s, len, words);
}

/* Hosts that have mailboxes and little else. */
static bool
is_mail_host(const char *s, size_t len)
{
	static const char *const hosts[] = { "gmail.com", "googlemail.com", "hotmail.com",
		"hotmail.co.uk", "outlook.com", "live.com", "yahoo.com", "yahoo.co.uk", "ymail.com",
		"aol.com", "icloud.com", "protonmail.com", "proton.me", "gmx.de", "gmx.net",
		"gmx.com", "mail.com", "fastmail.com", "tutanota.com", NULL };

	return ascii_is_one_of(s, len, hosts);
}

/* An address whose '@' is written as the word at i, or stands between blanks. */
static bool
find_spelled(const struct pii_text *t, size_t i, const char *word, struct pii_match *m)
{
	struct sign at;
	bool has_words;
	size_t from, end;

	if (!read_word(t, i, word, &at) || (end = host_end(t, at.end, &has_words)) == at.end)
		return false;
	from = local_begin(t, at.from);
	*m = (struct pii_match){ from, end, from, "[email]" };
	if (from == at.from || ascii_is_alnum(pii_at(t, end)))
		return false;
	if (at.is_marked)
		return true;
	return (has_words || is_mail_host(t->s + at.end, end - at.end))
	    && !is_common(t->s + from, at.from - from);
}

/* An address with an '@' and words for full stops: name@host dot com. */
static bool
find_half_spelled(const struct pii_text *t, size_t i, struct pii_match *m)
{
	bool has_words;
	size_t end = host_end(t, i + 1, &has_words), from = local_begin(t, i);

	*m = (struct pii_match){ from, end, from, "[email]" };
	return end > i + 1 && from < i && has_words;
}

/* The same where the host has real full stops, whose first is at i. */
static bool
find_before_host(const struct pii_text *t, size_t i, struct pii_match *m)
{
	size_t at = i;

	if (!ascii_is_alpha(pii_at(t, i + 1)))
		return false;
	while (i - at < LABEL_MAX
	    && (ascii_is_alnum(pii_before(t, at)) || pii_before(t, at) == '-'))
		at--;
	if (at == i || !ascii_is_in(pii_before(t, at), " )]}>_*"))
		return false;
	while (pii_before(t, at) == ' ')
		at--;
	at -= ascii_is_in(pii_before(t, at), ")]}>_*") ? 1 : 0;
	return at >= t->low + 2 && find_spelled(t, at - 2, "at", m) && m->end > i;
}

bool
pii_email_find(const struct pii_text *t, size_t i, struct pii_match *m)
{
	if (t->s[i] == '@')
		return find_plain(t, i, m) || find_half_spelled(t, i, m)
		    || find_spelled(t, i, "@", m);
	return t->s[i] == '.' ? find_before_host(t, i, m) : find_spelled(t, i, "at", m);
}
