#include "config.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "infer/tokenizer/vocab.h"

uint32_t
vocabulary_find(const struct vocabulary *v, const char *s, size_t len)
{
	size_t i = XXH3_64bits(s, len) & v->mask;

	for (; v->slot[i] != 0; i = (i + 1) & v->mask) {
		const struct directory_text *t = &v->token[v->slot[i] - 1];

		if (t->len == len && memcmp(t->ptr, s, len) == 0)
			return v->slot[i] - 1;
	}
	return TOKEN_NONE;
}

void
vocabulary_make_room(struct vocabulary *v, size_t n, struct arena *a)
{
	v->len = n;
	v->token = arena_get(a, n * sizeof(*v->token));
	v->kind = arena_get(a, n);
	v->strip = arena_get(a, n);
	v->score = arena_get(a, n * sizeof(*v->score));
	for (size_t i = 0; i < n; i++)
		v->token[i].ptr = "";
	memset(v->kind, TOKEN_NORMAL, n);
}

static void
find_bytes(struct vocabulary *v)
{
	for (unsigned b = 0; b < 256; b++) {
		char name[8];

		snprintf(name, sizeof(name), "<0x%02X>", b);
		v->byte[b] = vocabulary_find(v, name, 6);
	}
}

/* Of tokens that stand twice, the first is found. */
void
vocabulary_index(struct vocabulary *v, struct arena *a)
{
	size_t slots = 16;

	while (slots < 2 * v->len)
		slots *= 2;
	v->mask = slots - 1;
	v->slot = arena_get(a, slots * sizeof(*v->slot));
	for (size_t id = 0; id < v->len; id++) {
		const struct directory_text *t = &v->token[id];
		size_t i = XXH3_64bits(t->ptr, t->len) & v->mask;

		if (t->len == 0 || vocabulary_find(v, t->ptr, t->len) != TOKEN_NONE)
			continue;
		while (v->slot[i] != 0)
			i = (i + 1) & v->mask;
		v->slot[i] = (uint32_t)id + 1;
	}
	find_bytes(v);
}

void
vocabulary_add_merge(struct vocabulary *v, const char *left, size_t left_len,
    const char *right, size_t right_len, struct buf *scratch)
{
	struct vocabulary_merge m;

	buf_clear(scratch);
	buf_add(scratch, left, left_len);
	buf_add(scratch, right, right_len);
	m.left = vocabulary_find(v, left, left_len);
	m.right = vocabulary_find(v, right, right_len);
	m.id = vocabulary_find(v, scratch->len > 0 ? scratch->data : "", scratch->len);
	if (m.left != TOKEN_NONE && m.right != TOKEN_NONE && m.id != TOKEN_NONE)
		v->merge[v->merges++] = m;
}

int
vocabulary_add_normal(struct vocabulary *v, const struct normalize_step *s,
    struct fault *f)
{
	if (v->normals == VOCABULARY_STEPS_MAX)
		return fault_stop(f, "a normalizer of more than %d steps",
		    VOCABULARY_STEPS_MAX);
	v->normal[v->normals++] = *s;
	return 0;
}

int
vocabulary_add_split(struct vocabulary *v, const struct split_step *s,
    struct fault *f)
{
	if (v->splits == VOCABULARY_STEPS_MAX)
		return fault_stop(f, "a pre-tokenizer of more than %d steps",
		    VOCABULARY_STEPS_MAX);
	v->split[v->splits++] = *s;
	return 0;
}

int
vocabulary_add_blanks(struct vocabulary *v, bool is_prepended,
    enum normalize_kind kind, bool is_first, struct fault *f)
{
	const struct normalize_step front = { .kind = kind, .is_first = is_first,
		.to = { "\xe2\x96\x81", 3 } };
	const struct normalize_step blanks = { .kind = NORMALIZE_REPLACE,
		.from = { " ", 1 }, .to = { "\xe2\x96\x81", 3 } };

	v->adds_space = is_prepended;
	if (vocabulary_add_normal(v, &blanks, f) < 0)
		return -2;
	return is_prepended ? vocabulary_add_normal(v, &front, f) : 0;
}
