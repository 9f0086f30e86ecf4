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
	STAYS("in u/s, and w/u");
	STAYS("and/or either/neither");
}

static void
test_emails(void)
{
	IS("mail some.one+tag@mail.example.com.", "mail [email].");
	IS("<a_b-c%d@example.co.uk>", "<[email]>");
	IS("mailto:a@b.cd?subject=x", "mailto:[email]?subject=x");
	IS("a@b.cd,e@f.gh", "[email],[email]");
	STAYS("@somebody said so");
	STAYS("meet @ 7.30");
	STAYS("a@b");
	STAYS("cost: 3@4.50 each");
	STAYS("@@@.@.");
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
	test_emails();
	test_phones();
	test_numbers();
	test_blocks();
	buf_release(&out);
	return tap_done();
}
