#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "infer/tokenizer/normalizer.h"
#include "lib/core/arena.h"

/* Characters below U+0300 are in NFC, and most texts have no others. */
static bool
is_surely_nfc(struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		if ((unsigned char)t.ptr[i] >= 0xcc)
			return false;
	return true;
}

static bool
is_ascii(struct text t)
{
	for (size_t i = 0; i < t.len; i++)
		if ((unsigned char)t.ptr[i] >= 0x80)
			return false;
	return true;
}

/* False if the text stays as it is. */
static bool
normalize_unicode(enum normalizer_kind kind, struct text t, struct buf *out)
{
	const int option = kind == NORMALIZER_NFC ? UTF8PROC_COMPOSE
	    : kind == NORMALIZER_NFD              ? UTF8PROC_DECOMPOSE
	    : kind == NORMALIZER_NFKC             ? UTF8PROC_COMPOSE | UTF8PROC_COMPAT
						  : UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
	utf8proc_uint8_t *s;
	utf8proc_ssize_t n;

	if (kind == NORMALIZER_NFC ? is_surely_nfc(t) : is_ascii(t))
		return false;
	n = utf8proc_map((const utf8proc_uint8_t *)t.ptr, (utf8proc_ssize_t)t.len, &s,
	    (utf8proc_option_t)(option | UTF8PROC_STABLE));
	if (n < 0)
		return false;
	buf_add(out, s, (size_t)n);
	free(s);
	return true;
}

static void
lowercase(struct text t, struct buf *out)
{
	for (size_t i = 0; i < t.len;) {
		utf8proc_int32_t c;
		utf8proc_uint8_t s[4];
		utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)t.ptr + i,
		    (utf8proc_ssize_t)(t.len - i), &c);

		if (n <= 0) {
			buf_add_byte(out, t.ptr[i++]);
			continue;
		}
		i += (size_t)n;
		buf_add(out, s, (size_t)utf8proc_encode_char(utf8proc_tolower(c), s));
	}
}

/* Bytes of the white-space character at the beginning of s; 0 if there is none. */
static size_t
space_len(const char *s, size_t len)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len,
	    &c);
	utf8proc_category_t kind;

	if (n <= 0)
		return 0;
	kind = utf8proc_category(c);
	return (c >= 9 && c <= 13) || c == 0x85 || kind == UTF8PROC_CATEGORY_ZS
		|| kind == UTF8PROC_CATEGORY_ZL || kind == UTF8PROC_CATEGORY_ZP
	    ? (size_t)n
	    : 0;
}

static struct text
strip_left(struct text t)
{
	size_t n;

	for (; t.len > 0 && (n = space_len(t.ptr, t.len)) > 0; t.ptr += n)
		t.len -= n;
	return t;
}

static struct text
strip_right(struct text t)
{
	while (t.len > 0) {
		size_t n = 1;

		while (n < t.len && n < 4 && ((unsigned char)t.ptr[t.len - n] & 0xc0) == 0x80)
			n++;
		if (space_len(t.ptr + t.len - n, n) != n)
			break;
		t.len -= n;
	}
	return t;
}

static void
collapse(struct text t, struct buf *out)
{
	bool was_space = true;

	for (size_t i = 0; i < t.len; i++) {
		if (t.ptr[i] != ' ' || !was_space)
			buf_add_byte(out, t.ptr[i]);
		was_space = t.ptr[i] == ' ';
	}
	if (out->len > 0 && was_space)
		out->len--;
}

static bool
replace(const struct normalizer_step *s, struct text t, struct buf *out)
{
	const char *at = t.ptr, *end = t.ptr + t.len, *hit;

	if (s->from.len == 0 || memmem(t.ptr, t.len, s->from.ptr, s->from.len) == NULL)
		return false;
	while ((hit = memmem(at, (size_t)(end - at), s->from.ptr, s->from.len)) != NULL) {
		buf_add(out, at, (size_t)(hit - at));
		buf_add(out, s->to.ptr, s->to.len);
		at = hit + s->from.len;
	}
	buf_add(out, at, (size_t)(end - at));
	return true;
}

static bool
begins_with(struct text t, const struct text *s)
{
	return t.len >= s->len && memcmp(t.ptr, s->ptr, s->len) == 0;
}

static bool
prepend(const struct normalizer_step *s, struct text t, struct buf *out)
{
	if (t.len == 0 || (s->kind == NORMALIZER_PREPEND_IF_MISSING && begins_with(t, &s->to))
	    || (s->kind == NORMALIZER_PREPEND_TO_NONSPACE && space_len(t.ptr, t.len) > 0))
		return false;
	buf_add(out, s->to.ptr, s->to.len);
	buf_add(out, t.ptr, t.len);
	return true;
}

/* A precompiled_charsmap is the size of a trie, the trie (a double array, Aoe 1989, in the
 * layout of darts-clone), then the replacements, each ended by NUL. */
static uint32_t
unit_at(const struct text *map, uint32_t i)
{
	return (uint32_t)model_file_little_endian(
	    (const unsigned char *)map->ptr + 4 + 4 * (size_t)i, 4);
}

static uint32_t
units_of(const struct text *map)
{
	return (uint32_t)model_file_little_endian((const unsigned char *)map->ptr, 4) / 4;
}

bool
normalizer_charsmap_is_valid(const struct text *map)
{
	uint64_t n;

	if (map->len < 8)
		return false;
	n = model_file_little_endian((const unsigned char *)map->ptr, 4);
	return n >= 4 && n % 4 == 0 && n + 4 < map->len && map->ptr[map->len - 1] == '\0';
}

/* The length of the longest prefix of s in the map, 0 for none; *to is the offset of its
 * replacement. */
static size_t
longest_prefix(const struct text *map, const char *s, size_t len, size_t *to)
{
	uint32_t units = units_of(map), at = 0, unit = unit_at(map, 0);
	size_t found = 0;

	at ^= unit >> 10 << ((unit & 1u << 9) >> 6);
	for (size_t i = 0; i < len; i++) {
		at ^= (unsigned char)s[i];
		if (at >= units
		    || ((unit = unit_at(map, at)) & (1u << 31 | 0xff)) != (unsigned char)s[i])
			break;
		at ^= unit >> 10 << ((unit & 1u << 9) >> 6);
		if (at >= units)
			break;
		if (unit >> 8 & 1) {
			found = i + 1;
			*to = 4 + 4 * (size_t)units + (unit_at(map, at) & 0x7fffffff);
		}
	}
	return found;
}

static void
map_characters(const struct text *map, struct text t, struct buf *out)
{
	size_t n, to = 0;

	for (size_t i = 0; i < t.len; i += n) {
		n = longest_prefix(map, t.ptr + i, t.len - i, &to);
		if (n > 0 && to < map->len) {
			buf_add_str(out, map->ptr + to);
			continue;
		}
		n = 1;
		buf_add_byte(out, t.ptr[i]);
	}
}

/* Writes to an empty buffer; false if the text stays as it is. */
static bool
run_step(const struct normalizer_step *s, struct text t, struct buf *out)
{
	struct text part;

	switch (s->kind) {
	case NORMALIZER_NFC:
	case NORMALIZER_NFD:
	case NORMALIZER_NFKC:
	case NORMALIZER_NFKD:
		return normalize_unicode(s->kind, t, out);
	case NORMALIZER_LOWERCASE:
		lowercase(t, out);
		return true;
	case NORMALIZER_STRIP_LEFT:
	case NORMALIZER_STRIP_RIGHT:
		part = s->kind == NORMALIZER_STRIP_LEFT ? strip_left(t) : strip_right(t);
		buf_add(out, part.ptr, part.len);
		return true;
	case NORMALIZER_COLLAPSE:
		collapse(t, out);
		return true;
	case NORMALIZER_REPLACE:
		return replace(s, t, out);
	case NORMALIZER_PREPEND:
	case NORMALIZER_PREPEND_IF_MISSING:
	case NORMALIZER_PREPEND_TO_NONSPACE:
		return prepend(s, t, out);
	case NORMALIZER_CHARSMAP:
		map_characters(&s->from, t, out);
		return true;
	}
	return false;
}

struct text
normalizer_run(struct normalizer *n, const struct normalizer_step *step, size_t steps,
    struct text text, bool is_first)
{
	struct buf *into = &n->scratch[0];

	for (size_t i = 0; i < steps; i++) {
		if (step[i].is_first && !is_first)
			continue;
		buf_clear(into);
		if (!run_step(&step[i], text, into))
			continue;
		text = (struct text){ into->len > 0 ? into->data : "", into->len };
		into = &n->scratch[into == &n->scratch[0]];
	}
	return text;
}

void
normalizer_release(struct normalizer *n)
{
	buf_release(&n->scratch[0]);
	buf_release(&n->scratch[1]);
}
