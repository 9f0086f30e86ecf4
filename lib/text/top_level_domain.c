#include "config.h"

#include "lib/text/ascii.h"
#include "lib/text/top_level_domain.h"

bool
top_level_domain_is_known(const char *s, size_t len)
{
	static const char *const known[] = { "com", "net", "org", "edu", "gov", "mil", "info",
		"biz", "name", "io", "co", "me", "tv", "cc", "uk", "us", "eu", "de", "fr", "nl",
		"it", "es", "pt", "pl", "cz", "ch", "at", "be", "se", "no", "fi", "dk", "ie", "ru",
		"ua", "jp", "cn", "kr", "in", "br", "mx", "ca", "au", "nz", "za", "dev", "app",
		"email", "xyz", "online", "social", NULL };

	return ascii_is_one_of(s, len, known);
}

bool
top_level_domain_ends(const char *s, size_t len)
{
	size_t dot = len;

	while (dot > 0 && s[dot - 1] != '.')
		dot--;
	return dot > 1 && top_level_domain_is_known(s + dot, len - dot);
}
