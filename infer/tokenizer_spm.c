#include "config.h"

#include <string.h>

#include "infer/tokenizer_family.h"

#define BLANK "\xe2\x96\x81"
enum { BLANK_LEN = 3 };

static bool
is_blank(const char *s, size_t len)
{
	return len >= BLANK_LEN && memcmp(s, BLANK, BLANK_LEN) == 0;
}

/* Where, behind `at`, a blank stands behind something else: a word begins. */
static size_t
next_word(const char *s, size_t len, size_t at)
{
	bool was_blank = true;

	while (at < len) {
		bool is = is_blank(s + at, len - at);

		if (is && !was_blank)
			return at;
		was_blank = is;
		at += is ? BLANK_LEN : 1;
	}
	return len;
}

void
tokenizer_spm_init(struct tokenizer_spm *t, const struct vocabulary *v)
{
	*t = (struct tokenizer_spm){ .vocabulary = v, .has_words = true };
	for (size_t id = 0; id < v->len && t->has_words; id++)
		t->has_words = next_word(v->token[id].ptr, v->token[id].len, 0)
		    == v->token[id].len;
}

static void
set_text(struct tokenizer_spm *t, const char *text, size_t len)
{
	buf_clear(&t->text);
	if (t->vocabulary->adds_space && len > 0)
		buf_add(&t->text, BLANK, BLANK_LEN);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ')
			buf_add(&t->text, BLANK, BLANK_LEN);
		else
			buf_add_byte(&t->text, text[i]);
	}
}

static size_t
character_len(unsigned char c)
{
	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static bool
may_join(void *with, const struct merge_piece *left,
    const struct merge_piece *right, double *rank, uint32_t *id)
{
	const struct tokenizer_spm *t = with;

	*id = vocabulary_find(t->vocabulary, t->text.data + left->at,
	    left->len + right->len);
	if (*id == TOKEN_NONE)
		return false;
	*rank = -(double)t->vocabulary->score[*id];
	return true;
}

static void
put_bytes(const struct vocabulary *v, const char *s, size_t len, struct buf *ids)
{
	for (size_t i = 0; i < len; i++) {
		uint32_t id = v->byte[(unsigned char)s[i]];

		if (id == TOKEN_NONE)
			id = v->unknown;
		if (id != TOKEN_NONE)
			tokenizer_put_id(ids, id);
	}
}

/* Bytes [from, to) of the text. */
static void
encode(struct tokenizer_spm *t, size_t from, size_t to, struct buf *ids)
{
	const struct vocabulary *v = t->vocabulary;
	const struct merge_piece *p;

	merge_begin(&t->merge);
	for (size_t i = from; i < to;) {
		size_t n = character_len((unsigned char)t->text.data[i]);

		n = n < to - i ? n : to - i;
		merge_add(&t->merge, i, n, vocabulary_find(v, t->text.data + i, n));
		i += n;
	}
	merge_run(&t->merge, may_join, t);
	for (p = merge_first(&t->merge); p != NULL; p = merge_next(&t->merge, p)) {
		if (p->id != TOKEN_NONE)
			tokenizer_put_id(ids, p->id);
		else
			put_bytes(v, t->text.data + p->at, p->len, ids);
	}
}

void
tokenizer_spm_encode(struct tokenizer_spm *t, const char *text, size_t len,
    struct buf *ids)
{
	set_text(t, text, len);
	for (size_t from = 0, to; from < t->text.len; from = to) {
		to = t->has_words ? next_word(t->text.data, t->text.len, from)
		    : t->text.len;
		encode(t, from, to, ids);
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
		if (is_blank(t->ptr + i, t->len - i)) {
			buf_add_byte(out, ' ');
			i += BLANK_LEN;
		} else {
			buf_add_byte(out, t->ptr[i++]);
		}
	}
}

void
tokenizer_spm_release(struct tokenizer_spm *t)
{
	merge_release(&t->merge);
	buf_release(&t->text);
}
