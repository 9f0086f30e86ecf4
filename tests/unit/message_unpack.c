/* message_unpack.c - message_unpack() against message_decode.c: the same struct, or no answer. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/msgpack/msgpack.h"
#include "schema/message_unpack.h"
#include "schema/messages.h"
#include "tests/tap.h"

enum { ROUNDS = 60000 };

static uint64_t state = 7;
static struct arena arena;
static msgpack_zone zone;

static unsigned
below(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

static struct text
any_text(unsigned least)
{
	static char room[70000];
	static const unsigned lengths[] = { 1, 3, 31, 32, 255, 256, 300 };
	size_t n = below(8) ? below(40) : lengths[below(7)];

	if (room[0] == 0)
		memset(room, 'x', sizeof(room));
	return (struct text){ room, n < least ? least : n };
}

static int64_t
any_int(int64_t low)
{
	static const int64_t edges[] = { 0, 31, 127, 128, 255, 256, 65535, 65536, INT32_MAX,
		4294967295, 4294967296, -1, -32, -33, -128, -129, -32768, -32769, INT32_MIN,
		-2147483649 };
	int64_t x = edges[below(20)];

	return x < low ? -x : x;
}

#define SOMETIMES(field, value) \
	do { \
		if (below(2)) { \
			x->field = value; \
			MESSAGE_SET(&interaction_descriptor, x, field); \
		} \
	} while (0)

static void
make_interaction(struct interaction *x)
{
	struct list signals = { arena_alloc(&arena, 20 * sizeof(struct signal)), below(20) };
	struct signal *s = signals.item;

	*x = (struct interaction){ .id = any_text(1),
		.source = (int)below(10),
		.type = (int)below(3),
		.post = any_text(1),
		.text = any_text(1),
		.place = { .file = any_text(1), .byte = any_int(0), .line = 1 } };
	x->id.len %= 257;
	x->post.len = 1;
	for (size_t i = 0; i < signals.len; i++)
		s[i] = (struct signal){ .rule = { "a.rule", 6 },
			.dimension = below(90),
			.pole = below(2),
			.weight = 1.5,
			.count = 1 };
	SOMETIMES(parent, ((struct text){ "t3_a", 4 }));
	SOMETIMES(created, any_int(-(1LL << 60)));
	SOMETIMES(score, any_int(-(1LL << 60)));
	SOMETIMES(depth, below(300));
	SOMETIMES(edited, true);
	SOMETIMES(retrieved, any_int(-(1LL << 60)));
	SOMETIMES(signals, signals);
	SOMETIMES(intensities,
	    ((struct intensities){ .annotator = { "a", 1 },
		.value = { 1, -100, 100 },
		.confidence = { 1, 100, 100 } }));
	SOMETIMES(ratings, ((struct ratings){ .honesty = 1 }));
}

/* If the bytes are unpacked: are they decoded alike from a tree, and encoded again to the
 * same bytes? */
static bool
agrees(const struct buf *b, bool *is_unpacked)
{
	struct interaction fast, slow;
	struct fault f = FAULT_NONE;
	struct message_packed packed;
	msgpack_object tree;
	struct buf again = { 0 }, spliced = { 0 };
	/* a copy, so that the sanitizers notice a read past its end */
	char *copy = malloc(b->len > 0 ? b->len : 1);
	bool is_equal = true;

	memcpy(copy, b->data, b->len);
	*is_unpacked = message_unpack(&interaction_descriptor, copy, b->len, &arena, &fast,
	    &packed);
	msgpack_zone_clear(&zone);
	if (*is_unpacked) {
		is_equal = msgpack_parse(copy, b->len, &zone, &tree, &f) == 0
		    && message_decode(&interaction_descriptor, &tree, &arena, &slow, &f) == 0
		    && fast.message.present == slow.message.present;
		message_encode(&interaction_descriptor, &fast, &again);
		message_repack(&interaction_descriptor, &fast, &packed,
		    offsetof(struct interaction, place), &spliced);
		is_equal &= again.len == b->len && memcmp(again.data, b->data, b->len) == 0
		    && spliced.len == b->len && memcmp(spliced.data, b->data, b->len) == 0;
	}
	free(copy);
	buf_release(&again);
	buf_release(&spliced);
	return is_equal;
}

static void
test_random(void)
{
	unsigned wrong = 0, unpacked = 0, unpacked_changed = 0;
	struct buf b = { 0 };
	struct interaction x;
	bool is_unpacked;

	for (int i = 0; i < ROUNDS; i++) {
		arena_reset(&arena);
		buf_clear(&b);
		make_interaction(&x);
		message_encode(&interaction_descriptor, &x, &b);
		if (i % 4 == 0) {
			wrong += !agrees(&b, &is_unpacked);
			unpacked += is_unpacked;
			continue;
		}
		if (i % 4 == 1)
			b.len = below((unsigned)b.len);
		else
			b.data[below((unsigned)b.len)] = (char)below(256);
		wrong += !agrees(&b, &is_unpacked);
		unpacked_changed += is_unpacked;
	}
	ok(wrong == 0, "what is unpacked is decoded alike from a tree (%u is not)", wrong);
	ok(unpacked == ROUNDS / 4, "all that was encoded is unpacked: %u of %d", unpacked,
	    ROUNDS / 4);
	ok(unpacked_changed > 0 && unpacked_changed < ROUNDS / 2,
	    "with a byte changed some is unpacked, some is not: %u", unpacked_changed);
	buf_release(&b);
}

/* Is {file, byte, line} in this form unpacked? */
static bool
is_unpacked(const char *bytes, size_t len)
{
	struct source_pos x;

	return message_unpack(&source_pos_descriptor, bytes, len, &arena, &x, NULL);
}

#define IS_UNPACKED(s) is_unpacked(s, sizeof(s) - 1)

static void
test_other_forms(void)
{
	ok(IS_UNPACKED("\x83\xa4"
		       "file\xa1"
		       "f\xa4"
		       "byte\x00\xa4"
		       "line\x01"),
	    "the shortest form is unpacked");
	ok(!IS_UNPACKED("\x83\xa4"
			"file\xa1"
			"f\xa4"
			"byte\xcc\x00\xa4"
			"line\x01"),
	    "a number in a long form is not");
	ok(!IS_UNPACKED("\x83\xa4"
			"file\xd9\x01"
			"f\xa4"
			"byte\x00\xa4"
			"line\x01"),
	    "a text in a long form is not");
	ok(!IS_UNPACKED("\xde\x00\x03\xa4"
			"file\xa1"
			"f\xa4"
			"byte\x00\xa4"
			"line\x01"),
	    "a map in a long form is not");
	ok(!IS_UNPACKED("\x83\xa4"
			"file\xa1"
			"f\xa4"
			"line\x01\xa4"
			"byte\x00"),
	    "another order is not");
	ok(!IS_UNPACKED("\x82\xa4"
			"file\xa1"
			"f\xa4"
			"byte\x00"),
	    "a map without a required field is not");
	ok(!IS_UNPACKED("\x84\xa4"
			"file\xa1"
			"f\xa4"
			"byte\x00\xa4"
			"line\x01\xa1"
			"x\x01"),
	    "a map with an unknown field is not");
	ok(!IS_UNPACKED("\x83\xa4"
			"file\xa1\xff\xa4"
			"byte\x00\xa4"
			"line\x01"),
	    "invalid UTF-8 is not");
	ok(!IS_UNPACKED("\x83\xa4"
			"file\xa0\xa4"
			"byte\x00\xa4"
			"line\x01"),
	    "a text that is too short is not");
	ok(!IS_UNPACKED("\x83\xa4"
			"file\xa1"
			"f\xa4"
			"byte\x00\xa4"
			"line\x00"),
	    "a number out of bounds is not");
	ok(!IS_UNPACKED("\x83\xa4"
			"file\xa1"
			"f\xa4"
			"byte\xcf\xff\xff\xff\xff\xff\xff\xff"
			"\xff\xa4"
			"line\x01"),
	    "a number beyond 63 bits is not");
	ok(!IS_UNPACKED("\x83\xa4"
			"file\xa1"
			"f\xa4"
			"byte\x00\xa4"
			"line\x01\x00"),
	    "a map with a byte after it is not");
}

int
main(void)
{
	if (!msgpack_zone_init(&zone, MSGPACK_ZONE_CHUNK_SIZE))
		return 1;
	test_random();
	test_other_forms();
	msgpack_zone_destroy(&zone);
	arena_release(&arena);
	return tap_done();
}
