/* strip_url.c - scheme and host are cut off addresses, and nothing else. */

#include "config.h"

#include <string.h>

#include "lib/text/strip_url.h"
#include "tests/tap.h"

static struct buf out;

static bool
gives(const char *raw, const char *wanted)
{
	bool is_changed = strip_url_hosts(raw, strlen(raw), &out);

	if (!is_changed)
		return strcmp(raw, wanted) == 0;
	if (out.len == strlen(wanted) && memcmp(out.data, wanted, out.len) == 0)
		return true;
	printf("# '%.*s'\n", (int)out.len, out.data);
	return false;
}

#define IS(raw, wanted) ok(gives(raw, wanted), "%s", raw)

int
main(void)
{
	IS("https://www.reddit.com/r/chemistry/comments/4cgt8v/x/",
	    "r/chemistry/comments/4cgt8v/x/");
	IS("see http://a.example/b and HTTPS://C.example/d.", "see b and d.");
	IS("[this](http://a.example/b_(c)) and (https://d.example)", "[this](b_(c)) and ()");
	IS("go to https://a.example.", "go to .");
	IS("go to https://a.example, then", "go to , then");
	IS("https://a.example:8080/b?c=d#e", "b?c=d#e");
	IS("https://a.example?c=d", "?c=d");
	IS("https://user:word@a.example/b", "b");
	IS("ftp://a.example/b", "b");
	IS("seehttp://a.example/b", "seeb");
	IS("<https://a.example/b>", "<b>");
	IS("\"https://a.example\"", "\"\"");
	IS("https://a.example/b https://c.example/d https://e.example/f", "b d f");
	IS("https://a.example\xe2\x80\x94so", "\xe2\x80\x94so");
	IS("file:///etc/motd", "etc/motd");
	ok(!strip_url_hosts("no address: here // or :// there", 32, &out),
	    "what has no scheme stays");
	IS("C://x", "C://x");
	IS("://x", "://x");
	IS("https://", "");
	IS("https:/x", "https:/x");
	IS("www.a.example/b r/AskMen /r/AskMen", "www.a.example/b r/AskMen /r/AskMen");
	buf_release(&out);
	return tap_done();
}
