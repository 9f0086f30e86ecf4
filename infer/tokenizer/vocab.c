#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "infer/tokenizer/vocab.h"

uint32_t
vocab_find(const struct vocab *v, const char *s, size_t len)
{
	const struct text key = { s, len };
	struct hash_probe p = hash_index_probe(&v->by_text, XXH3_64bits(s, len));

	while (hash_probe_next(&p))
		if (text_equals(&v->token[p.number], &key))
			return p.number;
	return TOKEN_NONE;
}

void
vocab_alloc(struct vocab *v, size_t n, struct arena *a)
{
	v->len = n;
	v->token = arena_alloc(a, n * sizeof(*v->token));
	v->kind = arena_alloc(a, n);
	v->strip = arena_alloc(a, n);
	v->score = arena_alloc(a, n * sizeof(*v->score));
	for (size_t i = 0; i < n; i++)
		v->token[i].ptr = "";
	memset(v->kind, TOKEN_NORMAL, n);
}

static void
find_bytes(struct vocab *v)
{
	for (unsigned b = 0; b < 256; b++) {
		char name[8];

		snprintf(name, sizeof(name), "<0x%02X>", b);
		v->byte[b] = vocab_find(v, name, 6);
	}
}

/* Of tokens with the same text, the first is indexed.  The slots move to the arena, so that
 * a vocabulary need not be released. */
void
vocab_build_index(struct vocab *v, struct arena *a)
{
	struct hash_slot *slot;

	for (size_t id = 0; id < v->len; id++) {
		const struct text *t = &v->token[id];

		if (t->len > 0 && vocab_find(v, t->ptr, t->len) == TOKEN_NONE)
			hash_index_add(&v->by_text, XXH3_64bits(t->ptr, t->len), id);
	}
	if ((slot = v->by_text.slot) != NULL) {
		const size_t bytes = (v->by_text.mask + 1) * sizeof(*slot);

		v->by_text.slot = memcpy(arena_alloc(a, bytes), slot, bytes);
		free(slot);
	}
	find_bytes(v);
}

static bool
is_between(const struct text *t, const char *begin, const char *end)
{
	const size_t n = strlen(begin), m = strlen(end);

	return t->len > n + m && memcmp(t->ptr, begin, n) == 0
	    && memcmp(t->ptr + t->len - m, end, m) == 0;
}

/* Is it written as the marks of chat templates are?  The bars of DeepSeek's are U+FF5C. */
static bool
is_turn_mark(const struct text *t)
{
	static const char *const marks[] = { "<start_of_turn>", "<end_of_turn>", "<|turn>",
		"<turn|>", "[INST]", "[/INST]", "<EOT>", "<s>", "</s>", "<bos>", "<eos>" };

	if (is_between(t, "<|", "|>") || is_between(t, "<\xef\xbd\x9c", "\xef\xbd\x9c>"))
		return true;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (text_is(t, marks[i]))
			return true;
	return false;
}

void
vocab_mark_control(struct vocab *v)
{
	for (size_t id = 0; id < v->len; id++)
		if ((v->kind[id] == TOKEN_NORMAL || v->kind[id] == TOKEN_USER)
		    && (id == v->bos || id == v->eos || is_turn_mark(&v->token[id])))
			v->kind[id] = TOKEN_CONTROL;
}

void
vocab_add_merge(struct vocab *v, const struct text *left, const struct text *right,
    struct buf *scratch)
{
	struct vocab_merge m;

	buf_clear(scratch);
	buf_add(scratch, left->ptr, left->len);
	buf_add(scratch, right->ptr, right->len);
	m.left = vocab_find(v, left->ptr, left->len);
	m.right = vocab_find(v, right->ptr, right->len);
	m.id = vocab_find(v, scratch->len > 0 ? scratch->data : "", scratch->len);
	if (m.left != TOKEN_NONE && m.right != TOKEN_NONE && m.id != TOKEN_NONE)
		v->merge[v->merges++] = m;
}

int
vocab_add_normalizer(struct vocab *v, const struct normalizer_step *s, struct fault *f)
{
	if (v->normalizers == VOCAB_STEPS_MAX)
		return fault_stop(f, "the normalizer has more than %d steps", VOCAB_STEPS_MAX);
	v->normalizer[v->normalizers++] = *s;
	return 0;
}

int
vocab_add_pretokenizer(struct vocab *v, const struct pretokenizer_step *s, struct fault *f)
{
	if (v->pretokenizers == VOCAB_STEPS_MAX)
		return fault_stop(f, "the pre-tokenizer has more than %d steps", VOCAB_STEPS_MAX);
	v->pretokenizer[v->pretokenizers++] = *s;
	return 0;
}

int
vocab_add_metaspace(struct vocab *v, bool adds_space, enum normalizer_kind kind, bool is_first,
    struct fault *f)
{
	const struct normalizer_step front = {
		.kind = kind, .is_first = is_first, .to = { "\xe2\x96\x81", 3 }
	};
	const struct normalizer_step marks = {
		.kind = NORMALIZER_REPLACE, .from = { " ", 1 }, .to = { "\xe2\x96\x81", 3 }
	};

	v->adds_space = adds_space;
	if (vocab_add_normalizer(v, &marks, f) < 0)
		return -2;
	return adds_space ? vocab_add_normalizer(v, &front, f) : 0;
}
