#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/tokenizer/tokenizer_internal.h"
#include "lib/core/arena.h"

enum { LETTER_MAX = 2 };		/* bytes of a printable character */

/* Two tokens that may be joined, by hash of both. */
struct joint {
	uint32_t left, right, id, rank;	/* id TOKEN_NONE: an empty slot */
};

struct tokenizer_bpe {
	const struct vocabulary *vocabulary;
	bool is_bytes;
	struct joint *joint;
	size_t mask;
	char letter[256][LETTER_MAX];	/* of each byte */
	unsigned char letter_len[256];
	uint32_t byte_id[256];		/* the token of a byte alone; TOKEN_NONE */
	int16_t byte_of[512];		/* by code point; -1 */
	struct merge merge;
	struct buf word;		/* in printable characters */
};

/* Bytes that print stand for themselves; the others, in their order, for the
 * code points from 256 on (Radford et al. 2019). */
static void
set_letters(struct tokenizer_bpe *t)
{
	unsigned next = 256;

	memset(t->byte_of, -1, sizeof(t->byte_of));
	for (unsigned b = 0; b < 256; b++) {
		bool is_plain = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
		unsigned c = is_plain ? b : next++;

		t->byte_of[c] = (int16_t)b;
		t->letter_len[b] = c < 0x80 ? 1 : 2;
		if (c < 0x80) {
			t->letter[b][0] = (char)c;
		} else {
			t->letter[b][0] = (char)(0xc0 | c >> 6);
			t->letter[b][1] = (char)(0x80 | (c & 0x3f));
		}
		t->byte_id[b] = vocabulary_find(t->vocabulary, t->letter[b],
		    t->letter_len[b]);
	}
}

static size_t
slot_of(const struct tokenizer_bpe *t, uint32_t left, uint32_t right)
{
	uint64_t x = ((uint64_t)left << 32 | right) * 0x9e3779b97f4a7c15u;

	return (size_t)(x >> 32) & t->mask;
}

static const struct joint *
find(const struct tokenizer_bpe *t, uint32_t left, uint32_t right)
{
	size_t i = slot_of(t, left, right);

	for (; t->joint[i].id != TOKEN_NONE; i = (i + 1) & t->mask)
		if (t->joint[i].left == left && t->joint[i].right == right)
			return &t->joint[i];
	return NULL;
}

static void
read_merges(struct tokenizer_bpe *t)
{
	const struct vocabulary *v = t->vocabulary;
	size_t slots = 16;

	while (slots < 2 * v->merges)
		slots *= 2;
	t->mask = slots - 1;
	if ((t->joint = calloc(slots, sizeof(*t->joint))) == NULL)
		arena_exhausted();
	for (size_t i = 0; i < slots; i++)
		t->joint[i].id = TOKEN_NONE;
	for (uint32_t rank = 0; rank < v->merges; rank++) {
		const struct vocabulary_merge *m = &v->merge[rank];
		size_t i = slot_of(t, m->left, m->right);

		if (find(t, m->left, m->right) != NULL)
			continue;
		while (t->joint[i].id != TOKEN_NONE)
			i = (i + 1) & t->mask;
		t->joint[i] = (struct joint){ m->left, m->right, m->id, rank };
	}
}

struct tokenizer_bpe *
tokenizer_bpe_new(const struct vocabulary *v)
{
	struct tokenizer_bpe *t = calloc(1, sizeof(*t));

	if (t == NULL)
		arena_exhausted();
	t->vocabulary = v;
	t->is_bytes = v->model == VOCABULARY_BPE;
	set_letters(t);
	read_merges(t);
	return t;
}

void
tokenizer_bpe_free(struct tokenizer_bpe *t)
{
	if (t == NULL)
		return;
	merge_release(&t->merge);
	buf_release(&t->word);
	free(t->joint);
	free(t);
}

static bool
may_join(void *with, const struct merge_piece *left,
    const struct merge_piece *right, double *rank, uint32_t *id)
{
	const struct joint *j = left->id != TOKEN_NONE && right->id != TOKEN_NONE
	    ? find(with, left->id, right->id) : NULL;

	if (j == NULL)
		return false;
	*rank = (double)j->rank;
	*id = j->id;
	return true;
}

/* The token that a whole word is, if such words are taken as they are. */
static uint32_t
whole_word(struct tokenizer_bpe *t, const char *s, size_t len)
{
	if (!t->vocabulary->takes_words)
		return TOKEN_NONE;
	if (!t->is_bytes)
		return vocabulary_find(t->vocabulary, s, len);
	buf_clear(&t->word);
	for (size_t i = 0; i < len; i++)
		buf_add(&t->word, t->letter[(unsigned char)s[i]],
		    t->letter_len[(unsigned char)s[i]]);
	return vocabulary_find(t->vocabulary, t->word.data, t->word.len);
}

/* Characters without a token are bytes from the beginning. */
static void
add_characters(struct tokenizer_bpe *t, const char *s, size_t len)
{
	const struct vocabulary *v = t->vocabulary;

	for (size_t i = 0, n; i < len; i += n) {
		uint32_t id;

		n = tokenizer_character_len((unsigned char)s[i]);
		n = n < len - i ? n : len - i;
		id = vocabulary_find(v, s + i, n);
		for (size_t k = 0; id == TOKEN_NONE && k < n; k++)
			merge_add(&t->merge, i + k, 1, v->byte[(unsigned char)s[i + k]]);
		if (id != TOKEN_NONE)
			merge_add(&t->merge, i, n, id);
	}
}

void
tokenizer_bpe_encode(struct tokenizer_bpe *t, const char *s, size_t len,
    struct buf *ids)
{
	uint32_t id = whole_word(t, s, len);
	const struct merge_piece *p;

	if (id != TOKEN_NONE) {
		tokenizer_put_id(ids, id);
		return;
	}
	merge_begin(&t->merge);
	if (!t->is_bytes)
		add_characters(t, s, len);
	for (size_t i = 0; t->is_bytes && i < len; i++)
		merge_add(&t->merge, i, 1, t->byte_id[(unsigned char)s[i]]);
	merge_run(&t->merge, may_join, t);
	for (p = merge_first(&t->merge); p != NULL; p = merge_next(&t->merge, p)) {
		id = p->id != TOKEN_NONE ? p->id : t->vocabulary->unknown;
		if (id != TOKEN_NONE)
			tokenizer_put_id(ids, id);
	}
}

void
tokenizer_bpe_decode(const struct tokenizer_bpe *t, uint32_t id, struct buf *out)
{
	const struct directory_text *s = &t->vocabulary->token[id];

	for (size_t i = 0; i < s->len; i++) {
		unsigned char c = (unsigned char)s->ptr[i];
		unsigned code = c;

		if (c >= 0xc0 && c < 0xc8 && i + 1 < s->len)
			code = (c & 0x1fu) << 6 | ((unsigned char)s->ptr[++i] & 0x3fu);
		if (code < 512 && t->byte_of[code] >= 0)
			buf_add_byte(out, (char)t->byte_of[code]);
		else
			buf_add_byte(out, (char)c);
	}
}
