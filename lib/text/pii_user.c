#include "config.h"

#include "lib/text/pii_user.h"

enum { NAME_MIN = 3, COMPOSE_REACH = 200 };

/* Does a host such as old.reddit.com end at i? */
static bool
is_after_host(const struct pii_text *t, size_t i)
{
	size_t from = i, dot = 0;

	for (; ascii_is_alnum(pii_before(t, from)) || ascii_is_in(pii_before(t, from), ".-");
	     from--)
		if (dot == 0 && pii_before(t, from) == '.')
			dot = from - 1;
	return dot > from && i - dot > 2 && ascii_is_alpha(t->s[dot + 1]);
}

/* Where the match begins whose "u" or "user" is at `word`; i is its slash.  A slash before it
 * belongs to the name unless a host is before that. */
static bool
find_begin(const struct pii_text *t, size_t word, bool needs_slash, size_t *from)
{
	char b;

	*from = word;
	if (pii_before(t, word) != '/')
		return !needs_slash && !ascii_is_name(pii_before(t, word));
	b = pii_before(t, word - 1);
	if (ascii_is_name(b) || b == '.')
		return is_after_host(t, word - 1);
	*from = word - 1;
	return true;
}

/* A name after the slash at i: u/name, /user/name. */
static bool
find_path(const struct pii_text *t, size_t i, struct pii_match *m)
{
	static const char *const pages[] = { "login", "logout", "register", "settings", "profile",
		"account", "password", "edit", "new", "guide", "manual", "show", "home", NULL };
	bool is_user = i >= t->low + 4 && strncasecmp(t->s + i - 4, "user", 4) == 0;
	size_t from, end;

	if ((!is_user && (pii_before(t, i) | 0x20) != 'u')
	    || !find_begin(t, is_user ? i - 4 : i - 1, is_user, &from))
		return false;
	end = pii_name_end(t, i + 1);
	*m = (struct pii_match){ from, end, i + 1, "u/[user]" };
	return end >= i + 1 + NAME_MIN
	    && !(is_user && ascii_is_one_of(t->s + i + 1, end - i - 1, pages));
}

/* A user's own community, r/u_name, whose slash is at i. */
static bool
find_community(const struct pii_text *t, size_t i, struct pii_match *m)
{
	size_t name = i + 3, from, end;

	if ((pii_before(t, i) | 0x20) != 'r' || (pii_at(t, i + 1) | 0x20) != 'u')
		return false;
	name += pii_at(t, i + 2) == '\\';
	end = pii_name_end(t, name);
	if (pii_at(t, name - 1) != '_' || end < name + NAME_MIN
	    || !find_begin(t, i - 1, false, &from))
		return false;
	*m = (struct pii_match){ from, end, name, "u/[user]" };
	return true;
}

/* The same without r/.  Only the escape at i tells it from a variable. */
static bool
find_escaped(const struct pii_text *t, size_t i, struct pii_match *m)
{
	size_t end = pii_name_end(t, i + 2);

	if ((pii_before(t, i) | 0x20) != 'u' || pii_at(t, i + 1) != '_' || end < i + 2 + NAME_MIN
	    || ascii_is_name(pii_before(t, i - 1)) || ascii_is_in(pii_before(t, i - 1), "/\\"))
		return false;
	*m = (struct pii_match){ i - 1, end, i + 2, "u/[user]" };
	return true;
}

/* Is the '=' at i the end of "message/compose/?...to="? */
static bool
is_compose(const struct pii_text *t, size_t i)
{
	static const char *const keys[] = { "to", "recipient", NULL };
	size_t from = i, key;

	while (ascii_is_alpha(pii_before(t, from)))
		from--;
	if (!ascii_is_one_of(t->s + from, i - from, keys)
	    || !ascii_is_in(pii_before(t, from), "?&;"))
		return false;
	key = from;
	while (pii_before(t, from) > ' ' && key - from < COMPOSE_REACH)
		from--;
	for (; from + 7 < key; from++)
		if (strncasecmp(t->s + from, "compose", 7) == 0)
			return true;
	return false;
}

/* The addressee after the '=' at i: name, /u/name, %2Fu%2Fname.  A subreddit is none. */
static bool
find_addressee(const struct pii_text *t, size_t i, struct pii_match *m)
{
	static const char *const prefixes[] = { "/u/", "u/", "/user/", "user/", "%2fu%2f",
		"%2fuser%2f", NULL };
	size_t name = i + 1, end;

	if (!is_compose(t, i))
		return false;
	for (const char *const *p = prefixes; *p != NULL; p++)
		if (t->len - name > strlen(*p) && strncasecmp(t->s + name, *p, strlen(*p)) == 0) {
			name += strlen(*p);
			break;
		}
	end = pii_name_end(t, name);
	*m = (struct pii_match){ name, end, name, "[user]" };
	return end >= name + NAME_MIN;
}

bool
pii_user_find(const struct pii_text *t, size_t i, struct pii_match *m)
{
	switch (t->s[i]) {
	case '/':
		return find_path(t, i, m) || find_community(t, i, m);
	case '\\':
		return find_escaped(t, i, m);
	case '=':
		return find_addressee(t, i, m);
	default:
		return false;
	}
}
