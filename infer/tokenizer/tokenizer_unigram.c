#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/tokenizer/tokenizer_internal.h"
#include "lib/core/arena.h"

/* Unknown characters count this much less than the least likely piece. */
static const double unknown_less = 10;

/* The best way to a place in the word: where its last piece began. */
struct place {
	double score;			/* -INFINITY: nothing leads here */
	size_t from;
	uint32_t id;			/* TOKEN_NONE: a character without a token */
};

struct tokenizer_unigram {
	const struct vocabulary *vocabulary;
	uint32_t *sorted;		/* pieces by their bytes */
	size_t len;
	size_t first[257];		/* where those that begin with a byte begin */
	double unknown;			/* score */
	struct buf places, path;
};

static const struct vocabulary *sorting;

static int
by_bytes(const void *va, const void *vb)
{
	const struct directory_text *a = &sorting->token[*(const uint32_t *)va];
	const struct directory_text *b = &sorting->token[*(const uint32_t *)vb];
	int order = memcmp(a->ptr, b->ptr, a->len < b->len ? a->len : b->len);

	return order != 0 ? order : a->len < b->len ? -1 : a->len > b->len;
}

static bool
is_piece(const struct vocabulary *v, size_t id)
{
	return v->token[id].len > 0 && (v->kind[id] == TOKEN_NORMAL
	    || v->kind[id] == TOKEN_USER) && isfinite(v->score[id]);
}

struct tokenizer_unigram *
tokenizer_unigram_new(const struct vocabulary *v)
{
	struct tokenizer_unigram *t = calloc(1, sizeof(*t));
	double least = 0;
	size_t i = 0;

	if (t == NULL || (t->sorted = calloc(v->len + 1, sizeof(*t->sorted))) == NULL)
		arena_exhausted();
	t->vocabulary = v;
	for (size_t id = 0; id < v->len; id++)
		if (is_piece(v, id)) {
			t->sorted[t->len++] = (uint32_t)id;
			least = fmin(least, v->score[id]);
		}
	t->unknown = least - unknown_less;
	sorting = v;
	if (t->len > 1)
		qsort(t->sorted, t->len, sizeof(*t->sorted), by_bytes);
	for (unsigned b = 0; b < 257; b++) {
		while (i < t->len && (unsigned char)v->token[t->sorted[i]].ptr[0] < b)
			i++;
		t->first[b] = i;
	}
	return t;
}

void
tokenizer_unigram_free(struct tokenizer_unigram *t)
{
	if (t == NULL)
		return;
	free(t->sorted);
	buf_release(&t->places);
	buf_release(&t->path);
	free(t);
}

/* The first of sorted pieces [from, to), which agree in n bytes, whose next byte is
 * not below b; those that end there come before. */
static size_t
bound(const struct tokenizer_unigram *t, size_t from, size_t to, size_t n, int b)
{
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct directory_text *k = &t->vocabulary->token[t->sorted[middle]];

		if ((k->len > n ? (unsigned char)k->ptr[n] : -1) < b)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* A piece over [from, to) with this score.  SentencePiece compares before it rounds
 * to single precision, which decides between equals. */
static void
offer(const struct tokenizer_unigram *t, struct place *p, size_t from, size_t to,
    double score, uint32_t id)
{
	score += p[from].score;
	if (score > p[to].score)
		p[to] = (struct place){ t->vocabulary->sums_single ? (double)(float)score
		    : score, from, id };
}

/* Offers the places behind all pieces that begin at `at`; is one of them the first
 * character alone? */
static bool
offer_pieces(const struct tokenizer_unigram *t, const char *s, size_t len,
    size_t at, size_t character, struct place *p)
{
	size_t from = t->first[(unsigned char)s[at]];
	size_t to = t->first[(unsigned char)s[at] + 1];
	bool has_character = false;

	for (size_t n = 1; from < to; n++) {
		uint32_t id = t->sorted[from];

		if (t->vocabulary->token[id].len == n) {
			offer(t, p, at, at + n, t->vocabulary->score[id], id);
			has_character |= n == character;
		}
		if (at + n == len)
			break;
		from = bound(t, from, to, n, (unsigned char)s[at + n]);
		to = bound(t, from, to, n, (unsigned char)s[at + n] + 1);
	}
	return has_character;
}

/* The path back from the end, in the order of the text; what has no token becomes
 * bytes, or one unknown token for a run. */
static void
put_path(struct tokenizer_unigram *t, const char *s, size_t len, struct buf *ids)
{
	const struct vocabulary *v = t->vocabulary;
	const struct place *p = (const struct place *)(const void *)t->places.data;
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
tokenizer_unigram_encode(struct tokenizer_unigram *t, const char *s, size_t len,
    struct buf *ids)
{
	struct place *p;

	buf_clear(&t->places);
	p = (struct place *)(void *)buf_reserve(&t->places, (len + 1) * sizeof(*p));
	for (size_t i = 0; i <= len; i++)
		p[i] = (struct place){ .score = i == 0 ? 0 : (double)-INFINITY };
	for (size_t at = 0; at < len; at++) {
		size_t n = tokenizer_character_len((unsigned char)s[at]);

		if (isinf(p[at].score))		/* within a character */
			continue;
		n = n < len - at ? n : len - at;
		if (!offer_pieces(t, s, len, at, n, p))
			offer(t, p, at, at + n, t->unknown, TOKEN_NONE);
	}
	put_path(t, s, len, ids);
}
