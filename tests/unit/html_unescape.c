/* html_unescape.c - the escapes of Reddit dumps become characters; other text stays. */

#include "config.h"

#include <string.h>

#include "lib/text/html_unescape.h"
#include "tests/tap.h"

static void
becomes(const char *text, const char *want)
{
	char s[128];
	size_t n = strlen(text);

	memcpy(s, text, n);
	n = html_unescape(s, n);
	ok(n == strlen(want) && memcmp(s, want, n) == 0, "'%s' becomes '%.*s'", text, (int)n, s);
}

int
main(void)
{
	becomes("", "");
	becomes("plain", "plain");
	becomes("&gt; quoted &amp; cut &lt;b&gt;", "> quoted & cut <b>");
	becomes("&amp;amp;", "&amp;");
	becomes("&amp;gt;", "&gt;");
	becomes("a&amp;nbsp;b", "a b");
	becomes("&amp;#x200B;", "");
	becomes("R&D & &copy; &am", "R&D & &copy; &am");
	becomes("&", "&");
	becomes("&amp", "&amp");
	return tap_done();
}
