#include "config.h"

#include "lib/text/pii_code.h"
#include "lib/text/pii_handle.h"
#include "lib/text/top_level_domain.h"

enum { HANDLE_MIN = 3, PATH_REACH = 200 };

/* The end of a host such as mastodon.social at i, or i. */
static size_t
host_end(const struct pii_text *t, size_t i)
{
	size_t end = pii_dotted_name_end(t, i), dot = end;

	while (dot > i && t->s[dot - 1] != '.')
		dot--;
	return dot > i + 1 && end >= dot + 2 && ascii_is_alpha(t->s[dot]) ? end : i;
}

/* Figures with a unit, "5pm" or "60fps", or no letter at all. */
static bool
is_quantity(const char *s, size_t len)
{
	static const char *const units[] = { "am", "pm", "h", "hr", "hrs", "s", "ms", "fps", "hz",
		"khz", "mhz", "ghz", "mph", "kph", "kmh", "p", "k", "kb", "mb", "gb", "tb", "g",
		"kg", "lb", "lbs", "oz", "mm", "cm", "m", "km", "ft", "in", "ml", "l", "c", "f",
		"v", "w", "kw", "x", "st", "nd", "rd", "th", "dpi", "ppm", "rpm", "min", "mins",
		NULL };
	size_t n = 0;

	while (n < len && (ascii_is_digit(s[n]) || ascii_is_in(s[n], ".-_")))
		n++;
	return (n > 0 && ascii_is_one_of(s + n, len - n, units)) || n == len;
}

/* Part of a URL, or of an absolute path: https://medium.com/@name, (/@name).  Packages of
 * programs are not handles, nor are the attributes of XPath. */
static bool
is_in_path(const struct pii_text *t, size_t slash)
{
	static const char *const stores[] = { "unpkg.com", "npmjs", "jsdelivr", "esm.sh",
		"skypack.dev", "google.", "node_modules" };
	size_t from = slash;

	while (from > 0 && slash - from < PATH_REACH && t->s[from - 1] > ' '
	    && !ascii_is_in(t->s[from - 1], "(<\"'"))
		from--;
	if (from == slash)
		return true;
	for (size_t k = 0; k < sizeof(stores) / sizeof(*stores); k++)
		if (memmem(t->s + from, slash - from, stores[k], strlen(stores[k])) != NULL)
			return false;
	return memchr(t->s + from, '.', slash - from) != NULL;
}

static bool
may_begin(const struct pii_text *t, size_t i)
{
	char c = pii_before(t, i);

	if (c == '/')
		return is_in_path(t, i - 1);
	if (c == '.') /* as in ".@name" */
		return pii_before(t, i - 1) == '\0'
		    || ascii_is_in(pii_before(t, i - 1), " \n\t\"(.*_");
	return !ascii_is_word(c) && !ascii_is_in(c, "@`\\$%#=&+|^~!?{-");
}

/* Does what follows the handle show that it is code: @route("/"), @click=, @types/node? */
static bool
is_code_after(const struct pii_text *t, size_t i, size_t end)
{
	char c = pii_at(t, end), d = pii_at(t, end + 1);

	if (ascii_is_in(c, "({=[$@") || (c == ':' && d == ':'))
		return true;
	return c == '/' && !ascii_is_in(pii_before(t, i), "/)]") && (ascii_is_alnum(d) || d == '*');
}

/* A handle, or what code has in its place?  "@media-type" is code for its first part. */
static bool
is_code(const struct pii_text *t, size_t i, size_t end)
{
	const char *name = t->s + i + 1;
	size_t len = end - i - 1, first = 0;

	if (is_code_after(t, i, end) || pii_is_code_word(name, pii_name_end(t, i + 1) - i - 1))
		return true;
	while (first < len && name[first] != '-' && name[first] != '.')
		first++;
	if (first < len && pii_is_code_word(name, first))
		return true;
	return pii_before(t, i) != '/' && pii_is_in_code(t, i);
}

static bool
find_handle(const struct pii_text *t, size_t i, struct pii_match *m)
{
	size_t name = i + 1, end = pii_dotted_name_end(t, name);

	while (end > name && ascii_is_in(t->s[end - 1], "-\\"))
		end--;
	*m = (struct pii_match){ i, end, name, "@[user]" };
	return end >= name + HANDLE_MIN && t->s[name] != '-'
	    && !top_level_domain_ends(t->s + name, end - name)
	    && !is_quantity(t->s + name, end - name) && !is_code(t, i, end);
}

/* A handle with its host: @name@host.tld. */
static bool
find_mastodon(const struct pii_text *t, size_t i, struct pii_match *m)
{
	size_t at = pii_dotted_name_end(t, i + 1), end;

	if (at < i + 2 || pii_at(t, at) != '@')
		return false;
	end = host_end(t, at + 1);
	*m = (struct pii_match){ i, end, i + 1, "@[user]" };
	return end > at + 1;
}

bool
pii_handle_find(const struct pii_text *t, size_t i, struct pii_match *m)
{
	return may_begin(t, i) && (find_mastodon(t, i, m) || find_handle(t, i, m));
}
