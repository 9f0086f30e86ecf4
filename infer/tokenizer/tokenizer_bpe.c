/* tokenizer_bpe.c - BPE by a ranked list of merges, over bytes (GPT-2) or over characters. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/tokenizer/tokenizer_internal.h"
#include "lib/core/arena.h"

enum { LETTER_MAX = 2 }; /* bytes of a printable character */

struct tokenizer_bpe {
	const struct vocab *vocab;
	bool is_byte_level;
	struct hash_index by_pair;    /* merges by both their parts; the number is the rank */
	char letter[256][LETTER_MAX]; /* the printable character of each byte */
	unsigned char letter_len[256];
	uint32_t byte_id[256]; /* the token of each byte, or TOKEN_NONE */
	int16_t byte_of[512];  /* by code point of the letter; -1 */
	struct bpe_merge merge;
	struct buf word; /* scratch, in letters */
};

/* Printable bytes are their own letters; the others get the code points from 256 on, in
 * order (bytes_to_unicode() of GPT-2, Radford et al. 2019). */
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
		t->byte_id[b] = vocab_find(t->vocab, t->letter[b], t->letter_len[b]);
	}
}

static uint64_t
hash_of(uint32_t left, uint32_t right)
{
	return ((uint64_t)left << 32 | right) * 0x9e3779b97f4a7c15u >> 32;
}

/* The rank of the merge of two tokens; false if there is none. */
static bool
find_rank(const struct tokenizer_bpe *t, uint32_t left, uint32_t right, uint32_t *rank)
{
	struct hash_probe p = hash_index_probe(&t->by_pair, hash_of(left, right));

	while (hash_probe_next(&p)) {
		const struct vocab_merge *m = &t->vocab->merge[p.number];

		if (m->left == left && m->right == right) {
			*rank = p.number;
			return true;
		}
	}
	return false;
}

static void
index_merges(struct tokenizer_bpe *t)
{
	uint32_t earlier;

	for (size_t rank = 0; rank < t->vocab->merges; rank++) {
		const struct vocab_merge *m = &t->vocab->merge[rank];

		if (!find_rank(t, m->left, m->right, &earlier))
			hash_index_add(&t->by_pair, hash_of(m->left, m->right), rank);
	}
}

struct tokenizer_bpe *
tokenizer_bpe_new(const struct vocab *v)
{
	struct tokenizer_bpe *t = arena_calloc(1, sizeof(*t));

	t->vocab = v;
	t->is_byte_level = v->model == VOCAB_BPE;
	set_letters(t);
	index_merges(t);
	return t;
}

void
tokenizer_bpe_free(struct tokenizer_bpe *t)
{
	if (t == NULL)
		return;
	bpe_merge_release(&t->merge);
	buf_release(&t->word);
	hash_index_release(&t->by_pair);
	free(t);
}

static bool
can_merge(void *with, const struct bpe_symbol *left, const struct bpe_symbol *right, double *rank,
    uint32_t *id)
{
	const struct tokenizer_bpe *t = with;
	uint32_t n;

	if (left->id == TOKEN_NONE || right->id == TOKEN_NONE
	    || !find_rank(t, left->id, right->id, &n))
		return false;
	*rank = (double)n;
	*id = t->vocab->merge[n].id;
	return t->vocab->kind[*id] != TOKEN_CONTROL;
}

/* The token of a whole word, if the vocabulary ignores merges for such words. */
static uint32_t
whole_word(struct tokenizer_bpe *t, const char *s, size_t len)
{
	if (!t->vocab->ignores_merges)
		return TOKEN_NONE;
	if (!t->is_byte_level)
		return tokenizer_find_plain(t->vocab, s, len);
	buf_clear(&t->word);
	for (size_t i = 0; i < len; i++)
		buf_add(&t->word, t->letter[(unsigned char)s[i]],
		    t->letter_len[(unsigned char)s[i]]);
	return tokenizer_find_plain(t->vocab, t->word.data, t->word.len);
}

/* Characters without a token begin as byte tokens. */
static void
add_characters(struct tokenizer_bpe *t, const char *s, size_t len)
{
	const struct vocab *v = t->vocab;

	for (size_t i = 0, n; i < len; i += n) {
		uint32_t id;

		n = tokenizer_utf8_len((unsigned char)s[i]);
		n = n < len - i ? n : len - i;
		id = tokenizer_find_plain(v, s + i, n);
		for (size_t k = 0; id == TOKEN_NONE && k < n; k++)
			bpe_merge_add(&t->merge, i + k, 1, v->byte[(unsigned char)s[i + k]]);
		if (id != TOKEN_NONE)
			bpe_merge_add(&t->merge, i, n, id);
	}
}

void
tokenizer_bpe_encode(struct tokenizer_bpe *t, const char *s, size_t len, struct buf *ids)
{
	uint32_t id = whole_word(t, s, len);
	const struct bpe_symbol *p;

	if (id != TOKEN_NONE) {
		tokenizer_put_id(ids, id);
		return;
	}
	bpe_merge_begin(&t->merge);
	if (!t->is_byte_level)
		add_characters(t, s, len);
	for (size_t i = 0; t->is_byte_level && i < len; i++)
		bpe_merge_add(&t->merge, i, 1, t->byte_id[(unsigned char)s[i]]);
	bpe_merge_run(&t->merge, can_merge, t);
	for (p = bpe_merge_first(&t->merge); p != NULL; p = bpe_merge_next(&t->merge, p)) {
		id = p->id != TOKEN_NONE ? p->id : t->vocab->unknown;
		if (id != TOKEN_NONE)
			tokenizer_put_id(ids, id);
	}
}

void
tokenizer_bpe_decode(const struct tokenizer_bpe *t, uint32_t id, struct buf *out)
{
	const struct text *s = &t->vocab->token[id];

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
