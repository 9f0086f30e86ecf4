/* utf8_valid.cc - utf8_is_valid() by simdjson, whose check is vectorised. */

#include <cstdint>
#include <cstring>
#include <simdjson.h>

#include "lib/core/utf8.h"

bool
utf8_is_valid(const char *s, size_t len)
{
	const uint64_t high = 0x8080808080808080;
	uint64_t word, seen = 0;
	size_t i = 0;

	// most texts are short and ASCII; simdjson processes at least 64 bytes
	if (len >= 64)
		return simdjson::validate_utf8(s, len);
	for (; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, s + i, sizeof(word));
		seen |= word;
	}
	for (; i < len; i++)
		seen |= static_cast<unsigned char>(s[i]);
	return (seen & high) == 0 || simdjson::validate_utf8(s, len);
}
