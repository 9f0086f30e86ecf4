#include "config.h"

#include <string.h>
#include <xxhash.h>

#include "schema/direction_of.h"
#include "stages/emit/item.h"

static struct poles
poles_of(const struct direction *d)
{
	struct poles p = { { 0 }, { 0 } };

	for (int i = 0; i < DIMENSIONS; i++) {
		uint64_t bit = (uint64_t)1 << (i % 64);

		if (d->at[i] == DIRECTION_HIGH)
			p.high[i / 64] |= bit;
		else if (d->at[i] == DIRECTION_LOW)
			p.low[i / 64] |= bit;
	}
	return p;
}

static int
ones(uint64_t a, uint64_t b)
{
	return __builtin_popcountll(a) + __builtin_popcountll(b);
}

int
poles_count(const struct poles *p)
{
	return ones(p->high[0] | p->low[0], p->high[1] | p->low[1]);
}

int
poles_agree(const struct poles *a, const struct poles *b)
{
	return ones(a->high[0] & b->high[0], a->high[1] & b->high[1])
	    + ones(a->low[0] & b->low[0], a->low[1] & b->low[1]);
}

int
poles_conflict(const struct poles *a, const struct poles *b)
{
	return ones(a->high[0] & b->low[0], a->high[1] & b->low[1])
	    + ones(a->low[0] & b->high[0], a->low[1] & b->high[1]);
}

static uint64_t
hash_or_zero(const struct text *t, uint64_t seed)
{
	uint64_t h = t->len > 0 ? XXH3_64bits_withSeed(t->ptr, t->len, seed) : 0;

	return h == 0 && t->len > 0 ? 1 : h;
}

static bool
falls_in_test(const struct text *key, double share, uint64_t seed)
{
	/* "split", to differ from other uses of the seed */
	uint64_t h = hash_or_zero(key, seed ^ 0x73706c6974u);

	return (double)(h >> 11) < share * (double)((uint64_t)1 << 53);
}

static enum split_side
side_of(const struct thread_text *const *texts, size_t n, int source, double share, uint64_t seed)
{
	size_t test = 0, keys = 0;

	if (source != SOURCE_REDDIT && source != SOURCE_GENERIC)
		return SIDE_TRAIN;
	if (texts[0]->thread.len > 0) {
		keys++;
		test += falls_in_test(&texts[0]->thread, share, seed);
	}
	for (size_t i = 0; i < n; i++) {
		const struct text *key = &texts[i]->user;

		if (key->len == 0 && i > 0)
			continue;
		keys++;
		test += falls_in_test(key->len > 0 ? key : &texts[0]->id, share, seed);
	}
	return test == 0 ? SIDE_TRAIN : test == keys ? SIDE_TEST : SIDE_NEITHER;
}

/* Prompts of one thread count as the same post. */
static uint64_t
thread_of(const struct thread_text *post)
{
	return hash_or_zero(post->thread.len > 0 ? &post->thread : &post->id, 0);
}

struct emit_item
emit_item_of_exchange(const struct exchange *x, double dead_zone, double share, uint64_t seed)
{
	const struct thread_text *const texts[] = { &x->post, &x->comment };
	struct emit_item e = {
		.rank = hash_or_zero(&x->comment.id, seed),
		.user = hash_or_zero(&x->user, 0),
		.post = thread_of(&x->post),
		.community = hash_or_zero(&x->post.community, 0),
		.source = (unsigned char)x->source,
		.side = (unsigned char)side_of(texts, 2, x->source, share, seed),
		.direction = direction_of_text(&x->comment.intensities, dead_zone),
	};

	e.poles = poles_of(&e.direction);
	return e;
}

struct emit_item
emit_item_of_pair(const struct pair *x, double share, uint64_t seed)
{
	const struct thread_text *const texts[] = { &x->post, &x->first, &x->second };

	return (struct emit_item){
		.rank = hash_or_zero(&x->id, seed),
		.user = hash_or_zero(&x->user, 0),
		.post = thread_of(&x->post),
		.community = hash_or_zero(&x->post.community, 0),
		.is_pair = true,
		.source = (unsigned char)x->source,
		.side = (unsigned char)side_of(texts, 3, x->source, share, seed),
		.direction = x->direction,
		.poles = poles_of(&x->direction),
	};
}
