#include "config.h"

#include "lib/text/pii_profile.h"

enum { ACCOUNT_MIN = 2, HOST_MAX = 64, PATHS_MAX = 5 };

/* Where accounts are: after one of the paths, in which '#' stands for a number.  A host that
 * begins with '.' has any subdomain, the others a few (has_subdomain()). */
static const struct site {
	const char *host, *paths[PATHS_MAX];
} sites[] = {
	{ "twitter.com", { "" } },
	{ "x.com", { "" } },
	{ "nitter.net", { "" } },
	{ "instagram.com", { "stories/", "" } },
	{ "threads.net", { "" } },
	{ "facebook.com", { "profile.php?id=", "people/", "" } },
	{ "fb.com", { "" } },
	{ "fb.me", { "" } },
	{ "linkedin.com", { "in/", "pub/" } },
	{ "github.com", { "sponsors/", "" } },
	{ "raw.githubusercontent.com", { "" } },
	{ "gitlab.com", { "" } },
	{ "bitbucket.org", { "" } },
	{ "codeberg.org", { "" } },
	{ "youtube.com", { "c/", "user/", "channel/" } },
	{ "tiktok.com", { "" } },
	{ "medium.com", { "@" } },
	{ "t.me", { "s/", "" } },
	{ "telegram.me", { "" } },
	{ "twitch.tv", { "" } },
	{ "soundcloud.com", { "" } },
	{ "mixcloud.com", { "" } },
	{ "patreon.com", { "c/", "" } },
	{ "ko-fi.com", { "" } },
	{ "onlyfans.com", { "" } },
	{ "steamcommunity.com", { "id/", "profiles/" } },
	{ "keybase.io", { "" } },
	{ "paypal.me", { "" } },
	{ "paypal.com", { "paypalme/" } },
	{ "venmo.com", { "u/", "code?user_id=", "" } },
	{ "cash.app", { "$" } },
	{ "cash.me", { "$" } },
	{ "snapchat.com", { "add/" } },
	{ "pinterest.com", { "" } },
	{ "deviantart.com", { "" } },
	{ "last.fm", { "user/" } },
	{ "flickr.com", { "photos/", "people/" } },
	{ "myspace.com", { "" } },
	{ "vk.com", { "" } },
	{ "gab.com", { "" } },
	{ "gab.ai", { "" } },
	{ "parler.com", { "profile/" } },
	{ "minds.com", { "" } },
	{ "bitchute.com", { "channel/" } },
	{ "dev.to", { "" } },
	{ "codepen.io", { "" } },
	{ "quora.com", { "profile/" } },
	{ "news.ycombinator.com", { "user?id=", "threads?id=" } },
	{ "stackoverflow.com", { "users/#/" } },
	{ "superuser.com", { "users/#/" } },
	{ "serverfault.com", { "users/#/" } },
	{ ".stackexchange.com", { "users/#/" } },
	{ ".wikipedia.org", { "wiki/User:", "wiki/User_talk:", "wiki/Special:Contributions/" } },
};

/* First parts of paths that are pages of the sites. */
static const char *const pages[] = { "about", "accounts", "account", "ads", "api", "app", "apps",
	"addstickers", "article", "articles", "blog", "browse", "business", "category", "charts",
	"collections", "compose", "contact", "dashboard", "default.aspx", "developer", "developers",
	"dialog", "directory", "discover", "docs", "download", "downloads", "enterprise", "events",
	"explore", "faq", "features", "feed", "following", "gaming", "games", "group", "groups",
	"hashtag", "hashtags", "help", "home", "intent", "issues", "jobs", "joinchat", "join", "l",
	"latest", "legal", "live", "login", "logout", "marketplace", "media", "messages", "music",
	"new", "news", "newsroom", "notes", "notifications", "orgs", "pages", "permalink", "photo",
	"photos", "pin", "plugins", "policies", "policy", "popular", "posts", "pricing", "privacy",
	"product", "products", "profile", "proxy", "pulls", "reel", "reels", "register", "search",
	"security", "settings", "share", "sharer", "shop", "signin", "signup", "site", "status",
	"statuses", "stars", "store", "stories", "story", "stream", "support", "tag", "tags",
	"team", "terms", "topic", "topics", "tos", "trending", "tv", "upload", "user", "users",
	"video", "videos", "wall", "watch", "wiki", "you", "login.php", NULL };

/* Does the part of a host before the site's, with its full stop, lead to the same accounts? */
static bool
has_subdomain(const char *s, size_t len)
{
	static const char *const known[] = { "www.", "m.", "mobile.", "web.", "old.", "new.",
		"touch.", "gist.", "mbasic.", NULL };

	return len == 0 || len == 3 || ascii_is_one_of(s, len, known); /* 3: a country, "de." */
}

static const struct site *
find_site(const char *host, size_t len)
{
	for (size_t k = 0; k < sizeof(sites) / sizeof(*sites); k++) {
		const struct site *site = &sites[k];
		size_t n = strlen(site->host), more = len - n;

		if (len < n || ((host[len - 1] ^ site->host[n - 1]) & ~0x20) != 0
		    || strncasecmp(host + more, site->host, n) != 0)
			continue;
		if (site->host[0] == '.'
		    || ((more == 0 || host[more - 1] == '.') && has_subdomain(host, more)))
			return site;
	}
	return NULL;
}

/* Where the account begins if the path at i begins as the pattern does; else 0. */
static size_t
match_path(const struct pii_text *t, size_t i, const char *pattern)
{
	for (; *pattern != '\0'; pattern++) {
		size_t was = i;

		if (*pattern != '#') {
			if ((pii_at(t, i) | 0x20) != (*pattern | 0x20))
				return 0;
			i++;
			continue;
		}
		while (ascii_is_digit(pii_at(t, i)))
			i++;
		if (i == was)
			return 0;
	}
	return i;
}

static size_t
account_end(const struct pii_text *t, size_t i)
{
	while (ascii_is_name(pii_at(t, i)) || ascii_is_in(pii_at(t, i), "\\.%+"))
		i++;
	while (ascii_is_in(pii_before(t, i), ".\\"))
		i--;
	return i;
}

static bool
is_page(const char *s, size_t len)
{
	static const char *const files[] = { ".php", ".html", ".aspx", ".txt", ".js", NULL };

	for (const char *const *f = files; *f != NULL; f++)
		if (len > strlen(*f) && strncasecmp(s + len - strlen(*f), *f, strlen(*f)) == 0)
			return true;
	return ascii_is_one_of(s, len, pages);
}

bool
pii_profile_find(const struct pii_text *t, size_t i, struct pii_match *m)
{
	const struct site *site;
	size_t from = i;

	while (i - from < HOST_MAX
	    && (ascii_is_alnum(pii_before(t, from)) || ascii_is_in(pii_before(t, from), ".-")))
		from--;
	if (i - from < 4 || memchr(t->s + from, '.', i - from) == NULL
	    || (site = find_site(t->s + from, i - from)) == NULL)
		return false;
	for (int k = 0; k < PATHS_MAX && site->paths[k] != NULL; k++) {
		size_t at = match_path(t, i + 1, site->paths[k]), end;

		if (at == 0)
			continue;
		at += ascii_is_in(pii_at(t, at), "@+") ? 1 : 0;
		end = account_end(t, at);
		*m = (struct pii_match){ at, end, at, "[user]" };
		return end >= at + ACCOUNT_MIN && !is_page(t->s + at, end - at);
	}
	return false;
}
