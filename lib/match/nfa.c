#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/match/nfa.h"

enum {
	STATES_MAX = 20000,		/* of one pattern */
	COPIES_MAX = 4,			/* of what is repeated; more is a loop */
	SETS_MAX = 60000,
};

/* Built from the end: each part knows what comes behind it. */
struct building {
	struct nfa *nfa;
	uint32_t number, accept;
	size_t base;			/* states before those of this pattern */
};

static uint32_t
state(struct building *b, enum nfa_kind kind, uint32_t out, uint32_t other)
{
	struct nfa *n = b->nfa;

	n->state = arena_grown(n->state, n->len, &n->room, sizeof(*n->state));
	n->state[n->len] = (struct nfa_state){ .kind = kind,
		.number = b->number, .out = out, .other = other };
	return (uint32_t)n->len++;
}

static bool
is_same(const struct syntax_set *a, const struct syntax_set *b)
{
	return a->bits[0] == b->bits[0] && a->bits[1] == b->bits[1]
	    && a->bits[2] == b->bits[2];
}

/* A symbol of a set; SYNTAX_SYMBOLS: there is none. */
static unsigned
symbol_of(const struct syntax_set *set)
{
	unsigned i = 0;

	while (i < 3 && set->bits[i] == 0)
		i++;
	return i == 3 ? SYNTAX_SYMBOLS
	    : 64 * i + (unsigned)__builtin_ctzll(set->bits[i]);
}

/* The index of a set.  Most are of one symbol, and the last with the same first
 * symbol is remembered. */
static uint16_t
set_index(struct nfa *n, const struct syntax_set *set)
{
	uint16_t *last = &n->last_set[symbol_of(set)];
	size_t i = *last;

	if (i < n->sets && is_same(&n->set[i], set))
		return *last;
	for (i = 0; i < n->sets && !is_same(&n->set[i], set);)
		i++;
	*last = (uint16_t)i;
	if (i < n->sets)
		return *last;
	n->set = arena_grown(n->set, n->sets, &n->sets_room, sizeof(*n->set));
	n->set[n->sets++] = *set;
	return *last;
}

static uint32_t
read_set(struct building *b, const struct syntax_set *set, uint32_t next)
{
	return state(b, NFA_READ, next, set_index(b->nfa, set));
}

/* One character of a set; one beyond ASCII is a run of high bytes. */
static uint32_t
add_set(struct building *b, const struct syntax_set *set, uint32_t next)
{
	if (b->nfa->sets >= SETS_MAX)
		return b->accept;
	if (syntax_has_high(set)) {
		struct syntax_set high = { { 0 } };
		uint32_t fork = state(b, NFA_FORK, next, next), more;

		syntax_put(&high, SYNTAX_HIGH);
		more = read_set(b, &high, fork);
		b->nfa->state[fork].out = more;
		next = fork;
	}
	return read_set(b, set, next);
}

static uint32_t
add_edge(struct building *b, uint32_t next)
{
	uint32_t s = state(b, NFA_AFTER_WORD, next, 0);

	state(b, NFA_AFTER_OTHER, next, 0);
	return s;
}

/* The end of a text, or a line's end before it; texts are padded with zeros.  Where
 * something may come behind, nothing is read for it. */
static uint32_t
add_end(struct building *b, uint32_t next)
{
	struct syntax_set set = { { 0 } };

	syntax_put(&set, '\0');
	syntax_put(&set, '\n');
	return next == b->accept ? read_set(b, &set, next) : next;
}

static uint32_t add(struct building *b, const struct syntax *s, uint32_t next);

static uint32_t
add_repeat(struct building *b, const struct syntax *s, uint32_t next)
{
	unsigned low = s->low < COPIES_MAX ? s->low : COPIES_MAX;
	uint32_t to = next, loop;

	if (s->high > COPIES_MAX) {
		to = state(b, NFA_FORK, next, next);
		loop = add(b, s->child, to);
		b->nfa->state[to].out = loop;
	} else {
		for (unsigned i = low; i < s->high; i++)
			to = state(b, NFA_FORK, add(b, s->child, to), next);
	}
	for (unsigned i = 0; i < low; i++)
		to = add(b, s->child, to);
	return to;
}

/* The children of a sequence from the one given on. */
static uint32_t
add_sequence(struct building *b, const struct syntax *child, uint32_t next)
{
	return child == NULL ? next
	    : add(b, child, add_sequence(b, child->next, next));
}

static uint32_t
add_alternatives(struct building *b, const struct syntax *s, uint32_t next)
{
	uint32_t to = 0;

	for (const struct syntax *one = s->child; one != NULL; one = one->next) {
		uint32_t from = add(b, one, next);

		to = one == s->child ? from : state(b, NFA_FORK, from, to);
	}
	return to;
}

/* The state where a part begins, behind which comes `next`. */
static uint32_t
add(struct building *b, const struct syntax *s, uint32_t next)
{
	if (b->nfa->len - b->base > STATES_MAX)
		return b->accept;
	switch (s->kind) {
	case SYNTAX_EMPTY:
	case SYNTAX_START: return next;
	case SYNTAX_END: return add_end(b, next);
	case SYNTAX_BOUNDARY: return add_edge(b, next);
	case SYNTAX_UNKNOWN: return b->accept;
	case SYNTAX_SET: return add_set(b, &s->set, next);
	case SYNTAX_SEQUENCE: return add_sequence(b, s->child, next);
	case SYNTAX_REPEAT: return add_repeat(b, s, next);
	case SYNTAX_ALTERNATIVES: break;
	}
	return add_alternatives(b, s, next);
}

/* Looks at all that may be read first from a state; is anything accepted before
 * that? */
static bool
look_ahead(const struct nfa *n, uint32_t at, struct syntax_set *first,
    unsigned char *was_seen, size_t base)
{
	const struct nfa_state *s = &n->state[at];
	bool is_accepted;

	if (was_seen[at - base])
		return false;
	was_seen[at - base] = 1;
	for (int i = 0; s->kind == NFA_READ && i < 3; i++)
		first->bits[i] |= n->set[s->other].bits[i];
	if (s->kind == NFA_READ || s->kind == NFA_ACCEPT)
		return s->kind == NFA_ACCEPT;
	is_accepted = look_ahead(n, s->out, first, was_seen, base);
	return (s->kind == NFA_FORK
	    && look_ahead(n, s->other, first, was_seen, base)) || is_accepted;
}

struct nfa_added
nfa_add(struct nfa *n, const struct syntax *s, uint32_t number)
{
	struct building b = { .nfa = n, .number = number, .base = n->len };
	struct nfa_added out = { .is_known = false };
	unsigned char *was_seen;

	b.accept = state(&b, NFA_ACCEPT, 0, 0);
	out.start = add(&b, s, b.accept);
	was_seen = arena_array(n->len - b.base, 1);
	out.is_known = !look_ahead(n, out.start, &out.first, was_seen, b.base);
	free(was_seen);
	if (!out.is_known)
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
