// The one C++ file: simdjson behind lib/json_index.h and lib/utf8.h.

#include <charconv>
#include <cmath>
#include <cstring>
#include <memory>
#include <new>
#include <simdjson.h>

#include "lib/json_index.h"
#include "lib/utf8.h"

using stage_one = simdjson::internal::dom_parser_implementation;

struct json_index {
	std::unique_ptr<stage_one> finder;
	size_t room;
};

static const size_t LEAST_ROOM = 64 * 1024;

struct json_index *
json_index_new(void)
{
	return new (std::nothrow) json_index();
}

void
json_index_free(struct json_index *x)
{
	delete x;
}

static bool
make_room(struct json_index *x, size_t len)
{
	size_t room = LEAST_ROOM;

	while (room < len)
		room *= 2;
	// depth is checked in lib/json_check.c
	simdjson::error_code e = x->finder == nullptr
	    ? simdjson::get_active_implementation()->create_dom_parser_implementation(
		room, 1, x->finder)
	    : x->finder->set_capacity(room);
	x->room = e == simdjson::SUCCESS ? room : 0;
	return e == simdjson::SUCCESS;
}

int
json_index_build(struct json_index *x, const char *text, size_t len,
    const uint32_t **at, size_t *count)
{
	if (len > JSON_INDEX_MOST)
		return -1;
	if (len > x->room && !make_room(x, len))
		return -2;
	if (x->finder->stage1(reinterpret_cast<const uint8_t *>(text), len,
		simdjson::stage1_mode::regular) != simdjson::SUCCESS)
		return -1;
	*at = x->finder->structural_indexes.get();
	*count = x->finder->n_structural_indexes;
	return 0;
}

bool
json_index_real(const char *p, const char *stop, double *x)
{
	// the standard's reader is fast, but does not tell too large from too small
	if (std::from_chars(p, stop, *x).ec == std::errc::result_out_of_range)
		*x = simdjson::internal::from_chars(p, stop);
	return std::isfinite(*x);
}

bool
utf8_valid(const char *s, size_t len)
{
	const uint64_t high = 0x8080808080808080;
	uint64_t word, seen = 0;
	size_t i = 0;

	// most texts are short and ASCII: simdjson pays for 64 bytes at least
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
