#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "lib/match/lazy_dfa.h"

enum {
	BLOCKS = 4,			/* states for each block, at least */
	LINE = 64,			/* of the processor's cache */
	TURNS = INT32_MAX,		/* twice as many marks go into 32 bits */
};

#define NO_BLOCK UINT32_MAX

void
states_push(struct states_list *n, uint32_t x)
{
	n->at = arena_grown(n->at, n->len, &n->room, sizeof(*n->at));
	n->at[n->len++] = x;
}

static bool
are_alike(const struct nfa *n, unsigned a, unsigned b)
{
	size_t i = 0;

	if (syntax_is_word(a) != syntax_is_word(b))
		return false;
	while (i < n->sets && syntax_has(&n->set[i], a) == syntax_has(&n->set[i], b))
		i++;
	return i == n->sets;
}

static void
find_column(struct states *s, unsigned c)
{
	unsigned k = 0;

	while (k < s->columns && !are_alike(s->nfa, s->symbol[k], c))
		k++;
	if (k == s->columns)
		s->symbol[s->columns++] = (unsigned char)c;
	s->column[c] = (uint8_t)k;
}

static void
find_columns(struct states *s)
{
	for (unsigned c = 0; c < SYNTAX_SYMBOLS; c++)
		find_column(s, c);
	for (unsigned c = 256; c-- > SYNTAX_HIGH;)	/* those of the symbols are the last */
		s->column[c] = s->column[syntax_symbol((unsigned char)c)];
}

static size_t
slots(const struct states *s)
{
	return 2 * s->most;
}

void
states_marks_init(struct states_marks *m, const struct nfa *nfa, uint32_t numbers)
{
	*m = (struct states_marks){ .states = nfa->len + 1, .numbers = (size_t)numbers + 1 };
	m->seen = arena_array(m->states, sizeof(*m->seen));
	m->passed = arena_array(m->states, sizeof(*m->passed));
	m->was_accepted = arena_array(m->numbers, sizeof(*m->was_accepted));
}

void
states_marks_release(struct states_marks *m)
{
	free(m->seen);
	free(m->passed);
	free(m->was_accepted);
	*m = (struct states_marks){ 0 };
}

void
states_init(struct states *s, const struct nfa *nfa, struct states_marks *marks,
    size_t most, size_t members_most)
{
	*s = (struct states){ .nfa = nfa, .marks = marks, .most = most,
		.members_most = members_most };
	find_columns(s);
	s->set = arena_array(most, sizeof(*s->set));
	s->states_at = (s->columns + 3) / 4 * 4;
	s->stride = (s->states_at + 3 * sizeof(uint32_t) + LINE - 1) / LINE * LINE;
	s->row = arena_table(most * s->stride);
	s->member = arena_array(members_most, sizeof(*s->member));
	s->slot = arena_array(slots(s), sizeof(*s->slot));
	states_forget(s);
}

void
states_release(struct states *s)
{
	free(s->set);
	free(s->row);
	free(s->block);
	free(s->member);
	free(s->slot);
	free(s->going.at);
	free(s->accepted.at);
	free(s->ready.at);
	free(s->stack.at);
	*s = (struct states){ 0 };
}

static uint32_t *
two_of(struct states *s, uint32_t state)
{
	return (uint32_t *)(void *)(s->row + state * s->stride + s->states_at);
}

/* Makes the row of a state. */
static uint32_t
add_row(struct states *s, uint32_t state, unsigned what, uint32_t next)
{
	uint32_t *two = two_of(s, state);

	memset(s->row + state * s->stride, (int)what, s->columns);
	two[0] = next;
	two[1] = STATES_UNKNOWN;
	two[2] = NO_BLOCK;
	return state;
}

static void
add_block(struct states *s, uint32_t *number)
{
	s->block = arena_grown(s->block, s->blocks, &s->blocks_room,
	    s->columns * sizeof(*s->block));
	*number = (uint32_t)s->blocks++;
}

static void
set_next(struct states *s, uint32_t from, unsigned column, uint32_t to)
{
	unsigned char *what = s->row + from * s->stride + column;
	uint32_t *two = two_of(s, from);

	for (unsigned i = 0; i < 2 && to != STATES_NONE; i++)
		if (two[i] == to || two[i] == STATES_UNKNOWN) {
			two[i] = to;
			*what = (unsigned char)(STATES_ROW_TWO + i);
			return;
		}
	if (to == STATES_NONE) {
		*what = STATES_ROW_NONE;
		return;
	}
	if (two[2] == NO_BLOCK)
		add_block(s, &two[2]);
	s->block[two[2] * s->columns + column] = to;
	*what = STATES_ROW_BLOCK;
}

void
states_forget(struct states *s)
{
	memset(s->slot, 0, slots(s) * sizeof(*s->slot));
	s->len = STATES_FIRST;
	s->members = 0;
	s->is_full = false;
	s->blocks = 0;
	add_row(s, STATES_NONE, STATES_ROW_NONE, STATES_UNKNOWN);
	add_row(s, STATES_ANY, STATES_ROW_TWO, STATES_ANY);
}

static void
take(struct states *s, uint32_t number)
{
	if (s->marks->was_accepted[number] == s->marks->turn)
		return;
	s->marks->was_accepted[number] = s->marks->turn;
	states_push(&s->accepted, number);
}

/* Follows forks from an NFA state to what goes on or is accepted behind them.  A set may
 * have states that begin behind a word and others: a fork is passed for each. */
void
states_put(struct states *s, uint32_t from, bool is_behind_word)
{
	s->stack.len = 0;
	states_push(&s->stack, from);
	while (s->stack.len > 0) {
		uint32_t at = s->stack.at[--s->stack.len];
		const struct nfa_state *n = &s->nfa->state[at];
		uint32_t x = at + (n->kind == NFA_AFTER_WORD && !is_behind_word);
		uint32_t mark = 2 * s->marks->turn + (n->kind == NFA_FORK && is_behind_word);

		if (s->marks->seen[x] == mark)
			continue;
		s->marks->seen[x] = mark;
		if (n->kind == NFA_ACCEPT) {
			take(s, n->number);
		} else if (n->kind == NFA_FORK) {
			states_push(&s->stack, n->other);
			states_push(&s->stack, n->out);
		} else {
			states_push(&s->going, x);
		}
	}
}

/* Lists what reads a symbol of what stands behind an edge of a word.  Edges at the same
 * place are all alike. */
static void
make_ready(struct states *s, uint32_t from, unsigned symbol)
{
	s->stack.len = 0;
	states_push(&s->stack, from);
	while (s->stack.len > 0) {
		uint32_t x = s->stack.at[--s->stack.len];
		const struct nfa_state *n = &s->nfa->state[x];

		if (s->marks->passed[x] == s->marks->turn)
			continue;
		s->marks->passed[x] = s->marks->turn;
		switch ((enum nfa_kind)n->kind) {
		case NFA_READ:
			if (syntax_has(&s->nfa->set[n->other], symbol))
				states_push(&s->ready, x);
			break;
		case NFA_FORK:
			states_push(&s->stack, n->other);
			states_push(&s->stack, n->out);
			break;
		case NFA_AFTER_WORD:
		case NFA_AFTER_OTHER:
			states_push(&s->stack, n->out);
			break;
		case NFA_ACCEPT:
			take(s, n->number);
			break;
		}
	}
}

/* The edge of a word is passed if the symbol is on the other side of it. */
static inline void
look_at_member(struct states *s, uint32_t member, unsigned symbol, bool is_word)
{
	const struct nfa_state *n = &s->nfa->state[member];

	if (n->kind == NFA_READ) {
		if (syntax_has(&s->nfa->set[n->other], symbol))
			states_push(&s->ready, member);
	} else if (n->kind != (is_word ? NFA_AFTER_WORD : NFA_AFTER_OTHER)) {
		make_ready(s, n->out, symbol);
	}
}

static int
by_number(const void *va, const void *vb)
{
	uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;

	return a < b ? -1 : a > b;
}

static void
sort(struct states_list *n)
{
	if (n->len > 1)
		qsort(n->at, n->len, sizeof(*n->at), by_number);
}

/* What is accepted goes no further. */
static void
settle(struct states *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->going.len; i++)
		if (s->marks->was_accepted[s->nfa->state[s->going.at[i]].number] != s->marks->turn)
			s->going.at[n++] = s->going.at[i];
	s->going.len = n;
	sort(&s->going);
	sort(&s->accepted);
}

static bool
is_made_of(const struct states *s, const struct states_set *x)
{
	const uint32_t *n = s->member + x->at;

	return x->going == s->going.len && x->accepted == s->accepted.len
	    && (x->going == 0 || memcmp(n, s->going.at,
	    x->going * sizeof(*n)) == 0)
	    && (x->accepted == 0 || memcmp(n + x->going, s->accepted.at,
	    x->accepted * sizeof(*n)) == 0);
}

static void
keep(struct states *s, const struct states_list *n)
{
	if (n->len > 0)
		memcpy(s->member + s->members, n->at, n->len * sizeof(*n->at));
	s->members += n->len;
}

/* The state of the set in hand, which may be new. */
static uint32_t
intern(struct states *s)
{
	size_t total = s->going.len + s->accepted.len, i;
	uint64_t hash = XXH3_64bits_withSeed(s->accepted.at,
	    s->accepted.len * sizeof(uint32_t), XXH3_64bits(s->going.at,
	    s->going.len * sizeof(uint32_t)));

	if (total == 0)
		return STATES_NONE;
	for (i = hash % slots(s); s->slot[i] != 0; i = (i + 1) % slots(s))
		if (is_made_of(s, &s->set[s->slot[i]]))
			return s->slot[i];
	if (s->len == s->most || s->members + total > s->members_most
	    || s->blocks > s->most / BLOCKS) {
		s->is_full = true;
		return STATES_ANY;
	}
	s->set[s->len] = (struct states_set){ .at = (uint32_t)s->members,
		.going = (uint32_t)s->going.len,
		.accepted = (uint32_t)s->accepted.len };
	keep(s, &s->going);
	keep(s, &s->accepted);
	s->slot[i] = (uint32_t)s->len;
	return add_row(s, (uint32_t)s->len++, STATES_ROW_UNKNOWN, STATES_UNKNOWN);
}

void
states_begin(struct states *s)
{
	struct states_marks *m = s->marks;

	s->going.len = s->accepted.len = s->ready.len = 0;
	if (++m->turn < TURNS)
		return;
	memset(m->seen, 0, m->states * sizeof(*m->seen));
	memset(m->passed, 0, m->states * sizeof(*m->passed));
	memset(m->was_accepted, 0, m->numbers * sizeof(*m->was_accepted));
	m->turn = 1;
}

uint32_t
states_end(struct states *s)
{
	settle(s);
	return intern(s);
}

uint32_t
states_make_next(struct states *s, uint32_t from, unsigned column)
{
	const struct states_set *x = &s->set[from];
	uint32_t to;
	const unsigned symbol = s->symbol[column];
	const bool is_word = syntax_is_word(symbol);

	states_begin(s);
	for (uint32_t i = 0; i < x->going; i++)
		look_at_member(s, s->member[x->at + i], symbol, is_word);
	for (size_t i = 0; i < s->ready.len; i++)
		states_put(s, s->nfa->state[s->ready.at[i]].out, is_word);
	to = states_end(s);
	if (s->set[to].accepted > 0)
		to |= STATES_ACCEPT;
	if (!s->is_full)
		set_next(s, from, column, to);
	return to;
}
