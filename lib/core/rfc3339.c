#include "config.h"

#include "lib/core/rfc3339.h"

struct time_reader {
	const char *at, *end;
	bool is_bad;
};

/* A number of n digits, within [low, high]. */
static int
take_number(struct time_reader *r, int n, int low, int high)
{
	int x = 0;

	for (int i = 0; i < n && !r->is_bad; i++) {
		r->is_bad = r->at == r->end || *r->at < '0' || *r->at > '9';
		if (!r->is_bad)
			x = 10 * x + (*r->at++ - '0');
	}
	r->is_bad |= x < low || x > high;
	return x;
}

/* The next byte if it is one of these, else '\0'. */
static char
take_if(struct time_reader *r, const char *any_of)
{
	for (; r->at < r->end && *any_of != '\0'; any_of++)
		if (*r->at == *any_of)
			return *r->at++;
	return '\0';
}

static void
need(struct time_reader *r, const char *any_of)
{
	r->is_bad |= take_if(r, any_of) == '\0';
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1970-01-01 to a date of the Gregorian calendar, for years from 0 on. */
static int64_t
days_since_1970(int year, int month, int day)
{
	const int y = year + 399; /* whole years before it, since the year -399 */
	int64_t days = (int64_t)y * 365 + y / 4 - y / 100 + y / 400;

	for (int m = 1; m < month; m++)
		days += month_days(year, m);
	return days + day - 1 - 865259;
}

static int64_t
take_date(struct time_reader *r)
{
	int year = take_number(r, 4, 0, 9999), month, day;

	need(r, "-");
	month = take_number(r, 2, 1, 12);
	need(r, "-");
	day = take_number(r, 2, 1, 31);
	if (r->is_bad || day > month_days(year, month)) {
		r->is_bad = true;
		return 0;
	}
	return days_since_1970(year, month, day);
}

static int64_t
take_time(struct time_reader *r)
{
	int hour = take_number(r, 2, 0, 23), minute, second;

	need(r, ":");
	minute = take_number(r, 2, 0, 59);
	need(r, ":");
	second = take_number(r, 2, 0, 60); /* 60: a leap second */
	if (take_if(r, ".") != '\0') {
		take_number(r, 1, 0, 9);
		while (take_if(r, "0123456789") != '\0')
			;
	}
	return (hour * 60 + minute) * 60 + second;
}

static int64_t
take_offset(struct time_reader *r)
{
	char sign = take_if(r, "Zz+-");
	int hour, minute;

	r->is_bad |= sign == '\0';
	if (sign != '+' && sign != '-')
		return 0;
	hour = take_number(r, 2, 0, 23);
	need(r, ":");
	minute = take_number(r, 2, 0, 59);
	return (sign == '-' ? -60 : 60) * (hour * 60 + minute);
}

bool
rfc3339_read(const char *s, size_t len, int64_t *seconds)
{
	struct time_reader r = { s, s + len, false };
	int64_t t = take_date(&r) * 86400;

	need(&r, "Tt ");
	t += take_time(&r);
	t -= take_offset(&r);
	*seconds = t;
	return !r.is_bad && r.at == r.end;
}
