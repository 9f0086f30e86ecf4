#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "stages/extract_nfa.h"

enum {
	STATES_MAX = 20000,		/* of one pattern */
	COPIES_MAX = 4,			/* of what is repeated; more is a loop */
	/* symbols of a class that makes a gap: \w is one, since what goes on behind
	 * words that may be any makes too many states of texts that people write */
	WIDE = 30,
	SETS_MAX = 60000,
};

/* Built from the end: each part knows what comes behind it. */
struct building {
	struct nfa *nfa;
	uint32_t pattern, accept;
	size_t base;			/* states before those of this pattern */
	bool is_cut;
};

static void *
grown(void *array, size_t len, size_t *room, size_t size)
{
	if (len < *room)
		return array;
	*room = *room > 0 ? 2 * *room : 256;
	if ((array = reallocarray(array, *room, size)) == NULL)
		arena_exhausted();
	return array;
}

static uint32_t
state(struct building *b, enum nfa_kind kind, uint32_t out, uint32_t other)
{
	struct nfa *n = b->nfa;

	n->state = grown(n->state, n->len, &n->room, sizeof(*n->state));
	n->state[n->len] = (struct nfa_state){ .kind = (uint8_t)kind,
		.pattern = b->pattern, .out = out, .other = other };
	return (uint32_t)n->len++;
}

static uint16_t
set_index(struct nfa *n, const struct syntax_set *set)
{
	for (size_t i = 0; i < n->sets; i++)
		if (memcmp(&n->set[i], set, sizeof(*set)) == 0)
			return (uint16_t)i;
	n->set = grown(n->set, n->sets, &n->sets_room, sizeof(*n->set));
	n->set[n->sets] = *set;
	return (uint16_t)n->sets++;
}

static uint32_t
cut(struct building *b)
{
	b->is_cut = true;
	return b->accept;
}

static uint32_t
read_set(struct building *b, const struct syntax_set *set, uint32_t next)
{
	uint32_t s = state(b, NFA_READ, next, 0);

	b->nfa->state[s].set = set_index(b->nfa, set);
	return s;
}

/* One character of a set; one beyond ASCII is a run of high bytes. */
static uint32_t
add_set(struct building *b, const struct syntax_set *set, uint32_t next)
{
	if (b->nfa->sets >= SETS_MAX)
		return cut(b);
	if (syntax_has(set, SYNTAX_HIGH)) {
		struct syntax_set high = { { 0 } };
		uint32_t fork = state(b, NFA_FORK, next, next), more;

		syntax_put(&high, SYNTAX_HIGH);
		more = read_set(b, &high, fork);
		b->nfa->state[fork].out = more;
		next = fork;
	}
	return read_set(b, set, next);
}

static uint32_t add(struct building *b, const struct syntax *s, uint32_t next);

static bool
is_gap(const struct syntax *s)
{
	int symbols = 0;

	for (unsigned i = 0; s->kind == SYNTAX_SET && i < SYNTAX_SYMBOLS; i++)
		symbols += syntax_has(&s->set, i);
	return symbols > WIDE;
}

static uint32_t
add_repeat(struct building *b, const struct syntax *s, uint32_t next)
{
	unsigned low = s->low < COPIES_MAX ? s->low : COPIES_MAX;
	uint32_t to = next, loop;

	if (s->high > COPIES_MAX && is_gap(s->child))
		return cut(b);
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

/* The state where a part begins, behind which comes `next`. */
static uint32_t
add(struct building *b, const struct syntax *s, uint32_t next)
{
	uint32_t to;

	if (b->nfa->len - b->base > STATES_MAX)
		return cut(b);
	switch (s->kind) {
	case SYNTAX_EMPTY:
	case SYNTAX_BOUNDARY:
	case SYNTAX_START: return next;
	case SYNTAX_UNKNOWN: return cut(b);
	case SYNTAX_SET: return add_set(b, &s->set, next);
	case SYNTAX_SEQUENCE: return add_sequence(b, s->child, next);
	case SYNTAX_REPEAT: return add_repeat(b, s, next);
	case SYNTAX_ALTERNATIVES: break;
	}
	to = add(b, s->child, next);
	for (s = s->child->next; s != NULL; s = s->next)
		to = state(b, NFA_FORK, add(b, s, next), to);
	return to;
}

/* Looks at all that may be read first from a state. */
static void
look_ahead(const struct nfa *n, uint32_t at, bool *is_accepted, bool *is_word,
    unsigned char *was_seen, size_t base)
{
	const struct nfa_state *s = &n->state[at];

	if (was_seen[at - base])
		return;
	was_seen[at - base] = 1;
	if (s->kind == NFA_ACCEPT)
		*is_accepted = true;
	if (s->kind == NFA_FORK) {
		look_ahead(n, s->out, is_accepted, is_word, was_seen, base);
		look_ahead(n, s->other, is_accepted, is_word, was_seen, base);
	}
	for (unsigned c = 0; s->kind == NFA_READ && c < SYNTAX_SYMBOLS; c++)
		if (syntax_has(&n->set[s->set], c) && !syntax_is_word(c))
			*is_word = false;
}

struct nfa_pattern
nfa_add(struct nfa *n, const struct text *pattern, uint32_t number)
{
	struct arena brief = { 0 };
	struct building b = { .nfa = n, .pattern = number, .base = n->len };
	struct nfa_pattern out = { .is_known = false };
	struct syntax *s = syntax_read(pattern, &brief);
	bool is_accepted = false, is_word = true;

	if (s != NULL) {
		b.accept = state(&b, NFA_ACCEPT, 0, 0);
		out.start = add(&b, s, b.accept);
		look_ahead(n, out.start, &is_accepted, &is_word,
		    arena_get(&brief, n->len - b.base), b.base);
		out.is_known = !is_accepted;
		out.is_whole = !b.is_cut;
		if (syntax_begins_with(s, SYNTAX_START))
			out.place = NFA_AT_START;
		else if (syntax_begins_with(s, SYNTAX_BOUNDARY))
			out.place = is_word ? NFA_AT_WORDS : NFA_AT_EDGES;
	}
	if (!out.is_known)
		n->len = b.base;
	arena_release(&brief);
	return out;
}

void
nfa_release(struct nfa *n)
{
	free(n->state);
	free(n->set);
	*n = (struct nfa){ 0 };
}
