#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "infer/tokenizer/tokenizer_internal.h"
#include "lib/core/arena.h"

struct tokenizer_spm {
	const struct vocabulary *vocabulary;
	struct merge merge;
	const char *text;		/* in hand */
};

struct tokenizer_spm *
tokenizer_spm_new(const struct vocabulary *v)
{
	struct tokenizer_spm *t = calloc(1, sizeof(*t));

	if (t == NULL)
		arena_exhausted();
	t->vocabulary = v;
	return t;
}

static bool
may_join(void *with, const struct merge_piece *left,
    const struct merge_piece *right, double *rank, uint32_t *id)
{
	const struct tokenizer_spm *t = with;

	*id = vocabulary_find(t->vocabulary, t->text + left->at,
	    left->len + right->len);
	if (*id == TOKEN_NONE)
		return false;
	*rank = -t->vocabulary->score[*id];
	return true;
}

void
tokenizer_put_unknown(const struct vocabulary *v, const char *s, size_t len,
    bool *was_unknown, struct buf *ids)
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
tokenizer_spm_encode(struct tokenizer_spm *t, const char *s, size_t len,
    struct buf *ids)
{
	const struct vocabulary *v = t->vocabulary;
	const struct merge_piece *p;
	bool was_unknown = false;

	t->text = s;
	merge_begin(&t->merge);
	for (size_t i = 0; i < len;) {
		size_t n = tokenizer_character_len((unsigned char)s[i]);

		n = n < len - i ? n : len - i;
		merge_add(&t->merge, i, n, vocabulary_find(v, s + i, n));
		i += n;
	}
	merge_run(&t->merge, may_join, t);
	for (p = merge_first(&t->merge); p != NULL; p = merge_next(&t->merge, p)) {
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
tokenizer_spm_decode(const struct vocabulary *v, uint32_t id, struct buf *out)
{
	const struct directory_text *t = &v->token[id];

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
	merge_release(&t->merge);
	free(t);
}
