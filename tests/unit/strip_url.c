/* strip_url.c - links become what reads as text, and nothing else changes. */

#include "config.h"

#include <string.h>
#include <time.h>

#include "lib/text/strip_url.h"
#include "tests/tap.h"

static struct buf out;

static bool
gives(const char *raw, const char *wanted)
{
	bool is_changed = strip_urls(raw, strlen(raw), &out);

	if (!is_changed)
		return strcmp(raw, wanted) == 0;
	if (out.len == strlen(wanted) && memcmp(out.data, wanted, out.len) == 0)
		return true;
	printf("# '%.*s'\n", (int)out.len, out.data);
	return false;
}

#define IS(raw, wanted) ok(gives(raw, wanted), "%s", raw)
#define STAYS(raw) IS(raw, raw)

static void
test_urls(void)
{
	IS("https://www.reddit.com/r/chemistry/comments/4cgt8v/x/",
	    "r/chemistry/comments/4cgt8v/x/");
	IS("see http://a.example/b and HTTPS://C.example/d.", "see b and d.");
	IS("https://a.example:8080/b?c=d#e", "b?c=d#e");
	IS("https://user:word@a.example/b", "b");
	IS("ftp://a.example/b", "b");
	IS("seehttp://a.example/b", "see b");
	IS("<https://a.example/b>", "b");
	IS("https://a.example/b https://c.example/d https://e.example/f", "b d f");
	IS("https://archive.example/2020/https://a.example/b", "2020/b");
	IS("file:///etc/motd", "etc/motd");
	IS("https://a.example/\xc3\xa9t\xc3\xa9", "\xc3\xa9t\xc3\xa9");
	STAYS("no address: here // or :// there");
	STAYS("C://x");
	STAYS("://x");
	STAYS("https://");
	STAYS("write https:// before it");
	STAYS("https:/x");
	STAYS("www.a.example/b r/AskMen /r/AskMen");
}

static void
test_hosts(void)
{
	IS("go to https://a.example.", "go to [link].");
	IS("go to https://a.example, then", "go to [link], then");
	IS("Go to https://a.example and http://b.example/ now", "Go to [link] and [link] now");
	IS("(https://d.example)", "([link])");
	IS("\"https://a.example\"", "\"[link]\"");
	IS("<https://a.example>", "[link]");
	IS("**https://a.example/**", "**[link]**");
	IS("https://a.example?c=d", "[link]");
	IS("https://a.example/?c=d, or not", "[link], or not");
	IS("https://a.example/#top.", "[link].");
	IS("https://a.example\xe2\x80\x94so", "[link]\xe2\x80\x94so");
}

static void
test_labels(void)
{
	IS("[this](http://a.example/b_(c)) and that", "this and that");
	IS("[x](https://site.example)", "x");
	IS("[x]( https://site.example )", "x");
	IS("[x](https://site.example/a \"What (it) is\")", "x");
	IS("[x](<https://site.example/a>).", "x.");
	IS("[r/x](/r/x) or [top](#top)", "r/x or top");
	IS("[mail](mailto:[email])", "mail");
	IS("[[user]](https://twitter.com/[user])", "[user]");
	IS("[https://a.example/b](https://a.example/b)", "b");
	IS("[https://a.example](https://a.example)", "[link]");
	IS("![a picture](https://i.example/1.png)", "a picture");
	IS("[![a picture](https://i.example/1.png)](https://a.example)", "a picture");
	IS("[](https://a.example/b) and [ ](http://a.example)", "b and [link]");
	IS("a[](/emote)b", "ab");
	IS("[a\nb](https://a.example)", "a\nb");
	IS("[a](https://b.example)[c](https://d.example)", "ac");
	STAYS("a[i](x) and f[](int x)");
	STAYS("[x] (https)");
	STAYS("[x](/* comment */)");
	STAYS("[ ] todo [x] done");
	STAYS("[x](no target)");
	IS("[a\n\nb](https://a.example/c)", "[a\n\nb](c)");
	IS("\\[a](https://a.example/c)", "\\[a](c)");
}

/* A row of URLs without blanks takes no longer than other texts. */
static void
test_row(void)
{
	const size_t urls = 200000;
	struct buf row = { 0 };
	clock_t began = clock();

	for (size_t i = 0; i < urls; i++)
		buf_add_str(&row, "http://");
	ok(strip_urls(row.data, row.len, &out), "a row of URLs is stripped");
	ok(clock() - began < 5 * CLOCKS_PER_SEC, "in less than 5 seconds");
	buf_release(&row);
}

int
main(void)
{
	test_urls();
	test_hosts();
	test_labels();
	test_row();
	buf_release(&out);
	return tap_done();
}
