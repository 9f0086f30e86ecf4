/* extract_openings_add.c - what patterns may read first and second, before any word is
 * read. */

#include "config.h"

#include <stdlib.h>

#include "lib/core/arena.h"
#include "lib/match/first_words.h"

enum { FORKS = 4 };		/* that are followed for what repeats */

/* Symbols of words, in the first 64 and the next. */
#define DIGITS ((uint64_t)0x3ff << '0')
#define LETTERS ((uint64_t)0x3ffffff << ('a' - 64))
#define UNDERSCORE ((uint64_t)1 << ('_' - 64))

/* What stands in words, and between them; an apostrophe and what is not ASCII may do
 * either. */
static struct syntax_set
symbols(bool is_between)
{
	struct syntax_set set = { { 0 } };

	for (unsigned c = 0; c < SYNTAX_HIGH; c++)
		if ((syntax_is_word(c) && c != '_') != is_between)
			syntax_put(&set, c);
	syntax_put(&set, '\'');
	syntax_put(&set, SYNTAX_HIGH);
	syntax_put(&set, SYNTAX_FOUR);
	return set;
}

/* A step over any run of some symbols, from NFA states to those behind it. */
struct step {
	const struct nfa *nfa;
	uint32_t base;
	struct syntax_set symbols;
	bool *was_read, *is_behind;
	bool is_accepted;
};

static void read_from(struct step *s, uint32_t at);

/* An edge of a word may be at either side of it, since it is not known what was read:
 * it is passed, and so are forks. */
static void
arrive(struct step *s, uint32_t at, bool *was_here)
{
	const struct nfa_state *n = &s->nfa->state[at];

	if (was_here[at - s->base])
		return;
	was_here[at - s->base] = true;
	if (n->kind == NFA_READ) {
		read_from(s, at);
		return;
	}
	s->is_accepted |= n->kind == NFA_ACCEPT;
	if (n->kind != NFA_ACCEPT)
		arrive(s, n->out, was_here);
	if (n->kind == NFA_FORK)
		arrive(s, n->other, was_here);
}

static void
read_from(struct step *s, uint32_t at)
{
	const struct nfa_state *n = &s->nfa->state[at];
	bool is_read = false;

	if (s->was_read[at - s->base])
		return;
	s->was_read[at - s->base] = true;
	for (int i = 0; i < 3; i++)
		is_read |= (s->nfa->set[n->other].bits[i] & s->symbols.bits[i]) != 0;
	if (is_read)
		arrive(s, n->out, s->is_behind);
}

/* Does a state read any letter or digit? */
static bool
reads_all(const struct nfa *n, uint32_t at)
{
	const struct syntax_set *set = &n->set[n->state[at].other];

	return (set->bits[0] & DIGITS) == DIGITS && (set->bits[1] & LETTERS) == LETTERS;
}

/* Do forks lead from one state to another? */
static bool
leads_to(const struct nfa *n, uint32_t from, uint32_t to, int forks)
{
	const struct nfa_state *x = &n->state[from];

	return from == to || (x->kind == NFA_FORK && forks > 0
	    && (leads_to(n, x->out, to, forks - 1)
	    || leads_to(n, x->other, to, forks - 1)));
}

/* Does a state, or one that forks lead to, read any word again and again? */
static bool
repeats(const struct nfa *n, uint32_t at, int forks)
{
	const struct nfa_state *x = &n->state[at];

	if (x->kind == NFA_FORK && forks > 0)
		return repeats(n, x->out, forks - 1) || repeats(n, x->other, forks - 1);
	return x->kind == NFA_READ && reads_all(n, at)
	    && leads_to(n, x->out, at, FORKS);
}

/* May any word stand where a state reads the first letter of one?  That is not always
 * known. */
static bool
is_gap(const struct nfa *n, uint32_t at)
{
	return reads_all(n, at) && (repeats(n, at, 0)
	    || repeats(n, n->state[at].out, FORKS));
}

void
openings_add(struct openings *o, const struct nfa *n, uint32_t number,
    uint32_t base, uint32_t start)
{
	size_t len = n->len - base, seconds = o->seconds.len;
	bool *seen = arena_array(5 * len + 1, sizeof(*seen)), is_any;
	struct step word = { n, base, symbols(false), seen, seen + len, false };
	struct step between = { n, base, symbols(true), seen + 2 * len,
		seen + 3 * len, false };

	states_push(&o->starts, start);
	arrive(&word, start, seen + 4 * len);
	for (size_t i = 0; i < len; i++)
		if (word.is_behind[i] && n->state[base + i].kind == NFA_READ)
			read_from(&between, (uint32_t)(base + i));
	is_any = word.is_accepted || between.is_accepted;
	for (uint32_t i = 0; i < len && !is_any; i++)
		if (between.is_behind[i] && n->state[base + i].kind == NFA_READ) {
			states_push(&o->seconds, base + i);
			is_any = is_gap(n, base + i);
		}
	if (is_any) {
		states_push(&o->loose, number);
		o->seconds.len = seconds;
	}
	free(seen);
}

/* Does a state read what stands in no word? */
static bool
reads_other(const struct nfa *n, const struct nfa_state *state)
{
	const struct syntax_set *set = &n->set[state->other];

	return ((set->bits[0] & ~DIGITS) | (set->bits[1] & ~(LETTERS | UNDERSCORE))
	    | set->bits[2]) != 0;
}

/* From which NFA states does a pattern go on, or end, where what is no word comes
 * next?  Forks and edges of words are passed. */
void
openings_find_ends(struct openings *o)
{
	const struct nfa *n = o->nfa;
	bool is_new = true;

	o->ends = arena_array(n->len + 1, sizeof(*o->ends));
	for (size_t i = 0; i < n->len; i++)
		o->ends[i] = n->state[i].kind == NFA_ACCEPT
		    || (n->state[i].kind == NFA_READ && reads_other(n, &n->state[i]));
	while (is_new) {
		is_new = false;
		for (size_t i = 0; i < n->len; i++) {
			const struct nfa_state *x = &n->state[i];
			bool is = x->kind != NFA_ACCEPT && x->kind != NFA_READ
			    && (o->ends[x->out]
			    || (x->kind == NFA_FORK && o->ends[x->other]));

			is_new |= is && !o->ends[i];
			o->ends[i] |= is;
		}
	}
}
