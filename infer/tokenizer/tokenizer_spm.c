/* tokenizer_spm.c - SentencePiece BPE: merges by the scores of tokens. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/tokenizer/tokenizer_internal.h"
#include "lib/core/arena.h"

struct tokenizer_spm {
	const struct vocab *vocab;
	struct bpe_merge merge;
	const char *text; /* that is being encoded */
};

struct tokenizer_spm *
tokenizer_spm_new(const struct vocab *v)
{
	struct tokenizer_spm *t = arena_calloc(1, sizeof(*t));

	t->vocab = v;
	return t;
}

static bool
can_merge(void *with, const struct bpe_symbol *left, const struct bpe_symbol *right, double *rank,
    uint32_t *id)
{
	const struct tokenizer_spm *t = with;

	*id = tokenizer_find_plain(t->vocab, t->text + left->at, left->len + right->len);
	if (*id == TOKEN_NONE)
		return false;
	*rank = -t->vocab->score[*id];
	return true;
}

void
tokenizer_put_unknown(const struct vocab *v, const char *s, size_t len, bool *was_unknown,
    struct buf *ids)
{
	for (size_t i = 0; i < len; i++) {
		uint32_t id = v->byte[(unsigned char)s[i]];

		if (id == TOKEN_NONE && *was_unknown)
			continue;
		*was_unknown = id == TOKEN_NONE;
		id = id != TOKEN_NONE ? id : v->unknown;
		if (id != TOKEN_NONE)
			tokenizer_put_id(ids, id);
	}
}

void
tokenizer_spm_encode(struct tokenizer_spm *t, const char *s, size_t len, struct buf *ids)
{
	const struct vocab *v = t->vocab;
	const struct bpe_symbol *p;
	bool was_unknown = false;

	t->text = s;
	bpe_merge_begin(&t->merge);
	for (size_t i = 0; i < len;) {
		size_t n = tokenizer_utf8_len((unsigned char)s[i]);

		n = n < len - i ? n : len - i;
		bpe_merge_add(&t->merge, i, n, tokenizer_find_plain(v, s + i, n));
		i += n;
	}
	bpe_merge_run(&t->merge, can_merge, t);
	for (p = bpe_merge_first(&t->merge); p != NULL; p = bpe_merge_next(&t->merge, p)) {
		if (p->id == TOKEN_NONE) {
			tokenizer_put_unknown(v, s + p->at, p->len, &was_unknown, ids);
			continue;
		}
		tokenizer_put_id(ids, p->id);
		was_unknown = false;
	}
}

static int
hex(char c)
{
	return c <= '9' ? c - '0' : c - 'A' + 10;
}

void
tokenizer_spm_decode(const struct vocab *v, uint32_t id, struct buf *out)
{
	const struct text *t = &v->token[id];

	if (v->kind[id] == TOKEN_BYTE && t->len == 6) {
		buf_add_byte(out, (char)(hex(t->ptr[3]) << 4 | hex(t->ptr[4])));
		return;
	}
	for (size_t i = 0; i < t->len;) {
		if (t->len - i >= 3 && memcmp(t->ptr + i, "\xe2\x96\x81", 3) == 0) {
			buf_add_byte(out, ' ');
			i += 3;
		} else {
			buf_add_byte(out, t->ptr[i++]);
		}
	}
}

void
tokenizer_spm_free(struct tokenizer_spm *t)
{
	if (t == NULL)
		return;
	bpe_merge_release(&t->merge);
	free(t);
}
