#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/arena.h"
#include "stages/extract_starts.h"

enum {
	STATES = 16384, SLOTS = 4 * STATES,
	NUMBERS = 1 << 20,		/* of NFA states, for all states */
	UNKNOWN = 0, DEAD = 1,		/* in a table of what comes next */
};

/* A set of NFA states that read, and the patterns that were accepted on the
 * way here: these are left out of the set. */
struct state {
	uint32_t at, reading, accepted;	/* numbers: first the ones, then the others */
};

struct numbers {
	uint32_t *at;
	size_t len, room;
};

struct starts {
	struct nfa nfa;
	struct numbers at_words, anywhere;	/* where patterns begin */
	uint32_t patterns;

	/* symbols that no pattern tells apart are one column */
	uint8_t column[256];
	unsigned columns;
	unsigned char symbol[SYNTAX_SYMBOLS];	/* one of each column */

	struct state *state;
	uint16_t *next;			/* for each state and column */
	size_t states;
	uint32_t *number;
	size_t numbers;
	uint32_t *slot;			/* state by hash; 0: none */
	uint32_t first, first_at_word;	/* states to begin with; 0: not made yet */

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

static void *
room_for(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		arena_exhausted();
	return p;
}

struct starts *
starts_new(void)
{
	return room_for(1, sizeof(struct starts));
}

struct nfa_pattern
starts_add(struct starts *s, const struct text *pattern)
{
	struct nfa_pattern p = nfa_add(&s->nfa, pattern, s->patterns++);

	if (p.is_known) {
		push(&s->at_words, p.start);
		if (!p.is_at_boundary)
			push(&s->anywhere, p.start);
	}
	return p;
}

static void
forget(struct starts *s)
{
	memset(s->slot, 0, SLOTS * sizeof(*s->slot));
	memset(s->next, 0, (size_t)STATES * s->columns * sizeof(*s->next));
	s->states = DEAD + 1;
	s->numbers = 0;
	s->first = s->first_at_word = UNKNOWN;
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
find_columns(struct starts *s)
{
	for (unsigned c = 0; c < SYNTAX_SYMBOLS; c++) {
		unsigned k = 0;

		while (k < s->columns && !are_alike(&s->nfa, s->symbol[k], c))
			k++;
		if (k == s->columns)
			s->symbol[s->columns++] = (unsigned char)c;
		s->column[c] = (uint8_t)k;
	}
	for (unsigned c = SYNTAX_HIGH; c < 256; c++)
		s->column[c] = s->column[SYNTAX_HIGH];
}

static void
begin(struct starts *s)
{
	find_columns(s);
	s->state = room_for(STATES, sizeof(*s->state));
	s->next = room_for((size_t)STATES * s->columns, sizeof(*s->next));
	s->number = room_for(NUMBERS, sizeof(*s->number));
	s->slot = room_for(SLOTS, sizeof(*s->slot));
	s->seen = room_for(s->nfa.len + 1, sizeof(*s->seen));
	s->was_accepted = room_for(s->patterns + 1, sizeof(*s->was_accepted));
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
	if (s->first == first)		/* else all was forgotten */
		s->next[from * s->columns + column] = (uint16_t)to;
	return to;
}

static void
run(struct starts *s, uint32_t state, const char *text, size_t len, size_t at,
    starts_fn *fn, void *with)
{
	for (size_t i = at; i < len; i++) {
		unsigned column = s->column[(unsigned char)text[i]];
		uint32_t next = s->next[state * s->columns + column];
		const struct state *x;

		if (next == UNKNOWN)
			next = make_next(s, state, column);
		if (next == DEAD)
			return;
		state = next;
		x = &s->state[state];
		for (uint32_t k = 0; k < x->accepted; k++)
			fn(with, s->number[x->at + x->reading + k], at);
	}
}

void
starts_find(struct starts *s, const struct tokens *t, starts_fn *fn,
    void *with)
{
	const char *text = t->folded.data;
	bool is_inside = false;

	if (s->state == NULL)
		begin(s);
	for (size_t i = 0; i < t->text_len; i++) {
		bool is_word = syntax_is_word((unsigned char)text[i]);

		while (s->first == UNKNOWN || s->first_at_word == UNKNOWN) {
			s->first = begin_with(s, &s->anywhere);
			s->first_at_word = begin_with(s, &s->at_words);
		}
		if (is_word && !is_inside)
			run(s, s->first_at_word, text, t->text_len, i, fn, with);
		else if (s->first != DEAD)
			run(s, s->first, text, t->text_len, i, fn, with);
		is_inside = is_word;
	}
}

void
starts_free(struct starts *s)
{
	if (s == NULL)
		return;
	nfa_release(&s->nfa);
	free(s->at_words.at);
	free(s->anywhere.at);
	free(s->state);
	free(s->next);
	free(s->number);
	free(s->slot);
	free(s->reading.at);
	free(s->accepted.at);
	free(s->stack.at);
	free(s->seen);
	free(s->was_accepted);
	free(s);
}
