#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/arena.h"
#include "stages/extract_begins.h"

enum { STEPS_MAX = 4000, LETTERS = 3 };

struct walk {
	const struct nfa *nfa;
	char word[LETTERS + 1];
	int steps;
	struct begins begins;
};

static void go(struct walk *w, uint32_t at, int len);

static void
put(struct walk *w, int len)
{
	unsigned n;

	w->word[len] = '\0';
	n = begins_of(w->word);
	w->begins.bits[n / 64] |= (uint64_t)1 << n % 64;
}

static void
read_symbol(struct walk *w, uint32_t out, unsigned symbol, int len)
{
	if (syntax_is_word(symbol)) {
		w->word[len] = (char)symbol;
		go(w, out, len + 1);
	} else if (len > 0) {
		put(w, len);
	}
}

/* What is read behind the first letters. */
static void
read(struct walk *w, const struct nfa_state *n, int len)
{
	const struct syntax_set *set = &w->nfa->set[n->set];

	for (unsigned i = 0; i < 3; i++)
		for (uint64_t left = set->bits[i]; left != 0; left &= left - 1)
			read_symbol(w, n->out, 64 * i
			    + (unsigned)__builtin_ctzll(left), len);
}

static void
go(struct walk *w, uint32_t at, int len)
{
	const struct nfa_state *n = &w->nfa->state[at];

	if (++w->steps > STEPS_MAX)
		return;
	if (len == LETTERS) {
		put(w, len);
		return;
	}
	switch ((enum nfa_kind)n->kind) {
	case NFA_READ:
		read(w, n, len);
		break;
	case NFA_FORK:
		go(w, n->out, len);
		go(w, n->other, len);
		break;
	case NFA_AFTER_WORD:
	case NFA_AFTER_OTHER:
		if (len > 0)
			put(w, len);	/* the word must end there */
		else
			go(w, n->out, len);
		break;
	case NFA_ACCEPT:
		w->steps = STEPS_MAX;	/* whatever comes behind */
		break;
	}
}

static struct begins
end(const struct walk *w)
{
	static const struct begins all = { { UINT64_MAX, UINT64_MAX, UINT64_MAX,
		UINT64_MAX } };

	return w->steps < STEPS_MAX ? w->begins : all;
}

struct begins
begins_first(const struct nfa *n, uint32_t start)
{
	struct walk w = { .nfa = n };

	go(&w, start, 0);
	return end(&w);
}

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
arrive(struct step *s, uint32_t at)
{
	const struct nfa_state *n = &s->nfa->state[at];

	if (s->is_behind[at - s->base])
		return;
	s->is_behind[at - s->base] = true;
	if (n->kind == NFA_READ) {
		read_from(s, at);
		return;
	}
	s->is_accepted |= n->kind == NFA_ACCEPT;
	if (n->kind != NFA_ACCEPT)
		arrive(s, n->out);
	if (n->kind == NFA_FORK)
		arrive(s, n->other);
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
		is_read |= (s->nfa->set[n->set].bits[i] & s->symbols.bits[i]) != 0;
	if (is_read)
		arrive(s, n->out);
}

/* Reads all that may be read first. */
static void
begin(struct step *s, uint32_t at, bool *was_seen)
{
	const struct nfa_state *n = &s->nfa->state[at];

	if (was_seen[at - s->base])
		return;
	was_seen[at - s->base] = true;
	if (n->kind == NFA_READ) {
		read_from(s, at);
		return;
	}
	s->is_accepted |= n->kind == NFA_ACCEPT;
	if (n->kind != NFA_ACCEPT)
		begin(s, n->out, was_seen);
	if (n->kind == NFA_FORK)
		begin(s, n->other, was_seen);
}

struct begins
begins_second(const struct nfa *n, uint32_t base, uint32_t start)
{
	size_t len = n->len - base;
	bool *seen = arena_array(5 * len + 1, sizeof(*seen));
	struct step word = { n, base, symbols(false), seen, seen + len, false };
	struct step between = { n, base, symbols(true), seen + 2 * len,
		seen + 3 * len, false };
	struct walk w = { .nfa = n };

	begin(&word, start, seen + 4 * len);
	for (size_t i = 0; i < len; i++)
		if (word.is_behind[i] && n->state[base + i].kind == NFA_READ)
			read_from(&between, (uint32_t)(base + i));
	for (size_t i = 0; i < len; i++)
		if (between.is_behind[i] && n->state[base + i].kind == NFA_READ)
			go(&w, (uint32_t)(base + i), 0);
	if (word.is_accepted || between.is_accepted)
		w.steps = STEPS_MAX;
	free(seen);
	return end(&w);
}
