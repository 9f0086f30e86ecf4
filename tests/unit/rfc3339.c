/* rfc3339.c - RFC 3339 times as seconds since 1970. */

#include "config.h"

#include <string.h>
#include <time.h>

#include "lib/core/rfc3339.h"
#include "tests/tap.h"

static void
test_good(void)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1969-12-31T23:59:59Z", -1 },
		{ "2024-03-02T10:00:00Z", 1709373600 },
		{ "2024-03-02 10:00:00z", 1709373600 },
		{ "2024-03-02t10:00:00.999999Z", 1709373600 },
		{ "2024-03-02T10:00:00+00:00", 1709373600 },
		{ "2024-03-02T15:30:00+05:30", 1709373600 },
		{ "2024-03-01T22:30:00-11:30", 1709373600 },
		{ "2000-02-29T00:00:00Z", 951782400 },
		{ "2016-12-31T23:59:60Z", 1483228800 },
		{ "0000-01-01T00:00:00Z", -62167219200 },
		{ "9999-12-31T23:59:59Z", 253402300799 },
	};
	int64_t x;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(rfc3339_read(cases[i].text, strlen(cases[i].text), &x) && x == cases[i].seconds,
		    "%s is read", cases[i].text);
}

static void
test_bad(void)
{
	static const char *const cases[] = { "", "2024", "2024-03-02", "2024-03-02T10:00:00",
		"2024-03-02T10:00Z", "2024-13-02T10:00:00Z", "2024-00-02T10:00:00Z",
		"2023-02-29T10:00:00Z", "1900-02-29T10:00:00Z", "2024-04-31T10:00:00Z",
		"2024-03-02T24:00:00Z", "2024-03-02T10:60:00Z", "2024-03-02T10:00:61Z",
		"2024-03-02T10:00:00.Z", "2024-03-02T10:00:00+0530", "2024-03-02T10:00:00+24:00",
		"2024-03-02T10:00:00ZZ", " 2024-03-02T10:00:00Z", "+024-03-02T10:00:00Z",
		"2024-03-02T10:00:00+05:3" };
	int64_t x;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(!rfc3339_read(cases[i], strlen(cases[i]), &x), "'%s' is refused", cases[i]);
	ok(!rfc3339_read("2024-03-02T10:00:00Z", 19, &x), "bytes after the end are not read");
}

/* Each noon of 800 years, as timegm() counts. */
static void
test_calendar(void)
{
	bool is_same = true;
	int64_t x;

	for (int day = 0; day < 800 * 366; day++) {
		struct tm t = { .tm_year = 1600 - 1900, .tm_mday = 1 + day, .tm_hour = 12 };
		const int64_t wanted = timegm(&t);
		char text[64];

		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &t);
		is_same &= rfc3339_read(text, strlen(text), &x) && x == wanted;
	}
	ok(is_same, "every day from 1600 to 2400 is what timegm() says");
}

int
main(void)
{
	test_good();
	test_bad();
	test_calendar();
	return tap_done();
}
