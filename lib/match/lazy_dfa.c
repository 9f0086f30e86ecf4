/* lazy_dfa.c - subset construction, one transition at a time. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/arena.h"
#include "lib/match/lazy_dfa.h"

enum {
	STATES_PER_BLOCK = 4, /* at least */
	CACHE_LINE = 64,
	GENERATIONS = INT32_MAX, /* a generation has two marks of 32 bits */
};

#define NO_BLOCK UINT32_MAX

static bool
are_indistinct(const struct nfa *n, unsigned a, unsigned b)
{
	size_t i = 0;

	if (regex_is_word(a) != regex_is_word(b))
		return false;
	while (i < n->sets && regex_class_has(&n->set[i], a) == regex_class_has(&n->set[i], b))
		i++;
	return i == n->sets;
}

static void
find_column(struct lazy_dfa *s, unsigned c)
{
	unsigned k = 0;

	while (k < s->columns && !are_indistinct(s->nfa, s->symbol[k], c))
		k++;
	if (k == s->columns)
		s->symbol[s->columns++] = (unsigned char)c;
	s->column[c] = (uint8_t)k;
}

static void
find_columns(struct lazy_dfa *s)
{
	for (unsigned c = 0; c < REGEX_SYMBOLS; c++)
		find_column(s, c);
	for (unsigned c = 256; c-- > REGEX_NON_ASCII;) /* downwards: symbols are read before
							   they are replaced */
		s->column[c] = s->column[regex_symbol((unsigned char)c)];
}

void
lazy_dfa_scratch_init(struct lazy_dfa_scratch *m, const struct nfa *nfa, uint32_t patterns)
{
	*m = (struct lazy_dfa_scratch){ .states = nfa->len + 1, .patterns = (size_t)patterns + 1 };
	m->added = arena_calloc(m->states, sizeof(*m->added));
	m->passed = arena_calloc(m->states, sizeof(*m->passed));
	m->has_matched = arena_calloc(m->patterns, sizeof(*m->has_matched));
}

void
lazy_dfa_scratch_release(struct lazy_dfa_scratch *m)
{
	free(m->added);
	free(m->passed);
	free(m->has_matched);
	*m = (struct lazy_dfa_scratch){ 0 };
}

void
lazy_dfa_init(struct lazy_dfa *s, const struct nfa *nfa, struct lazy_dfa_scratch *scratch,
    size_t states, size_t members)
{
	*s = (struct lazy_dfa){
		.nfa = nfa, .scratch = scratch, .cap = states, .members_cap = members
	};
	find_columns(s);
	s->state = arena_calloc(states, sizeof(*s->state));
	s->targets_at = (s->columns + 3) / 4 * 4;
	s->stride = (s->targets_at + 3 * sizeof(uint32_t) + CACHE_LINE - 1) / CACHE_LINE
	    * CACHE_LINE;
	s->row = arena_malloc_huge(states * s->stride);
	s->member = arena_calloc(members, sizeof(*s->member));
	lazy_dfa_reset(s);
}

void
lazy_dfa_release(struct lazy_dfa *s)
{
	free(s->state);
	free(s->row);
	free(s->block);
	free(s->member);
	hash_index_release(&s->index);
	free(s->live.at);
	free(s->matched.at);
	free(s->ready.at);
	free(s->stack.at);
	*s = (struct lazy_dfa){ 0 };
}

static uint32_t *
targets_of(struct lazy_dfa *s, uint32_t state)
{
	return (uint32_t *)(void *)(s->row + state * s->stride + s->targets_at);
}

static uint32_t
add_row(struct lazy_dfa *s, uint32_t state, unsigned kind, uint32_t next)
{
	uint32_t *target = targets_of(s, state);

	memset(s->row + state * s->stride, (int)kind, s->columns);
	target[0] = next;
	target[1] = LAZY_DFA_UNKNOWN;
	target[2] = NO_BLOCK;
	return state;
}

static void
add_block(struct lazy_dfa *s, uint32_t *number)
{
	s->block = arena_grow_array(s->block, s->blocks, &s->blocks_cap,
	    s->columns * sizeof(*s->block));
	*number = (uint32_t)s->blocks++;
}

static void
set_next(struct lazy_dfa *s, uint32_t from, unsigned column, uint32_t to)
{
	unsigned char *kind = s->row + from * s->stride + column;
	uint32_t *target = targets_of(s, from);

	for (unsigned i = 0; i < 2 && to != LAZY_DFA_DEAD; i++)
		if (target[i] == to || target[i] == LAZY_DFA_UNKNOWN) {
			target[i] = to;
			*kind = (unsigned char)(LAZY_DFA_ROW_INLINE + i);
			return;
		}
	if (to == LAZY_DFA_DEAD) {
		*kind = LAZY_DFA_ROW_DEAD;
		return;
	}
	if (target[2] == NO_BLOCK)
		add_block(s, &target[2]);
	s->block[target[2] * s->columns + column] = to;
	*kind = LAZY_DFA_ROW_BLOCK;
}

void
lazy_dfa_reset(struct lazy_dfa *s)
{
	hash_index_clear(&s->index);
	s->len = LAZY_DFA_FIRST;
	s->members = 0;
	s->is_full = false;
	s->blocks = 0;
	add_row(s, LAZY_DFA_DEAD, LAZY_DFA_ROW_DEAD, LAZY_DFA_UNKNOWN);
	add_row(s, LAZY_DFA_QUIT, LAZY_DFA_ROW_INLINE, LAZY_DFA_QUIT);
}

static void
add_match(struct lazy_dfa *s, uint32_t pattern)
{
	if (s->scratch->has_matched[pattern] == s->scratch->generation)
		return;
	s->scratch->has_matched[pattern] = s->scratch->generation;
	u32_list_push(&s->matched, pattern);
}

/* Adds the epsilon closure of an NFA state, up to word boundaries.  A set may have states
 * that begin after a word and others; a split is followed once for each. */
void
lazy_dfa_add(struct lazy_dfa *s, uint32_t from, bool is_after_word)
{
	s->stack.len = 0;
	u32_list_push(&s->stack, from);
	while (s->stack.len > 0) {
		uint32_t at = s->stack.at[--s->stack.len];
		const struct nfa_state *n = &s->nfa->state[at];
		uint32_t x = at + (n->kind == NFA_AFTER_WORD && !is_after_word);
		uint32_t mark = 2 * s->scratch->generation
		    + (n->kind == NFA_SPLIT && is_after_word);

		if (s->scratch->added[x] == mark)
			continue;
		s->scratch->added[x] = mark;
		if (n->kind == NFA_MATCH) {
			add_match(s, n->pattern);
		} else if (n->kind == NFA_SPLIT) {
			u32_list_push(&s->stack, n->other);
			u32_list_push(&s->stack, n->out);
		} else {
			u32_list_push(&s->live, x);
		}
	}
}

/* Adds the states after a word boundary that can read the symbol; further boundaries at the
 * same place hold, too. */
static void
pass_boundary(struct lazy_dfa *s, uint32_t from, unsigned symbol)
{
	s->stack.len = 0;
	u32_list_push(&s->stack, from);
	while (s->stack.len > 0) {
		uint32_t x = s->stack.at[--s->stack.len];
		const struct nfa_state *n = &s->nfa->state[x];

		if (s->scratch->passed[x] == s->scratch->generation)
			continue;
		s->scratch->passed[x] = s->scratch->generation;
		switch ((enum nfa_kind)n->kind) {
		case NFA_CLASS:
			if (regex_class_has(&s->nfa->set[n->other], symbol))
				u32_list_push(&s->ready, x);
			break;
		case NFA_SPLIT:
			u32_list_push(&s->stack, n->other);
			u32_list_push(&s->stack, n->out);
			break;
		case NFA_AFTER_WORD:
		case NFA_AFTER_OTHER:
			u32_list_push(&s->stack, n->out);
			break;
		case NFA_MATCH:
			add_match(s, n->pattern);
			break;
		}
	}
}

/* Adds a member if it can read the symbol.  A word boundary is passed if what precedes it and
 * the symbol differ in being of a word. */
static inline void
step_member(struct lazy_dfa *s, uint32_t member, unsigned symbol, bool is_word)
{
	const struct nfa_state *n = &s->nfa->state[member];

	if (n->kind == NFA_CLASS) {
		if (regex_class_has(&s->nfa->set[n->other], symbol))
			u32_list_push(&s->ready, member);
	} else if (n->kind != (is_word ? NFA_AFTER_WORD : NFA_AFTER_OTHER)) {
		pass_boundary(s, n->out, symbol);
	}
}

static int
by_value(const void *va, const void *vb)
{
	uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;

	return a < b ? -1 : a > b;
}

static void
sort(struct u32_list *n)
{
	if (n->len > 1)
		qsort(n->at, n->len, sizeof(*n->at), by_value);
}

/* A pattern that has matched needs no further states. */
static void
drop_matched(struct lazy_dfa *s)
{
	const struct lazy_dfa_scratch *m = s->scratch;
	size_t n = 0;

	for (size_t i = 0; i < s->live.len; i++)
		if (m->has_matched[s->nfa->state[s->live.at[i]].pattern] != m->generation)
			s->live.at[n++] = s->live.at[i];
	s->live.len = n;
	sort(&s->live);
	sort(&s->matched);
}

static bool
is_list(const uint32_t *at, uint32_t len, const struct u32_list *list)
{
	return len == list->len && (len == 0 || memcmp(at, list->at, len * sizeof(*at)) == 0);
}

static bool
is_made_of(const struct lazy_dfa *s, const struct lazy_dfa_state *x)
{
	const uint32_t *member = s->member + x->at;

	return is_list(member, x->live, &s->live)
	    && is_list(member + x->live, x->matched, &s->matched);
}

static void
store(struct lazy_dfa *s, const struct u32_list *list)
{
	if (list->len > 0)
		memcpy(s->member + s->members, list->at, list->len * sizeof(*list->at));
	s->members += list->len;
}

/* The state of the set that was made, which may be new. */
static uint32_t
intern(struct lazy_dfa *s)
{
	const size_t total = s->live.len + s->matched.len;
	const uint64_t hash = XXH3_64bits_withSeed(s->matched.at, s->matched.len * sizeof(uint32_t),
	    XXH3_64bits(s->live.at, s->live.len * sizeof(uint32_t)));
	struct hash_probe probe = hash_index_probe(&s->index, hash);

	if (total == 0)
		return LAZY_DFA_DEAD;
	while (hash_probe_next(&probe))
		if (is_made_of(s, &s->state[probe.number]))
			return probe.number;
	if (s->len == s->cap || s->members + total > s->members_cap
	    || s->blocks > s->cap / STATES_PER_BLOCK) {
		s->is_full = true;
		return LAZY_DFA_QUIT;
	}
	hash_index_add(&s->index, hash, s->len);
	s->state[s->len] = (struct lazy_dfa_state){ .at = (uint32_t)s->members,
		.live = (uint32_t)s->live.len,
		.matched = (uint32_t)s->matched.len };
	store(s, &s->live);
	store(s, &s->matched);
	return add_row(s, (uint32_t)s->len++, LAZY_DFA_ROW_UNKNOWN, LAZY_DFA_UNKNOWN);
}

void
lazy_dfa_begin(struct lazy_dfa *s)
{
	struct lazy_dfa_scratch *m = s->scratch;

	s->live.len = s->matched.len = s->ready.len = 0;
	if (++m->generation < GENERATIONS)
		return;
	memset(m->added, 0, m->states * sizeof(*m->added));
	memset(m->passed, 0, m->states * sizeof(*m->passed));
	memset(m->has_matched, 0, m->patterns * sizeof(*m->has_matched));
	m->generation = 1;
}

uint32_t
lazy_dfa_end(struct lazy_dfa *s)
{
	drop_matched(s);
	return intern(s);
}

uint32_t
lazy_dfa_compute(struct lazy_dfa *s, uint32_t from, unsigned column)
{
	const struct lazy_dfa_state *x = &s->state[from];
	uint32_t to;
	const unsigned symbol = s->symbol[column];
	const bool is_word = regex_is_word(symbol);

	lazy_dfa_begin(s);
	for (uint32_t i = 0; i < x->live; i++)
		step_member(s, s->member[x->at + i], symbol, is_word);
	for (size_t i = 0; i < s->ready.len; i++)
		lazy_dfa_add(s, s->nfa->state[s->ready.at[i]].out, is_word);
	to = lazy_dfa_end(s);
	if (s->state[to].matched > 0)
		to |= LAZY_DFA_MATCH;
	if (!s->is_full)
		set_next(s, from, column, to);
	return to;
}
