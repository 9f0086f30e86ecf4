#include "config.h"

#include <string.h>

#include "stages/ingest/pack.h"

/* All bytes of an interaction but its texts and ratings are fewer. */
enum { FIXED_MOST = 512 };

/* A name or word of fewer than 32 bytes with its length in front. */
#define WORD_1(w) "\xa1" w
#define WORD_2(w) "\xa2" w
#define WORD_4(w) "\xa4" w
#define WORD_5(w) "\xa5" w
#define WORD_6(w) "\xa6" w
#define WORD_7(w) "\xa7" w
#define WORD_9(w) "\xa9" w
#define WORD_11(w) "\xab" w

#define PUT(p, literal) put_bytes(p, literal, sizeof(literal) - 1)

struct ingest_bits
ingest_bits_of_layout(void)
{
	struct ingest_bits b;
	struct interaction x;

#define BIT(field) (x.noun.present = 0, \
	NOUN_SET(&interaction_layout, &x, field), x.noun.present)
	b.parent = BIT(parent);
	b.user = BIT(user);
	b.rater = BIT(rater);
	b.community = BIT(community);
	b.created = BIT(created);
	b.score = BIT(score);
	b.depth = BIT(depth);
	b.edited = BIT(edited);
	b.ratings = BIT(ratings);
#undef BIT
	return b;
}

static inline char *
put_bytes(char *p, const void *bytes, size_t len)
{
	memcpy(p, bytes, len);
	return p + len;
}

static inline char *
put_big_endian(char *p, int head, uint64_t x, int bytes)
{
	*p++ = (char)head;
	for (int i = bytes - 1; i >= 0; i--)
		*p++ = (char)(x >> 8 * i);
	return p;
}

static inline char *
put_text(char *p, const struct text *t)
{
	if (t->len < 32)
		*p++ = (char)(0xa0 | t->len);
	else if (t->len < 256)
		p = put_big_endian(p, 0xd9, t->len, 1);
	else if (t->len < 65536)
		p = put_big_endian(p, 0xda, t->len, 2);
	else
		p = put_big_endian(p, 0xdb, t->len, 4);
	return put_bytes(p, t->ptr, t->len);
}

static inline char *
put_int(char *p, int64_t x)
{
	uint64_t u = (uint64_t)x;

	if (x >= -32 && x < 128)
		*p++ = (char)x;
	else if (x >= 0)
		return x < 256 ? put_big_endian(p, 0xcc, u, 1)
		    : x < 65536 ? put_big_endian(p, 0xcd, u, 2)
		    : x <= UINT32_MAX ? put_big_endian(p, 0xce, u, 4)
		    : put_big_endian(p, 0xcf, u, 8);
	else
		return x >= INT8_MIN ? put_big_endian(p, 0xd0, u, 1)
		    : x >= INT16_MIN ? put_big_endian(p, 0xd1, u, 2)
		    : x >= INT32_MIN ? put_big_endian(p, 0xd2, u, 4)
		    : put_big_endian(p, 0xd3, u, 8);
	return p;
}

static inline char *
put_map(char *p, unsigned n)
{
	if (n >= 16)
		return put_big_endian(p, 0xde, n, 2);
	*p++ = (char)(0x80 | n);
	return p;
}

static inline char *
put_word(char *p, const char *word)
{
	return put_text(p, &(struct text){ word, strlen(word) });
}

static inline char *
put_type(char *p, int type)
{
	switch (type) {
	case INTERACTION_POST: return PUT(p, WORD_4("post"));
	case INTERACTION_COMMENT: return PUT(p, WORD_7("comment"));
	default: return PUT(p, "\xa8" "response");
	}
}

static char *
put_optional(char *p, const struct ingest_bits *b, const struct interaction *x)
{
	uint64_t has = x->noun.present;

	if (has & b->parent)
		p = put_text(PUT(p, WORD_6("parent")), &x->parent);
	if (has & b->user)
		p = put_text(PUT(p, WORD_4("user")), &x->user);
	if (has & b->rater)
		p = put_text(PUT(p, WORD_5("rater")), &x->rater);
	if (has & b->community)
		p = put_text(PUT(p, WORD_9("community")), &x->community);
	if (has & b->created)
		p = put_int(PUT(p, WORD_7("created")), x->created);
	if (has & b->score)
		p = put_int(PUT(p, WORD_5("score")), x->score);
	if (has & b->depth)
		p = put_int(PUT(p, WORD_5("depth")), x->depth);
	if (has & b->edited) {
		p = PUT(p, WORD_6("edited"));
		*p++ = (char)(x->edited ? 0xc3 : 0xc2);
	}
	return p;
}

static char *
put_place(char *p, const struct source_pos *place)
{
	p = PUT(p, WORD_5("place") "\x83" WORD_4("file"));
	p = put_text(p, &place->file);
	p = put_int(PUT(p, WORD_4("byte")), place->byte);
	return put_int(PUT(p, WORD_4("line")), place->line);
}

/* Ratings are rare, and left to the table. */
static char *
put_ratings(struct buf *out, char *p, const struct interaction *x)
{
	p = PUT(p, WORD_7("ratings"));
	out->len = (size_t)(p - out->data);
	noun_pack(&ratings_layout, &x->ratings, out);
	buf_reserve(out, FIXED_MOST + x->place.file.len);
	return out->data + out->len;
}

void
ingest_pack(const struct ingest_bits *b, const struct interaction *x,
    struct buf *out)
{
	unsigned fields = 8 + (unsigned)__builtin_popcountll(x->noun.present);
	char *p = buf_reserve(out, FIXED_MOST + x->id.len + x->post.len
	    + x->parent.len + x->user.len + x->rater.len + x->community.len
	    + x->text.len + x->place.file.len);

	p = put_map(p, fields);
	p = PUT(p, WORD_4("kind") WORD_11("interaction") WORD_7("version") "\x01"
	    WORD_2("id"));
	p = put_text(p, &x->id);
	p = put_word(PUT(p, WORD_6("source")), source_words[x->source]);
	p = put_type(PUT(p, WORD_4("type")), x->type);
	p = put_text(PUT(p, WORD_4("post")), &x->post);
	p = put_optional(p, b, x);
	p = put_text(PUT(p, WORD_4("text")), &x->text);
	if (x->noun.present & b->ratings)
		p = put_ratings(out, p, x);
	p = put_place(p, &x->place);
	out->len = (size_t)(p - out->data);
}
