/* pii.c - names, addresses and phone numbers go; other words and numbers stay. */

#include "config.h"

#include <string.h>

#include "lib/text/pii.h"
#include "tests/tap.h"

static struct buf out;

static bool
gives(const char *raw, const char *wanted)
{
	bool is_changed = pii_replace(raw, strlen(raw), &out);

	if (!is_changed)
		return strcmp(raw, wanted) == 0;
	if (out.len == strlen(wanted) && memcmp(out.data, wanted, out.len) == 0)
		return true;
	printf("# '%.*s'\n", (int)out.len, out.data);
	return false;
}

#define IS(raw, wanted) ok(gives(raw, wanted), "%s", raw)
#define STAYS(raw) ok(!pii_replace(raw, strlen(raw), &out), "stays: %s", raw)

static void
test_names(void)
{
	IS("thanks u/some_one-2!", "thanks u/[user]!");
	IS("thanks /u/some_one", "thanks u/[user]");
	IS("/u/some_one and U/Other", "u/[user] and u/[user]");
	IS("(u/some_one)", "(u/[user])");
	IS("https://www.reddit.com/u/some_one/comments",
	    "https://www.reddit.com/u/[user]/comments");
	IS("https://www.reddit.com/user/some_one", "https://www.reddit.com/u/[user]");
	IS("see /user/some_one", "see u/[user]");
	IS("\"/u/abc\"/u/def", "\"u/[user]\"u/[user]");
	STAYS("menu/item");
	STAYS("r/AskMen and /r/AskMen");
	STAYS("user/computer interaction");
	STAYS("GET api/user/login, src/user/main.c, https://a.example/x/user/bob");
	STAYS("in u/s, and w/u");
	STAYS("and/or either/neither");
}

static void
test_addressees(void)
{
	IS("/message/compose/?to=/u/some_one&subject=x",
	    "/message/compose/?to=/u/[user]&subject=x");
	IS("https://www.reddit.com/message/compose?subject=a%20b&to=some_one",
	    "https://www.reddit.com/message/compose?subject=a%20b&to=[user]");
	STAYS("https://www.reddit.com/message/compose?to=%2Fr%2FModNews");
	STAYS("compose the letter, to=some_one");
	IS("u/some\\_one and /u/\\_any\\_one\\_", "u/[user] and u/[user]");
	IS("u\\_some\\_one, r/u_some_one, https://reddit.com/r/u_some_one",
	    "u/[user], u/[user], https://reddit.com/u/[user]");
	STAYS("int u_count; r/u_x; \\u_0041");
	STAYS("/user/login, https://a.example/user/settings");
}

static void
test_handles(void)
{
	IS("@somebody said so, @some\\_one, too", "@[user] said so, @[user], too");
	IS("(@some.body) \"@Some1\" .@some_one: @some-one's",
	    "(@[user]) \"@[user]\" .@[user]: @[user]'s");
	IS("@some_one@mastodon.social and @a.b@c.example", "@[user] and @[user]");
	IS("https://medium.com/@some_one/slug", "https://medium.com/@[user]/slug");
	STAYS("meet @ 5pm, @5pm, @1080p, 8 cores @3.5GHz, $5@10, 3 @ 4.50");
	STAYS("SETI@home, a gr@ve f@ult, @_@, @#$%, @here and @all");
	STAYS("@Override, @media, @media-type, @param x, @staticmethod, @ts-ignore");
	STAYS("@gmail.com, @angular/core, @types/node, import x from \"@scope/name\"");
	STAYS("@app.route(\"/\"), @click=\"go\", @{name}, @list[0]");
	STAYS("@jwt.some_loader\n def check(a, b)");
	IS("@some_one\nyou define it", "@[user]\nyou define it");
	STAYS("DECLARE @total INT");
	STAYS("IF @total > @other THEN");
	STAYS("foo(@total);");
	STAYS("Write `sudo @total now` there");
	STAYS("https://unpkg.com/@total/core, //a/@total");
	STAYS("join +guild or r/AskMen");
}

static void
test_profiles(void)
{
	IS("https://twitter.com/some_one/status/1", "https://twitter.com/[user]/status/1");
	IS("www.facebook.com/some.one, HTTPS://M.FACEBOOK.COM/Some1?x",
	    "www.facebook.com/[user], HTTPS://M.FACEBOOK.COM/[user]?x");
	IS("github.com/some-one/repository.", "github.com/[user]/repository.");
	IS("linkedin.com/in/some-one-1a2b/", "linkedin.com/in/[user]/");
	IS("stackoverflow.com/users/12/some-one", "stackoverflow.com/users/12/[user]");
	IS("de.wikipedia.org/wiki/User:Some_one", "de.wikipedia.org/wiki/User:[user]");
	IS("cash.app/$someone t.me/someone.", "cash.app/$[user] t.me/[user].");
	STAYS("https://twitter.com/search?q=a, twitter.com/hashtag/b, x.com");
	STAYS("github.com/features, docs.github.com/someone, help.twitter.com/someone");
	STAYS("facebook.com/groups/1, facebook.com/sharer.php?u=a, instagram.com/p/Bxyz");
	STAYS("netflix.com/someone, example.com/someone, r/AskMen/comments/1");
	STAYS("linkedin.com/company/someone, youtube.com/watch?v=abc");
}

static void
test_labels(void)
{
	IS("[@some_one](/user/some_one)", "[u/[user]](u/[user])");
	IS("[Some One](https://twitter.com/some_one)", "[[user]](https://twitter.com/[user])");
	IS("[@SomeOne](https://twitter.com/some_one)", "[@[user]](https://twitter.com/[user])");
	IS("[PM some_one now](/message/compose/?to=some_one)",
	    "[PM [user] now](/message/compose/?to=[user])");
	IS("[some_one's things](https://github.com/some_one/x)",
	    "[[user]'s things](https://github.com/[user]/x)");
	IS("[my posts](/u/some_one)", "[my posts](u/[user])");
	STAYS("[some_one](https://example.com/some_one)");
}

static void
test_messengers(void)
{
	IS("add some_one#1234!", "add [user]!");
	IS("Discord: some_one#1234", "Discord: [user]");
	IS("discord: someone, or my snapchat name: Some1 there",
	    "discord: [user], or my snapchat name: [user] there");
	IS("Venmo handle: @some_one", "Venmo handle: @[user]");
	STAYS("issue#1234, rust-lang/rust#1234, a.example/b#1234, #1234, 12#1234, name#12345");
	STAYS("Twitter: the worst of all; Steam: on sale: now");
	STAYS("discord: https://a.example");
}

static void
test_emails(void)
{
	IS("mail some.one+tag@mail.example.com.", "mail [email].");
	IS("<a_b-c%d@example.co.uk>", "<[email]>");
	IS("mailto:a@b.cd?subject=x", "mailto:[email]?subject=x");
	IS("a@b.cd,e@f.gh", "[email],[email]");
	IS("@somebody said so", "@[user] said so");
	STAYS("meet @ 7.30");
	STAYS("a@b");
	STAYS("cost: 3@4.50 each");
	STAYS("@@@.@.");
	IS("some_one (at) host (dot) com", "[email]");
	IS("mail some.one[at]host.com!", "mail [email]!");
	IS("some AT host DOT co DOT uk", "[email]");
	IS("write to some dot one at host dot com", "write to [email]");
	IS("it is some_one at gmail.com", "it is [email]");
	IS("some_one @ gmail.com, some_one@host dot org", "[email], [email]");
	STAYS("look at polka dot dresses");
	STAYS("buy it at amazon dot com, look at example dot com");
	STAYS("bob at example.com works at hosting");
	STAYS("meet (at) noon, dot com bubble");
}

static void
test_phones(void)
{
	IS("555-234-5678", "[phone]");
	IS("(555) 234-5678", "[phone]");
	IS("(555)234-5678", "[phone]");
	IS("(555-234-5678)", "([phone])");
	IS("1-800-555-2345!", "[phone]!");
	IS("555.234.5678.", "[phone].");
	IS("it is 555 234 5678 2 times", "it is [phone] 2 times");
	IS("+44 20 7946 0958", "[phone]");
	IS("+14155552671", "[phone]");
	IS("(+49) 30 901820", "[phone]");
	IS("020 7946 0958", "[phone]");
	IS("0171/1234567", "[phone]");
	IS("07946 123456", "[phone]");
	IS("call me at 5552345", "call me at [phone]");
	IS("Tel.: 555-2345", "Tel.: [phone]");
	IS("my phone number is 5552345678", "my phone number is [phone]");
	IS("WhatsApp 06 12 34 56 78", "WhatsApp [phone]");
}

static void
test_numbers(void)
{
	STAYS("in 1999, 2001-2005 and 2019/2020");
	STAYS("on 01/02/2003, 2003-01-02, 1.2.2003 or 01-02-2003");
	STAYS("at 12:34:56, 2019-10-01 12:34:56");
	STAYS("for $1,234,567.89, $5551234567 or 1.234.567,89 \xe2\x82\xac");
	IS("4155552671 or 14155552671", "[phone] or 14155552671");
	STAYS("order 4155552671, id: 4155552671, #4155552671, 4155552671 bytes");
	STAYS("2147483647, 4294967295, 4155552671000, 1155552671, 4115552671, 4159112671");
	STAYS("a-day-0327-20150328-story");
	STAYS("5551234567 or 1134365188 votes");
	STAYS("1234567 people, 12 345 678 in all, 1 000 000 000");
	STAYS("192.168.100.123 and 10.0.0.1:8080");
	STAYS("version 4.19.0-21 or 1.2.3.4.5.6.7.8");
	STAYS("ISBN 978-0-306-40615-7, 0-306-40615-2");
	STAYS("4111 1111 1111 1111");
	STAYS("+10000000 karma, +1, +12%, -1234567");
	STAYS("call 911, or 999; call 5 of 10");
	STAYS("call me on 01/02/2003, or on 2003-01-02");
	STAYS("555-234-5678x and 555-234-5678-9");
	STAYS("pi is 3.14159265358979");
	STAYS("id555-234-5678x and 555-234-56789");
	STAYS("comments/4cgt8v/1234567890 x=5552345678");
	STAYS("scores of 100 200 3000");
	STAYS("0.1234567, 007, 00:01:02, 0xdeadbeef1234567");
	STAYS("1234567890123456789012345678901234567890");
}

/* The first look goes 32 bytes at a time: try all places. */
static void
test_blocks(void)
{
	bool is_good = true;
	char raw[128];

	for (size_t at = 1; at < 100; at++) {
		memset(raw, ' ', sizeof(raw));
		memcpy(raw + at, "u/abc", 5);
		is_good &= pii_replace(raw, at + 5, &out) && out.len == at + 8;
		memcpy(raw + at, "a@b.cd", 6);
		is_good &= pii_replace(raw, at + 6, &out) && out.len == at + 7;
		memcpy(raw + at, "+1 5552345678", 13);
		is_good &= pii_replace(raw, at + 13, &out) && out.len == at + 7;
	}
	ok(is_good, "they are found wherever they are");
}

int
main(void)
{
	test_names();
	test_addressees();
	test_handles();
	test_profiles();
	test_labels();
	test_messengers();
	test_emails();
	test_phones();
	test_numbers();
	test_blocks();
	buf_release(&out);
	return tap_done();
}
