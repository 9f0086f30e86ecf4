/* tokenizer_unigram.c - Unigram tokenization: the segmentation with the highest sum of scores
 * (Viterbi). */

#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/tokenizer/token_list.h"
#include "infer/tokenizer/tokenizer_internal.h"
#include "lib/core/arena.h"

/* An unknown character scores this much less than the least likely piece. */
static const double unknown_penalty = 10;

/* The best segmentation up to a byte of the word. */
struct unigram_node {
	double score; /* -INFINITY: there is none */
	size_t from;  /* where its last piece begins */
	uint32_t id;  /* TOKEN_NONE: a character without a token */
};

struct tokenizer_unigram {
	const struct vocab *vocab;
	struct token_list pieces;
	double unknown; /* score of an unknown character */
	struct buf nodes, path;
};

static bool
is_piece(const struct vocab *v, size_t id)
{
	return (v->kind[id] == TOKEN_NORMAL || v->kind[id] == TOKEN_USER) && isfinite(v->score[id]);
}

struct tokenizer_unigram *
tokenizer_unigram_new(const struct vocab *v)
{
	struct tokenizer_unigram *t = arena_calloc(1, sizeof(*t));
	double least = 0;

	t->vocab = v;
	token_list_make(&t->pieces, v, is_piece);
	for (size_t i = 0; i < t->pieces.len; i++)
		least = fmin(least, v->score[t->pieces.entry[i].id]);
	t->unknown = least - unknown_penalty;
	return t;
}

void
tokenizer_unigram_free(struct tokenizer_unigram *t)
{
	if (t == NULL)
		return;
	token_list_release(&t->pieces);
	buf_release(&t->nodes);
	buf_release(&t->path);
	free(t);
}

/* The first of pieces [from, to), which agree in n bytes, whose next byte is b or more;
 * pieces of n bytes come before all of these. */
static size_t
lower_bound(const struct token_list_entry *piece, size_t from, size_t to, size_t n, int b)
{
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct text *k = &piece[middle].text;

		if ((k->len > n ? (unsigned char)k->ptr[n] : -1) < b)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* Tries a piece over [from, to).  SentencePiece compares before it rounds to single
 * precision, which decides between equals. */
static void
relax(const struct tokenizer_unigram *t, struct unigram_node *p, size_t from, size_t to,
    double score, uint32_t id)
{
	score += p[from].score;
	if (score > p[to].score)
		p[to] = (struct unigram_node){
			t->vocab->has_float_sums ? (double)(float)score : score, from, id
		};
}

/* Tries all pieces that begin at `at`; is one of them the first character alone? */
static bool
relax_pieces(const struct tokenizer_unigram *t, const char *s, size_t len, size_t at,
    size_t character, struct unigram_node *p)
{
	const struct token_list_entry *piece = t->pieces.entry;
	size_t from = t->pieces.first[(unsigned char)s[at]];
	size_t to = t->pieces.first[(unsigned char)s[at] + 1];
	bool has_character = false;

	for (size_t n = 1; from < to; n++) {
		if (piece[from].text.len == n) {
			relax(t, p, at, at + n, t->vocab->score[piece[from].id], piece[from].id);
			has_character |= n == character;
		}
		if (at + n == len)
			break;
		from = lower_bound(piece, from, to, n, (unsigned char)s[at + n]);
		to = lower_bound(piece, from, to, n, (unsigned char)s[at + n] + 1);
	}
	return has_character;
}

/* Follows the best path back from the end, then appends its tokens in order. */
static void
put_path(struct tokenizer_unigram *t, const char *s, size_t len, struct buf *ids)
{
	const struct vocab *v = t->vocab;
	const struct unigram_node *p = (const struct unigram_node *)(const void *)t->nodes.data;
	bool was_unknown = false;

	buf_clear(&t->path);
	for (size_t at = len; at > 0; at = p[at].from)
		buf_add(&t->path, &at, sizeof(at));
	for (size_t i = t->path.len / sizeof(size_t); i-- > 0;) {
		size_t at = ((const size_t *)(const void *)t->path.data)[i];

		if (p[at].id == TOKEN_NONE) {
			tokenizer_put_unknown(v, s + p[at].from, at - p[at].from, &was_unknown,
			    ids);
			continue;
		}
		tokenizer_put_id(ids, p[at].id);
		was_unknown = false;
	}
}

void
tokenizer_unigram_encode(struct tokenizer_unigram *t, const char *s, size_t len, struct buf *ids)
{
	struct unigram_node *p;

	buf_clear(&t->nodes);
	p = (struct unigram_node *)(void *)buf_reserve(&t->nodes, (len + 1) * sizeof(*p));
	for (size_t i = 0; i <= len; i++)
		p[i] = (struct unigram_node){ .score = i == 0 ? 0 : (double)-INFINITY };
	for (size_t at = 0; at < len; at++) {
		size_t n = tokenizer_utf8_len((unsigned char)s[at]);

		if (isinf(p[at].score)) /* within a character */
			continue;
		n = n < len - at ? n : len - at;
		if (!relax_pieces(t, s, len, at, n, p))
			relax(t, p, at, at + n, t->unknown, TOKEN_NONE);
	}
	put_path(t, s, len, ids);
}
