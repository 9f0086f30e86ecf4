#include "config.h"

#include "lib/msgpack/msgpack.h"
#include "lib/io/record_splitter.h"

enum { PATIENT_FROM = 64 * 1024 };	/* below it, each new piece is tried */

/* One fault, and the rest of the member is given up: where the next map
 * begins cannot be known. */
static enum reader_split_found
give_up(struct reader_split *s, struct reader_split_bytes *b, size_t shown,
    struct reader_item *item)
{
	reader_split_item(s, b, shown < b->len ? shown : b->len, item);
	s->is_given_up = true;
	return READER_SPLIT_FAULT;
}

static enum reader_split_found
refuse_byte(struct reader_split *s, struct reader_split_bytes *b,
    struct reader_item *item, struct fault *f)
{
	fault_at(f, 0, "bad-msgpack", "a msgpack map is wanted and byte 0x%02x "
	    "begins none; the rest is passed over", (unsigned char)b->data[0]);
	return give_up(s, b, 1, item);
}

static enum reader_split_found
refuse_map(struct reader_split *s, struct reader_split_bytes *b,
    const struct fault *why, struct reader_item *item, struct fault *f)
{
	int64_t at = why->at > 0 ? why->at : 0;

	fault_at(f, at, why->code, "%s; the rest is passed over", why->text);
	return give_up(s, b, (size_t)at + 1, item);
}

/* The map does not end in the bytes looked at.  A long one is not walked again
 * for each piece, but when there is twice as much of it. */
static enum reader_split_found
need_more(struct reader_split *s, struct reader_split_bytes *b, size_t reach,
    struct reader_item *item, struct fault *f)
{
	if (reach == s->max_len) {
		fault_set(f, "too-long", "the msgpack map is longer than %zu "
		    "bytes; allow more with --max-bytes; the rest is passed "
		    "over", s->max_len);
		return give_up(s, b, reach, item);
	}
	if (b->more == READER_SPLIT_MORE) {
		s->wanted = reach < PATIENT_FROM ? reach + 1 : reach * 2;
		if (s->wanted > s->max_len)
			s->wanted = s->max_len;
		return READER_SPLIT_WANTS;
	}
	if (b->more == READER_SPLIT_CUT) {
		reader_split_item(s, b, b->len, item);
		return READER_SPLIT_END;
	}
	fault_at(f, (int64_t)b->len, "truncated", "truncated: the msgpack map "
	    "stops after %zu bytes", b->len);
	return give_up(s, b, b->len, item);
}

enum reader_split_found
reader_split_pack(struct reader_split *s, struct reader_split_bytes *b,
    struct reader_item *item, struct fault *f)
{
	struct fault why = FAULT_NONE;
	size_t reach = b->len < s->max_len ? b->len : s->max_len;
	int64_t n;

	if (b->len == 0) {
		reader_split_item(s, b, 0, item);
		return b->more == READER_SPLIT_MORE ? READER_SPLIT_WANTS
		    : READER_SPLIT_END;
	}
	if (!reader_split_begins_map(b->data[0]))
		return refuse_byte(s, b, item, f);
	if (reach < s->wanted && b->more == READER_SPLIT_MORE)
		return READER_SPLIT_WANTS;
	if ((n = pack_extent(b->data, reach, &why)) < 0)
		return refuse_map(s, b, &why, item, f);
	if (n == 0)
		return need_more(s, b, reach, item, f);
	reader_split_item(s, b, (size_t)n, item);
	reader_split_use(s, b, (size_t)n);
	s->number++;
	s->wanted = 0;
	return READER_SPLIT_ITEM;
}
