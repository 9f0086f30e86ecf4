// json.cc - implements json.h by simdjson, and json_write_real() of json_write.h by to_chars().
// Both are C++.  Compiled without exceptions and run-time types.

#include <charconv>
#include <cstring>
#include <new>
#include <type_traits>
#include <simdjson.h>

// the headers of lib/ are C
#include <msgpack/object.h>
#define _Noreturn [[noreturn]]
extern "C" {
#include "lib/core/arena.h"
#include "lib/core/fault.h"
#include "lib/core/json_pointer.h"
#include "lib/json/json.h"
#include "lib/json/json_diagnose.h"
#include "lib/json/json_write.h"
}

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

static_assert(JSON_PADDING >= simdjson::SIMDJSON_PADDING, "simdjson reads beyond the padding");

static const size_t CAPACITY_MIN = 64 * 1024, DOCUMENT_MAX = size_t(1) << 31;

struct json {
	simdjson::dom::parser parser;
	simdjson::dom::document document;
	size_t cap;
};

struct json *
json_new(void)
{
	struct json *j = new (std::nothrow) json();

	if (j == nullptr)
		arena_out_of_memory();
	return j;
}

void
json_free(struct json *j)
{
	delete j;
}

// Allocates for a document of len bytes.  Doubling keeps allocations few when lines get longer
// and longer.
static void
reserve(struct json *j, size_t len)
{
	size_t cap = CAPACITY_MIN;

	while (cap < len)
		cap *= 2;
	if (j->parser.allocate(cap, JSON_DEPTH + 1) != simdjson::SUCCESS
	    || j->document.allocate(cap) != simdjson::SUCCESS)
		arena_out_of_memory();
	j->cap = cap;
}

// simdjson's references as words, for structs that C can hold
template <typename T>
static void
store(const T &reference, uintptr_t *words)
{
	static_assert(std::is_trivially_copyable<T>::value && sizeof(T) == 2 * sizeof(*words),
	    "a reference is two words");
	memcpy(words, &reference, sizeof(reference));
}

template <typename T>
static T
load(uintptr_t document, uintptr_t index)
{
	const uintptr_t words[2] = { document, index };
	T reference;

	memcpy(static_cast<void *>(&reference), words, sizeof(words));
	return reference;
}

static inline void
set_text(struct json_node *node, std::string_view text)
{
	node->kind = JSON_TEXT;
	node->text.ptr = text.data();
	node->text.len = text.size();
}

static inline void
set_node(struct json_node *node, const element &e)
{
	store(e, node->inner);
	switch (e.type()) {
	case element_type::ARRAY:
		node->kind = JSON_LIST;
		break;
	case element_type::OBJECT:
		node->kind = JSON_MAP;
		break;
	case element_type::STRING:
		set_text(node, e.get_string().value_unsafe());
		break;
	case element_type::INT64:
		node->kind = JSON_INT;
		node->integer = e.get_int64().value_unsafe();
		break;
	case element_type::UINT64:
		node->kind = JSON_UINT;
		node->natural = e.get_uint64().value_unsafe();
		break;
	case element_type::DOUBLE:
		node->kind = JSON_REAL;
		node->real = e.get_double().value_unsafe();
		break;
	case element_type::BOOL:
		node->kind = JSON_BOOL;
		node->truth = e.get_bool().value_unsafe();
		break;
	case element_type::NULL_VALUE:
		node->kind = JSON_NULL;
		break;
	}
}

static int
explain(const char *text, size_t len, simdjson::error_code e, struct fault *f)
{
	int r = json_diagnose(text, len, f);

	return r < 0 ? r : fault_set(f, "bad-json", "%s", simdjson::error_message(e));
}

int
json_parse(struct json *j, const char *text, size_t len, struct json_node *root, struct fault *f)
{
	element e;
	simdjson::error_code error;

	root->kind = JSON_ABSENT;
	if (len > DOCUMENT_MAX)
		return fault_at(f, 0, "bad-json", "document longer than 2 GiB");
	if (len > j->cap || j->cap == 0)
		reserve(j, len);
	error = j->parser.parse_into_document(j->document, text, len, false).get(e);
	if (error != simdjson::SUCCESS)
		return explain(text, len, error, f);
	set_node(root, e);
	return 0;
}

// Length, first and last byte distinguish most names.
static inline size_t
slot_of(const char *name, size_t len)
{
	if (len == 0)
		return 0;
	return (static_cast<unsigned char>(name[0]) + 11 * len
		   + 5 * static_cast<unsigned char>(name[len - 1]))
	    % JSON_NAMES_SLOTS;
}

void
json_names_set(struct json_names *w, const char *const *names, size_t n)
{
	w->name = names;
	w->n = n;
	w->lengths = 0;
	memset(w->slot, JSON_NAMES_MAX, sizeof(w->slot));
	for (size_t k = 0; k < n; k++) {
		w->len[k] = strlen(names[k]);
		w->lengths |= uint64_t(1) << (w->len[k] % 64);
		uint8_t *slot = &w->slot[slot_of(names[k], w->len[k])];
		w->next[k] = *slot;
		*slot = static_cast<uint8_t>(k);
	}
}

/* The index of a name, or JSON_NAMES_MAX. */
static size_t
names_find(const struct json_names *w, const char *name, size_t len)
{
	if ((w->lengths >> (len % 64) & 1) == 0)
		return JSON_NAMES_MAX;
	size_t k = w->slot[slot_of(name, len)];

	while (k != JSON_NAMES_MAX && (w->len[k] != len || memcmp(w->name[k], name, len) != 0))
		k = w->next[k];
	return k;
}

static int
pick(const object &map, const struct json_names *w, struct json_node *out, struct fault *f)
{
	const object::iterator end = map.end();

	for (object::iterator at = map.begin(); at != end; ++at) {
		const std::string_view name = at.key();
		size_t k = names_find(w, name.data(), name.size());

		if (k == JSON_NAMES_MAX)
			continue;
		if (out[k].kind != JSON_ABSENT) {
			json_pointer_prepend(f, w->name[k], w->len[k]);
			return fault_set(f, "doubled-field", "this field occurs twice");
		}
		set_node(&out[k], at.value());
	}
	return 0;
}

int
json_pick_names(const struct json_node *map, const struct json_names *w, struct json_node *out,
    struct fault *f)
{
	for (size_t k = 0; k < w->n; k++)
		out[k].kind = JSON_ABSENT;
	if (map->kind != JSON_MAP)
		return 0;
	return pick(load<element>(map->inner[0], map->inner[1]).get_object().value_unsafe(), w, out,
	    f);
}

int
json_pick(const struct json_node *map, const char *const *names, size_t n, struct json_node *out,
    struct fault *f)
{
	const size_t most = JSON_NAMES_MAX;
	int r = 0;

	for (size_t k = 0; k < n && r == 0; k += most) {
		struct json_names w;

		json_names_set(&w, names + k, n - k < most ? n - k : most);
		r = json_pick_names(map, &w, out + k, f);
	}
	return r;
}

// A walk is the document, the index of the next member, that of the end, and whether it is a
// map.
template <typename T>
static void
walk_begin(struct json_walk *w, const T &of)
{
	uintptr_t end[2];

	store(of.begin(), w->inner);
	store(of.end(), end);
	w->inner[2] = end[1];
}

void
json_walk_begin(struct json_walk *w, const struct json_node *of)
{
	memset(w->inner, 0, sizeof(w->inner));
	if (of->kind != JSON_MAP && of->kind != JSON_LIST)
		return;
	const element e = load<element>(of->inner[0], of->inner[1]);
	w->inner[3] = of->kind == JSON_MAP;
	if (of->kind == JSON_MAP)
		walk_begin(w, e.get_object().value_unsafe());
	else
		walk_begin(w, e.get_array().value_unsafe());
}

template <typename T>
static size_t
count_members(const T &of)
{
	const size_t most = 0xffffff; // the largest count that simdjson keeps
	size_t n = of.size();

	if (n == most) {
		n = 0;
		for (auto at = of.begin(); at != of.end(); ++at)
			n++;
	}
	return n;
}

size_t
json_count(const struct json_node *of)
{
	if (of->kind != JSON_MAP && of->kind != JSON_LIST)
		return 0;
	const element e = load<element>(of->inner[0], of->inner[1]);
	return of->kind == JSON_MAP ? count_members(e.get_object().value_unsafe())
				    : count_members(e.get_array().value_unsafe());
}

bool
json_walk_next(struct json_walk *w, struct json_node *name, struct json_node *value)
{
	if (w->inner[1] == w->inner[2])
		return false;
	if (w->inner[3]) {
		auto at = load<object::iterator>(w->inner[0], w->inner[1]);
		if (name != nullptr)
			set_text(name, at.key());
		set_node(value, at.value());
		store(++at, w->inner);
	} else {
		auto at = load<array::iterator>(w->inner[0], w->inner[1]);
		set_node(value, *at);
		store(++at, w->inner);
	}
	return true;
}

void
json_write_real(struct buf *b, double x)
{
	const size_t most = 32; // the longest is -1.2345678901234567e-308
	char *begin = buf_reserve(b, most + 2);
	char *end = std::to_chars(begin, begin + most, x).ptr;
	const std::string_view digits(begin, end - begin);

	b->len += digits.size();
	if (digits.find_first_of(".e") == std::string_view::npos)
		buf_add(b, ".0", 2);
}
