/* first_words_build.c - walks the NFA of a pattern from its first word to its second. */

#include "config.h"

#include <stdlib.h>

#include "lib/core/arena.h"
#include "lib/match/first_words.h"

enum { SPLITS = 4 }; /* followed when a loop is looked for */

/* The symbols inside words, or between them.  An apostrophe and non-ASCII may be either. */
static struct regex_class
symbols(bool is_between)
{
	struct regex_class set = { { 0 } };

	for (unsigned c = 0; c < REGEX_NON_ASCII; c++)
		if ((regex_is_word(c) && c != '_') != is_between)
			regex_class_add(&set, c);
	regex_class_add(&set, '\'');
	regex_class_add(&set, REGEX_NON_ASCII);
	regex_class_add(&set, REGEX_NON_BMP);
	return set;
}

/* A walk over any run of some symbols, from NFA states to those after it. */
struct word_walk {
	const struct nfa *nfa;
	uint32_t base;
	struct regex_class symbols;
	bool *is_read, *is_after;
	bool is_match;
};

static void read_from(struct word_walk *s, uint32_t at);

/* Passes splits, and word boundaries, since what was read last is not known. */
static void
arrive(struct word_walk *s, uint32_t at, bool *is_visited)
{
	const struct nfa_state *n = &s->nfa->state[at];

	if (is_visited[at - s->base])
		return;
	is_visited[at - s->base] = true;
	if (n->kind == NFA_CLASS) {
		read_from(s, at);
		return;
	}
	s->is_match |= n->kind == NFA_MATCH;
	if (n->kind != NFA_MATCH)
		arrive(s, n->out, is_visited);
	if (n->kind == NFA_SPLIT)
		arrive(s, n->other, is_visited);
}

static void
read_from(struct word_walk *s, uint32_t at)
{
	const struct nfa_state *n = &s->nfa->state[at];
	bool is_read = false;

	if (s->is_read[at - s->base])
		return;
	s->is_read[at - s->base] = true;
	for (int i = 0; i < 3; i++)
		is_read |= (s->nfa->set[n->other].bits[i] & s->symbols.bits[i]) != 0;
	if (is_read)
		arrive(s, n->out, s->is_after);
}

/* Does a state read every letter and digit? */
static bool
reads_all(const struct nfa *n, uint32_t at)
{
	const struct regex_class *set = &n->set[n->state[at].other];

	return (set->bits[0] & REGEX_DIGITS) == REGEX_DIGITS
	    && (set->bits[1] & REGEX_LETTERS) == REGEX_LETTERS;
}

/* Do splits lead from one state to another? */
static bool
leads_to(const struct nfa *n, uint32_t from, uint32_t to, int splits)
{
	const struct nfa_state *x = &n->state[from];

	return from == to
	    || (x->kind == NFA_SPLIT && splits > 0
		&& (leads_to(n, x->out, to, splits - 1) || leads_to(n, x->other, to, splits - 1)));
}

/* Is a state, or one that splits lead to, a loop over any word? */
static bool
repeats(const struct nfa *n, uint32_t at, int splits)
{
	const struct nfa_state *x = &n->state[at];

	if (x->kind == NFA_SPLIT && splits > 0)
		return repeats(n, x->out, splits - 1) || repeats(n, x->other, splits - 1);
	return x->kind == NFA_CLASS && reads_all(n, at) && leads_to(n, x->out, at, SPLITS);
}

/* Does a state read the first letter of any word?  It errs on the side of no. */
static bool
is_gap(const struct nfa *n, uint32_t at)
{
	return reads_all(n, at) && (repeats(n, at, 0) || repeats(n, n->state[at].out, SPLITS));
}

void
first_words_add(struct first_words *o, const struct nfa *n, uint32_t pattern, uint32_t base,
    uint32_t start)
{
	size_t len = n->len - base, seconds = o->seconds.len;
	bool *seen = arena_calloc(5 * len + 1, sizeof(*seen)), is_any;
	struct word_walk word = { n, base, symbols(false), seen, seen + len, false };
	struct word_walk between = { n, base, symbols(true), seen + 2 * len, seen + 3 * len,
		false };

	u32_list_push(&o->starts, start);
	arrive(&word, start, seen + 4 * len);
	for (size_t i = 0; i < len; i++)
		if (word.is_after[i] && n->state[base + i].kind == NFA_CLASS)
			read_from(&between, (uint32_t)(base + i));
	is_any = word.is_match || between.is_match;
	for (uint32_t i = 0; i < len && !is_any; i++)
		if (between.is_after[i] && n->state[base + i].kind == NFA_CLASS) {
			u32_list_push(&o->seconds, base + i);
			is_any = is_gap(n, base + i);
		}
	if (is_any) {
		u32_list_push(&o->any_second, pattern);
		o->seconds.len = seconds;
	}
	free(seen);
}

/* Does a state read a symbol that is not of words? */
static bool
reads_other(const struct nfa *n, const struct nfa_state *state)
{
	const struct regex_class *set = &n->set[state->other];

	return ((set->bits[0] & ~REGEX_DIGITS) | set->bits[2]
		   | (set->bits[1] & ~(REGEX_LETTERS | REGEX_UNDERSCORE)))
	    != 0;
}

/* From these NFA states a pattern matches, or can read a symbol that is not of words, perhaps
 * after splits and word boundaries. */
void
first_words_find_ends(struct first_words *o)
{
	const struct nfa *n = o->nfa;
	bool is_new = true;

	o->can_end_word = arena_calloc(n->len + 1, sizeof(*o->can_end_word));
	for (size_t i = 0; i < n->len; i++)
		o->can_end_word[i] = n->state[i].kind == NFA_MATCH
		    || (n->state[i].kind == NFA_CLASS && reads_other(n, &n->state[i]));
	while (is_new) {
		is_new = false;
		for (size_t i = 0; i < n->len; i++) {
			const struct nfa_state *x = &n->state[i];
			bool is = x->kind != NFA_MATCH && x->kind != NFA_CLASS
			    && (o->can_end_word[x->out]
				|| (x->kind == NFA_SPLIT && o->can_end_word[x->other]));

			is_new |= is && !o->can_end_word[i];
			o->can_end_word[i] |= is;
		}
	}
}
