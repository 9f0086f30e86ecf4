#include "config.h"

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

/* When the thread of a prompt began; INT64_MIN: not known. */
static int64_t
created_of(const struct thread_text *post)
{
	const struct descriptor *d = &thread_text_descriptor;

	if (post->thread.len > 0)
		return MESSAGE_HAS(d, post, thread_created) ? post->thread_created : INT64_MIN;
	return MESSAGE_HAS(d, post, created) ? post->created : INT64_MIN;
}

/* What exchanges and pairs have in common; prompts of one thread count as the same post. */
static struct emit_item
item_of_prompt(const struct thread_text *post, const struct text *user, int source)
{
	const bool is_comment = post->thread.len > 0;

	return (struct emit_item){
		.user = hash_or_zero(user, 0),
		.thread = hash_or_zero(is_comment ? &post->thread : &post->id, 0),
		.community = hash_or_zero(&post->community, 0),
		.author = { [AUTHOR_OF_POST] = hash_or_zero(&post->thread_user, 0),
		    [AUTHOR_OF_PROMPT] = hash_or_zero(&post->user, 0) },
		.created = created_of(post),
		.source = (unsigned char)source,
	};
}

struct emit_item
emit_item_of_exchange(const struct exchange *x, double dead_zone, uint64_t seed)
{
	struct emit_item e = item_of_prompt(&x->post, &x->user, x->source);

	e.rank = hash_or_zero(&x->comment.id, seed);
	e.chosen = hash_or_zero(&x->comment.id, 0);
	e.direction = direction_of_text(&x->comment.intensities, dead_zone);
	e.poles = poles_of(&e.direction);
	return e;
}

struct emit_item
emit_item_of_pair(const struct pair *x, uint64_t seed)
{
	struct emit_item e = item_of_prompt(&x->post, &x->user, x->source);

	e.is_pair = true;
	e.rank = hash_or_zero(&x->id, seed);
	e.chosen = hash_or_zero(&x->first.id, 0);
	e.author[AUTHOR_OF_REJECTED] = hash_or_zero(&x->second.user, 0);
	e.direction = x->direction;
	e.poles = poles_of(&e.direction);
	return e;
}
