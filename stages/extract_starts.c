#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/arena.h"
#include "stages/extract_starts.h"

enum {
	STATES = 32768, SLOTS = 4 * STATES,
	NUMBERS = 2 << 20,		/* of NFA states, for all states */
	LINE = 64,			/* of the processor's cache */
	UNKNOWN = 0, DEAD = 1,		/* in a table of what comes next */
	ACCEPTS = 1 << 15,		/* there, beside a state */
	JUMPS = 4096, JUMP = 4,		/* beginnings of words, and their bytes */
};

enum { WORD = 1, ALIVE = 2, EDGE = 4 };	/* kinds of bytes, as bits */

/* A set of NFA states that read, and the patterns that were accepted on the
 * way here: these are left out of the set. */
struct state {
	uint32_t at, reading, accepted;	/* numbers: first the ones, then the others */
};

/* Where the first bytes of a word lead, if nothing is accepted on the way. */
struct jump {
	uint32_t bytes;
	uint16_t state;			/* UNKNOWN: not known */
};

struct numbers {
	uint32_t *at;
	size_t len, room;
};

struct starts {
	struct nfa nfa;
	/* what begins there; at_edges: right behind a word */
	struct numbers at_start, at_words, at_edges, anywhere;
	uint32_t patterns;

	/* symbols that no pattern tells apart are one column */
	uint8_t column[256];
	unsigned columns, shift;	/* a state has 1 << shift of them */
	unsigned char symbol[SYNTAX_SYMBOLS];	/* one of each column */

	struct state *state;
	uint16_t *next;			/* for each state and column */
	struct jump *jump;		/* by the hash of the bytes */
	size_t states;
	uint32_t *number;
	size_t numbers;
	uint32_t *slot;			/* state by hash; 0: none */
	/* states to begin with; UNKNOWN: not made yet */
	uint32_t first, first_at_word, first_at_edge, first_at_start;
	uint8_t kind[256];		/* ALIVE: read by `first`; EDGE: at an edge */

	/* while a state is made */
	struct numbers reading, accepted, stack;
	uint32_t *seen;			/* of NFA states: the turn */
	uint32_t *was_accepted;		/* of patterns */
	uint32_t turn;
};

static void
push(struct numbers *n, uint32_t x)
{
	if (n->len == n->room) {
		n->room = n->room > 0 ? 2 * n->room : 256;
		if ((n->at = reallocarray(n->at, n->room, sizeof(*n->at))) == NULL)
			arena_exhausted();
	}
	n->at[n->len++] = x;
}

struct starts *
starts_new(void)
{
	return arena_array(1, sizeof(struct starts));
}

struct nfa_pattern
starts_add(struct starts *s, const struct text *pattern)
{
	struct nfa_pattern p = nfa_add(&s->nfa, pattern, s->patterns++);

	if (!p.is_known)
		return p;
	push(p.place == NFA_AT_START ? &s->at_start : &s->at_words, p.start);
	if (p.place == NFA_AT_EDGES || p.place == NFA_ANYWHERE)
		push(&s->at_edges, p.start);
	if (p.place == NFA_ANYWHERE)
		push(&s->anywhere, p.start);
	return p;
}

static void
forget(struct starts *s)
{
	memset(s->slot, 0, SLOTS * sizeof(*s->slot));
	memset(s->next, 0, ((size_t)STATES << s->shift) * sizeof(*s->next));
	memset(s->jump, 0, JUMPS * sizeof(*s->jump));
	s->states = DEAD + 1;
	s->numbers = 0;
	s->first = s->first_at_word = UNKNOWN;
	s->first_at_edge = s->first_at_start = UNKNOWN;
}

static bool
are_alike(const struct nfa *n, unsigned a, unsigned b)
{
	size_t i = 0;

	while (i < n->sets && syntax_has(&n->set[i], a) == syntax_has(&n->set[i], b))
		i++;
	return i == n->sets;
}

static void
find_column(struct starts *s, unsigned c)
{
	unsigned k = 0;

	while (k < s->columns && !are_alike(&s->nfa, s->symbol[k], c))
		k++;
	if (k == s->columns)
		s->symbol[s->columns++] = (unsigned char)c;
	s->column[c] = (uint8_t)k;
}

/* What texts are mostly made of comes first, so that of each state one line of
 * the processor's cache is used, and not two. */
static void
find_columns(struct starts *s)
{
	for (const char *c = " etaoinshrdlucmfgypwbvk'.,"; *c != '\0'; c++)
		find_column(s, (unsigned char)*c);
	for (unsigned c = 0; c < SYNTAX_SYMBOLS; c++)
		find_column(s, c);
	for (unsigned c = SYNTAX_HIGH; c < 256; c++)
		s->column[c] = s->column[SYNTAX_HIGH];
}

static void
begin(struct starts *s)
{
	find_columns(s);
	while (1u << s->shift < s->columns)
		s->shift++;
	s->state = arena_array(STATES, sizeof(*s->state));
	s->next = aligned_alloc(LINE, ((size_t)STATES << s->shift)
	    * sizeof(*s->next));
	if (s->next == NULL)
		arena_exhausted();
	s->jump = arena_array(JUMPS, sizeof(*s->jump));
	s->number = arena_array(NUMBERS, sizeof(*s->number));
	s->slot = arena_array(SLOTS, sizeof(*s->slot));
	s->seen = arena_array(s->nfa.len + 1, sizeof(*s->seen));
	s->was_accepted = arena_array(s->patterns + 1, sizeof(*s->was_accepted));
	forget(s);
}

/* Follows forks to what is read or accepted behind them. */
static void
reach(struct starts *s, uint32_t from)
{
	s->stack.len = 0;
	push(&s->stack, from);
	while (s->stack.len > 0) {
		uint32_t at = s->stack.at[--s->stack.len];
		const struct nfa_state *n = &s->nfa.state[at];

		if (s->seen[at] == s->turn)
			continue;
		s->seen[at] = s->turn;
		if (n->kind == NFA_READ)
			push(&s->reading, at);
		if (n->kind == NFA_FORK) {
			push(&s->stack, n->other);
			push(&s->stack, n->out);
		}
		if (n->kind == NFA_ACCEPT && s->was_accepted[n->pattern] != s->turn) {
			s->was_accepted[n->pattern] = s->turn;
			push(&s->accepted, n->pattern);
		}
	}
}

static int
by_number(const void *va, const void *vb)
{
	uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;

	return a < b ? -1 : a > b;
}

/* A pattern that is accepted is not read on. */
static void
settle(struct starts *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->reading.len; i++)
		if (s->was_accepted[s->nfa.state[s->reading.at[i]].pattern]
		    != s->turn)
			s->reading.at[n++] = s->reading.at[i];
	s->reading.len = n;
	if (n > 1)
		qsort(s->reading.at, n, sizeof(*s->reading.at), by_number);
	if (s->accepted.len > 1)
		qsort(s->accepted.at, s->accepted.len, sizeof(*s->accepted.at),
		    by_number);
}

static bool
is_made_of(const struct starts *s, const struct state *x)
{
	const uint32_t *n = s->number + x->at;

	return x->reading == s->reading.len && x->accepted == s->accepted.len
	    && (x->reading == 0 || memcmp(n, s->reading.at,
	    x->reading * sizeof(*n)) == 0)
	    && (x->accepted == 0 || memcmp(n + x->reading, s->accepted.at,
	    x->accepted * sizeof(*n)) == 0);
}

/* The state of the set in hand, which may be new. */
static uint32_t
intern(struct starts *s)
{
	size_t total = s->reading.len + s->accepted.len;
	uint64_t hash = XXH3_64bits_withSeed(s->accepted.at,
	    s->accepted.len * sizeof(uint32_t), XXH3_64bits(s->reading.at,
	    s->reading.len * sizeof(uint32_t)));
	struct state *x;
	size_t i;

	if (total == 0)
		return DEAD;
	for (i = hash % SLOTS; s->slot[i] != 0; i = (i + 1) % SLOTS)
		if (is_made_of(s, &s->state[s->slot[i]]))
			return s->slot[i];
	if (s->states == STATES || s->numbers + total > NUMBERS) {
		if (total > NUMBERS)
			arena_exhausted();
		forget(s);
		i = hash % SLOTS;
	}
	s->slot[i] = (uint32_t)s->states;
	x = &s->state[s->states];
	*x = (struct state){ .at = (uint32_t)s->numbers,
		.reading = (uint32_t)s->reading.len,
		.accepted = (uint32_t)s->accepted.len };
	for (size_t k = 0; k < s->reading.len; k++)
		s->number[s->numbers++] = s->reading.at[k];
	for (size_t k = 0; k < s->accepted.len; k++)
		s->number[s->numbers++] = s->accepted.at[k];
	return (uint32_t)s->states++;
}

static void
clear(struct starts *s)
{
	s->reading.len = s->accepted.len = 0;
	s->turn++;
}

static uint32_t
begin_with(struct starts *s, const struct numbers *patterns)
{
	clear(s);
	for (size_t i = 0; i < patterns->len; i++)
		reach(s, patterns->at[i]);
	settle(s);
	return intern(s);
}

/* What comes behind a state: another, with ACCEPTS beside it if it does. */
static uint32_t
make_next(struct starts *s, uint32_t from, unsigned column)
{
	const struct state *x = &s->state[from];
	size_t first = s->first;
	uint32_t to;

	clear(s);
	for (uint32_t i = 0; i < x->reading; i++) {
		const struct nfa_state *n = &s->nfa.state[s->number[x->at + i]];

		if (syntax_has(&s->nfa.set[n->set], s->symbol[column]))
			reach(s, n->out);
	}
	settle(s);
	to = intern(s);
	if (s->state[to].accepted > 0)
		to |= ACCEPTS;
	if (s->first == first)		/* else all was forgotten */
		s->next[(from << s->shift) + column] = (uint16_t)to;
	return to;
}

static inline uint32_t
next_of(struct starts *s, uint32_t state, char byte)
{
	unsigned column = s->column[(unsigned char)byte];
	uint32_t next = s->next[(state << s->shift) + column];

	return next != UNKNOWN ? next : make_next(s, state, column);
}

/* A run that begins at `at` and has come to a state in front of byte i. */
struct run {
	const char *text;
	size_t len, at;
	starts_fn *fn;
	void *with;
};

static void
run(struct starts *s, const struct run *r, uint32_t state, size_t i)
{
	for (; i < r->len; i++) {
		uint32_t next = next_of(s, state, r->text[i]);

		if (next == DEAD)
			return;
		state = next & ~(uint32_t)ACCEPTS;
		if ((next & ACCEPTS) == 0)
			continue;
		const struct state *x = &s->state[state];

		for (uint32_t k = 0; k < x->accepted; k++)
			r->fn(r->with, s->number[x->at + x->reading + k], r->at);
	}
}

static struct jump *
jump_of(struct starts *s, const char *text, uint32_t *bytes)
{
	memcpy(bytes, text, JUMP);
	return &s->jump[(*bytes * 0x9e3779b1u) >> 20 & (JUMPS - 1)];
}

/* Finds out where the first bytes of a word lead. */
static void
learn(struct starts *s, const char *text)
{
	uint32_t state = s->first_at_word, first = state, bytes;
	struct jump *j = jump_of(s, text, &bytes);

	for (int i = 0; i < JUMP && state != DEAD; i++)
		if ((state = next_of(s, state, text[i])) & ACCEPTS)
			return;
	if (s->first_at_word == first)	/* else all was forgotten */
		*j = (struct jump){ bytes, (uint16_t)state };
}

/* Most words lead nowhere after a few bytes; those are known by heart. */
static void
run_word(struct starts *s, struct run *r)
{
	size_t left = r->len - r->at;
	const char *text = r->text + r->at;
	uint32_t bytes;
	struct jump *j;

	if (left >= JUMP) {
		j = jump_of(s, text, &bytes);
		if (j->bytes == bytes && j->state != UNKNOWN) {
			if (j->state != DEAD)
				run(s, r, j->state, r->at + JUMP);
			return;
		}
	}
	run(s, r, s->first_at_word, r->at);
	if (left >= JUMP && s->first_at_word != UNKNOWN)
		learn(s, text);
}

static bool
has_first(const struct starts *s)
{
	return s->first != UNKNOWN && s->first_at_word != UNKNOWN
	    && s->first_at_edge != UNKNOWN && s->first_at_start != UNKNOWN;
}

static bool
is_read(struct starts *s, uint32_t first, unsigned byte)
{
	return first != DEAD && next_of(s, first, (char)byte) != DEAD;
}

/* Makes the states to begin with, at first and when all was forgotten. */
static void
make_first(struct starts *s)
{
	while (!has_first(s)) {
		s->first = begin_with(s, &s->anywhere);
		s->first_at_word = begin_with(s, &s->at_words);
		s->first_at_edge = begin_with(s, &s->at_edges);
		s->first_at_start = begin_with(s, &s->at_start);
	}
	for (unsigned c = 0; c < 256; c++)
		s->kind[c] = (syntax_is_word(c) ? WORD : 0)
		    | (is_read(s, s->first, c) ? ALIVE : 0)
		    | (is_read(s, s->first_at_edge, c) ? EDGE : 0);
}

void
starts_find(struct starts *s, const struct tokens *t, starts_fn *fn,
    void *with)
{
	struct run r = { t->folded.data, t->text_len, 0, fn, with };
	unsigned inside = 0;

	if (s->state == NULL)
		begin(s);
	if (!has_first(s))
		make_first(s);
	if (s->first_at_start != DEAD)
		run(s, &r, s->first_at_start, 0);
	for (; r.at < r.len; r.at++) {
		if (!has_first(s))
			make_first(s);
		unsigned kind = s->kind[(unsigned char)r.text[r.at]];

		if ((kind & WORD) > inside)
			run_word(s, &r);
		else if ((kind & WORD) < inside && kind & EDGE)
			run(s, &r, s->first_at_edge, r.at);
		else if (kind & ALIVE)
			run(s, &r, s->first, r.at);
		inside = kind & WORD;
	}
}

void
starts_free(struct starts *s)
{
	if (s == NULL)
		return;
	nfa_release(&s->nfa);
	free(s->at_words.at);
	free(s->at_edges.at);
	free(s->anywhere.at);
	free(s->at_start.at);
	free(s->state);
	free(s->next);
	free(s->jump);
	free(s->number);
	free(s->slot);
	free(s->reading.at);
	free(s->accepted.at);
	free(s->stack.at);
	free(s->seen);
	free(s->was_accepted);
	free(s);
}
