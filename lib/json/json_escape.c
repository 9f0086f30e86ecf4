#include "config.h"

#include "lib/json/json_escape.h"

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int32_t
json_escape_hex(const char *p, const char *stop)
{
	int32_t x = 0;

	if (stop - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int d = digit(p[i]);

		if (d < 0)
			return -1;
		x = x << 4 | d;
	}
	return x;
}

static char *
put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
		return out;
	}
	if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*out++ = (char)(0xe0 | c >> 12);
		} else {
			*out++ = (char)(0xf0 | c >> 18);
			*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*out++ = (char)(0x80 | (c & 0x3f));
	return out;
}

static size_t
code_point(const char *p, const char *stop, char **out)
{
	int32_t high = json_escape_hex(p + 2, stop), low;

	if (high < 0 || (high & 0xfc00) == 0xdc00)
		return 0;
	if ((high & 0xfc00) != 0xd800) {
		*out = put_utf8(*out, (uint32_t)high);
		return 6;
	}
	if (stop - p < 12 || p[6] != '\\' || p[7] != 'u')
		return 0;
	low = json_escape_hex(p + 8, stop);
	if (low < 0 || (low & 0xfc00) != 0xdc00)
		return 0;
	*out = put_utf8(*out,
	    0x10000u + ((uint32_t)(high & 0x3ff) << 10) + (uint32_t)(low & 0x3ff));
	return 12;
}

size_t
json_escape_decode(const char *p, const char *stop, char **out)
{
	char c;

	switch (p[1]) {
	case '"':
	case '\\':
	case '/':
		c = p[1];
		break;
	case 'b':
		c = '\b';
		break;
	case 'f':
		c = '\f';
		break;
	case 'n':
		c = '\n';
		break;
	case 'r':
		c = '\r';
		break;
	case 't':
		c = '\t';
		break;
	case 'u':
		return code_point(p, stop, out);
	default:
		return 0;
	}
	*(*out)++ = c;
	return 2;
}
