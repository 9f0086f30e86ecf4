/* The fast packer of alignx-ingest gives the bytes of noun_pack(). */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "stages/ingest/pack.h"
#include "tests/tap.h"

static uint32_t seed = 1;
static char letters[70000];

static uint32_t
dice(uint32_t sides)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % sides;
}

/* Lengths round those where msgpack takes another head. */
static struct text
some_text(bool may_be_long)
{
	static const size_t lens[] = { 1, 5, 31, 32, 33, 255, 256, 300, 65535,
		65536, 66000 };

	return (struct text){ letters, lens[dice(may_be_long ? 11 : 6)] };
}

static int64_t
some_int(void)
{
	int64_t x = (int64_t)1 << dice(63);

	x += (int64_t)dice(3) - 1;
	return dice(2) ? x : -x;
}

#define MAYBE(x, field, value) do { \
	if (dice(2)) { \
		(x)->field = value; \
		NOUN_SET(&interaction_layout, x, field); \
	} \
} while (0)

static struct interaction
some_interaction(void)
{
	struct interaction x = { .id = some_text(false), .post = some_text(false),
		.text = some_text(true), .source = (int)dice(10),
		.type = (int)dice(3), .place = { .file = some_text(false),
		.byte = some_int(), .line = some_int() } };

	MAYBE(&x, parent, some_text(false));
	MAYBE(&x, user, some_text(false));
	MAYBE(&x, rater, some_text(false));
	MAYBE(&x, community, some_text(false));
	MAYBE(&x, created, some_int());
	MAYBE(&x, score, some_int());
	MAYBE(&x, depth, dice(100));
	MAYBE(&x, edited, dice(2));
	if (dice(2)) {
		x.ratings.honesty = -0.5;
		NOUN_SET(&ratings_layout, &x.ratings, honesty);
		NOUN_SET(&interaction_layout, &x, ratings);
	}
	return x;
}

int
main(void)
{
	struct ingest_bits bits = ingest_bits_of_layout();
	struct buf ours = { 0 }, table = { 0 };
	bool is_same = true;

	memset(letters, 'x', sizeof(letters));
	for (int i = 0; i < 20000 && is_same; i++) {
		struct interaction x = some_interaction();

		buf_clear(&ours);
		buf_clear(&table);
		ingest_pack(&bits, &x, &ours);
		noun_pack(&interaction_layout, &x, &table);
		is_same = ours.len == table.len
		    && memcmp(ours.data, table.data, ours.len) == 0;
	}
	ok(is_same, "20000 interactions, the same bytes");
	buf_release(&ours);
	buf_release(&table);
	return tap_done();
}
