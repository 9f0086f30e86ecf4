/* record_splitter_msgpack.c - splits concatenated msgpack maps. */

#include "config.h"

#include "lib/io/record_splitter.h"
#include "lib/msgpack/msgpack.h"

enum { RETRY_EACH = 64 * 1024 }; /* shorter maps are tried again at each piece */

/* The beginning of the next map cannot be found, so the rest of the member is skipped. */
static enum splitter_result
give_up(struct record_splitter *s, struct record_splitter_input *b, size_t shown,
    struct reader_item *item)
{
	record_splitter_view(s, b, shown < b->len ? shown : b->len, item);
	s->is_given_up = true;
	return SPLITTER_FAULT;
}

static enum splitter_result
refuse_byte(struct record_splitter *s, struct record_splitter_input *b, struct reader_item *item,
    struct fault *f)
{
	fault_at(f, 0, "bad-msgpack",
	    "expected a msgpack map, found byte 0x%02x; "
	    "the rest is skipped",
	    (unsigned char)b->data[0]);
	return give_up(s, b, 1, item);
}

static enum splitter_result
refuse_map(struct record_splitter *s, struct record_splitter_input *b, const struct fault *why,
    struct reader_item *item, struct fault *f)
{
	int64_t at = why->at > 0 ? why->at : 0;

	fault_at(f, at, why->code, "%s; the rest is skipped", why->text);
	return give_up(s, b, (size_t)at + 1, item);
}

/* The map does not end in the first `reach` bytes.  A long one is tried again only when twice
 * as many are there. */
static enum splitter_result
need_more(struct record_splitter *s, struct record_splitter_input *b, size_t reach,
    struct reader_item *item, struct fault *f)
{
	if (reach == s->max_len) {
		fault_set(f, "too-long",
		    "the msgpack map is longer than %zu "
		    "bytes; allow more with --max-bytes; the rest is "
		    "skipped",
		    s->max_len);
		return give_up(s, b, reach, item);
	}
	if (b->more == SPLITTER_MORE) {
		s->wanted = reach < RETRY_EACH ? reach + 1 : reach * 2;
		if (s->wanted > s->max_len)
			s->wanted = s->max_len;
		return SPLITTER_WANTS_MORE;
	}
	if (b->more == SPLITTER_CUT) {
		record_splitter_view(s, b, b->len, item);
		return SPLITTER_END;
	}
	fault_at(f, (int64_t)b->len, "truncated",
	    "truncated: the msgpack map "
	    "stops after %zu bytes",
	    b->len);
	return give_up(s, b, b->len, item);
}

enum splitter_result
record_splitter_msgpack(struct record_splitter *s, struct record_splitter_input *b,
    struct reader_item *item, struct fault *f)
{
	struct fault why = FAULT_NONE;
	size_t reach = b->len < s->max_len ? b->len : s->max_len;
	int64_t n;

	if (b->len == 0) {
		record_splitter_view(s, b, 0, item);
		return b->more == SPLITTER_MORE ? SPLITTER_WANTS_MORE : SPLITTER_END;
	}
	if (!record_splitter_is_map_byte(b->data[0]))
		return refuse_byte(s, b, item, f);
	if (reach < s->wanted && b->more == SPLITTER_MORE)
		return SPLITTER_WANTS_MORE;
	if ((n = msgpack_extent(b->data, reach, &why)) < 0)
		return refuse_map(s, b, &why, item, f);
	if (n == 0)
		return need_more(s, b, reach, item, f);
	record_splitter_view(s, b, (size_t)n, item);
	record_splitter_consume(s, b, (size_t)n);
	s->number++;
	s->wanted = 0;
	return SPLITTER_ITEM;
}
