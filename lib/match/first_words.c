#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/core/arena.h"
#include "lib/match/first_words.h"

enum {
	STATES = 1 << 14, /* of each DFA */
	MEMBERS = 1 << 18,
};

static void
init_dfa(struct first_words_dfa *d, const struct nfa *n, struct lazy_dfa_scratch *scratch)
{
	lazy_dfa_init(&d->dfa, n, scratch, STATES, MEMBERS);
	d->bitset = arena_calloc(STATES, sizeof(*d->bitset));
}

static void
reset_dfa(struct first_words_dfa *d, const struct u32_list *starts)
{
	lazy_dfa_reset(&d->dfa);
	memset(d->bitset, 0, STATES * sizeof(*d->bitset));
	lazy_dfa_begin(&d->dfa);
	for (size_t i = 0; i < starts->len; i++)
		lazy_dfa_add(&d->dfa, starts->at[i], false);
	d->start = lazy_dfa_end(&d->dfa);
}

static void
add_all(struct bitset_pool *r, const struct u32_list *of)
{
	for (size_t i = 0; i < of->len; i++)
		bitset_pool_add(r, of->at[i]);
}

void
first_words_reset(struct first_words *o)
{
	reset_dfa(&o->first, &o->starts);
	reset_dfa(&o->second, &o->seconds);
	bitset_pool_begin(o->pool);
	add_all(o->pool, &o->any_second);
	o->at_end = bitset_pool_end(o->pool);
}

/* Not if even the start state did not fit: a reset would not help. */
static bool
is_full(const struct first_words_dfa *d)
{
	return lazy_dfa_is_full(&d->dfa) && d->start != LAZY_DFA_QUIT;
}

bool
first_words_is_full(const struct first_words *o)
{
	return is_full(&o->first) || is_full(&o->second);
}

void
first_words_init(struct first_words *o, const struct nfa *n, struct bitset_pool *pool,
    struct lazy_dfa_scratch *scratch)
{
	o->nfa = n;
	o->pool = pool;
	first_words_find_ends(o);
	init_dfa(&o->first, n, scratch);
	init_dfa(&o->second, n, scratch);
	first_words_reset(o);
}

/* Adds the patterns that can go on where a word ends in a state. */
static void
add_live(struct first_words *o, const struct lazy_dfa *dfa, uint32_t state)
{
	const struct lazy_dfa_state *x = &dfa->state[state];

	for (uint32_t i = 0; i < x->live; i++) {
		const uint32_t member = dfa->member[x->at + i];
		const struct nfa_state *n = &o->nfa->state[member];

		if (n->kind != NFA_AFTER_OTHER && o->can_end_word[member])
			bitset_pool_add(o->pool, n->pattern);
	}
}

/* Adds the patterns that match in a state; true if there are any. */
static bool
add_matched(struct first_words *o, const struct lazy_dfa *dfa, uint32_t state)
{
	const struct lazy_dfa_state *x = &dfa->state[state];

	for (uint32_t i = 0; i < x->matched; i++)
		bitset_pool_add(o->pool, dfa->member[x->at + x->live + i]);
	return x->matched > 0;
}

static uint32_t
bitset_of(struct first_words *o, struct first_words_dfa *d, const char *word, size_t len,
    const struct u32_list *always)
{
	uint32_t state = d->start, bitset;
	bool has_matched = false;

	bitset_pool_begin(o->pool);
	for (size_t i = 0; i < len && state != LAZY_DFA_DEAD && state != LAZY_DFA_QUIT; i++) {
		state = lazy_dfa_next(&d->dfa, state, (unsigned char)word[i]) & ~LAZY_DFA_MATCH;
		has_matched |= add_matched(o, &d->dfa, state);
	}
	if (state == LAZY_DFA_QUIT)
		return BITSET_ALL;
	if (!has_matched && d->bitset[state] != 0)
		return d->bitset[state] - 1u;
	add_live(o, &d->dfa, state);
	add_all(o->pool, always);
	bitset = bitset_pool_end(o->pool);
	if (!has_matched)
		d->bitset[state] = (uint16_t)(bitset + 1);
	return bitset;
}

uint32_t
first_words_first(struct first_words *o, const char *word, size_t len)
{
	static const struct u32_list none = { 0 };

	return bitset_of(o, &o->first, word, len, &none);
}

uint32_t
first_words_second(struct first_words *o, const char *word, size_t len)
{
	return bitset_of(o, &o->second, word, len, &o->any_second);
}

static void
release_dfa(struct first_words_dfa *d)
{
	lazy_dfa_release(&d->dfa);
	free(d->bitset);
}

void
first_words_release(struct first_words *o)
{
	release_dfa(&o->first);
	release_dfa(&o->second);
	free(o->starts.at);
	free(o->seconds.at);
	free(o->any_second.at);
	free(o->can_end_word);
}
