/* nfa.c - from a syntax tree to the states of an NFA. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/match/nfa.h"

enum {
	STATES_MAX = 20000, /* of one pattern */
	COPIES_MAX = 4,     /* of a repeated part; more become a loop */
	SETS_MAX = 60000,
};

/* Built from the end, so that each part knows the state after it. */
struct nfa_builder {
	struct nfa *nfa;
	uint32_t pattern, match;
	size_t base; /* the first state of this pattern */
};

static uint32_t
state(struct nfa_builder *b, enum nfa_kind kind, uint32_t out, uint32_t other)
{
	struct nfa *n = b->nfa;

	n->state = arena_grow_array(n->state, n->len, &n->cap, sizeof(*n->state));
	n->state[n->len] = (struct nfa_state){
		.kind = kind, .pattern = b->pattern, .out = out, .other = other
	};
	return (uint32_t)n->len++;
}

static bool
is_equal(const struct regex_class *a, const struct regex_class *b)
{
	return a->bits[0] == b->bits[0] && a->bits[1] == b->bits[1] && a->bits[2] == b->bits[2];
}

/* The first symbol of a class; REGEX_SYMBOLS if it is empty. */
static unsigned
first_symbol(const struct regex_class *set)
{
	unsigned i = 0;

	while (i < 3 && set->bits[i] == 0)
		i++;
	return i == 3 ? REGEX_SYMBOLS : 64 * i + (unsigned)__builtin_ctzll(set->bits[i]);
}

/* The index of a class.  Most have one symbol; the last class with the same first symbol is
 * tried first. */
static uint16_t
class_index(struct nfa *n, const struct regex_class *set)
{
	uint16_t *last = &n->last_set[first_symbol(set)];
	size_t i = *last;

	if (i < n->sets && is_equal(&n->set[i], set))
		return *last;
	for (i = 0; i < n->sets && !is_equal(&n->set[i], set);)
		i++;
	*last = (uint16_t)i;
	if (i < n->sets)
		return *last;
	n->set = arena_grow_array(n->set, n->sets, &n->sets_cap, sizeof(*n->set));
	n->set[n->sets++] = *set;
	return *last;
}

static uint32_t
class_state(struct nfa_builder *b, const struct regex_class *set, uint32_t next)
{
	return state(b, NFA_CLASS, next, class_index(b->nfa, set));
}

/* A character; one beyond ASCII may have any number of further bytes. */
static uint32_t
add_class(struct nfa_builder *b, const struct regex_class *set, uint32_t next)
{
	if (b->nfa->sets >= SETS_MAX)
		return b->match;
	if (regex_class_has_non_ascii(set)) {
		struct regex_class further = { { 0 } };
		uint32_t split = state(b, NFA_SPLIT, next, next), loop;

		regex_class_add(&further, REGEX_NON_ASCII);
		loop = class_state(b, &further, split);
		b->nfa->state[split].out = loop;
		next = split;
	}
	return class_state(b, set, next);
}

static uint32_t
add_boundary(struct nfa_builder *b, uint32_t next)
{
	uint32_t s = state(b, NFA_AFTER_WORD, next, 0);

	state(b, NFA_AFTER_OTHER, next, 0);
	return s;
}

/* The end of a text, which is padded with zeros, or the newline before it.  Inside a pattern
 * it is ignored. */
static uint32_t
add_end(struct nfa_builder *b, uint32_t next)
{
	struct regex_class set = { { 0 } };

	regex_class_add(&set, '\0');
	regex_class_add(&set, '\n');
	return next == b->match ? class_state(b, &set, next) : next;
}

static uint32_t add(struct nfa_builder *b, const struct regex_node *s, uint32_t next);

static uint32_t
add_repeat(struct nfa_builder *b, const struct regex_node *s, uint32_t next)
{
	unsigned min = s->min < COPIES_MAX ? s->min : COPIES_MAX;
	uint32_t to = next, loop;

	if (s->max > COPIES_MAX) {
		to = state(b, NFA_SPLIT, next, next);
		loop = add(b, s->child, to);
		b->nfa->state[to].out = loop;
	} else {
		for (unsigned i = min; i < s->max; i++)
			to = state(b, NFA_SPLIT, add(b, s->child, to), next);
	}
	for (unsigned i = 0; i < min; i++)
		to = add(b, s->child, to);
	return to;
}

/* A child and its later siblings. */
static uint32_t
add_concat(struct nfa_builder *b, const struct regex_node *child, uint32_t next)
{
	return child == NULL ? next : add(b, child, add_concat(b, child->next, next));
}

static uint32_t
add_alternate(struct nfa_builder *b, const struct regex_node *s, uint32_t next)
{
	uint32_t to = 0;

	for (const struct regex_node *one = s->child; one != NULL; one = one->next) {
		uint32_t from = add(b, one, next);

		to = one == s->child ? from : state(b, NFA_SPLIT, from, to);
	}
	return to;
}

/* Adds the states of a node; returns the first.  `next` follows them. */
static uint32_t
add(struct nfa_builder *b, const struct regex_node *s, uint32_t next)
{
	if (b->nfa->len - b->base > STATES_MAX)
		return b->match;
	switch (s->kind) {
	case REGEX_EMPTY:
	case REGEX_BEGIN_TEXT:
		return next;
	case REGEX_END_TEXT:
		return add_end(b, next);
	case REGEX_WORD_BOUNDARY:
		return add_boundary(b, next);
	case REGEX_UNKNOWN:
		return b->match;
	case REGEX_CLASS:
		return add_class(b, &s->set, next);
	case REGEX_CONCAT:
		return add_concat(b, s->child, next);
	case REGEX_REPEAT:
		return add_repeat(b, s, next);
	case REGEX_ALTERNATE:
		break;
	}
	return add_alternate(b, s, next);
}

/* Adds the symbols that may be read first; true if a match is possible without reading. */
static bool
find_first(const struct nfa *n, uint32_t at, struct regex_class *first, unsigned char *is_visited,
    size_t base)
{
	const struct nfa_state *s = &n->state[at];
	bool is_match;

	if (is_visited[at - base])
		return false;
	is_visited[at - base] = 1;
	for (int i = 0; s->kind == NFA_CLASS && i < 3; i++)
		first->bits[i] |= n->set[s->other].bits[i];
	if (s->kind == NFA_CLASS || s->kind == NFA_MATCH)
		return s->kind == NFA_MATCH;
	is_match = find_first(n, s->out, first, is_visited, base);
	return (s->kind == NFA_SPLIT && find_first(n, s->other, first, is_visited, base))
	    || is_match;
}

struct nfa_fragment
nfa_add(struct nfa *n, const struct regex_node *s, uint32_t pattern)
{
	struct nfa_builder b = { .nfa = n, .pattern = pattern, .base = n->len };
	struct nfa_fragment out = { .reads_input = false };
	unsigned char *is_visited;

	b.match = state(&b, NFA_MATCH, 0, 0);
	out.start = add(&b, s, b.match);
	is_visited = arena_calloc(n->len - b.base, 1);
	out.reads_input = !find_first(n, out.start, &out.first, is_visited, b.base);
	free(is_visited);
	if (!out.reads_input)
		n->len = b.base;
	return out;
}

void
nfa_release(struct nfa *n)
{
	free(n->state);
	free(n->set);
	*n = (struct nfa){ 0 };
}
