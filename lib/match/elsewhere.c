#include "config.h"

#include <stdlib.h>

#include "lib/match/elsewhere.h"

enum {
	STATES = 2048,			/* that are remembered */
	MEMBERS = 16 * STATES,
	WORD_MOST = 15,			/* bytes of a word that is looked into */
};

/* Kinds of bytes, as bits: WORD; may a pattern begin with it, behind what is of no word
 * (ALIVE) or of one (ALIVE << 1)? */
enum { WORD = 1, ALIVE = 2 };

enum { BEHIND_WORD = 1, BEHIND_OTHER = 2 };

bool
elsewhere_add(struct elsewhere *e, const struct syntax *tree, uint32_t number)
{
	struct nfa_added added = nfa_add(&e->nfa, tree, number);

	if (syntax_begins_with(tree, SYNTAX_START)) {
		if (added.is_known)
			states_push(&e->at_start, added.start);
		states_push(added.is_known ? &e->known : &e->always, number);
		return true;
	}
	if (!added.is_known)
		return false;
	states_push(&e->at_edges, added.start);
	if (!syntax_begins_with(tree, SYNTAX_BOUNDARY))
		states_push(&e->anywhere, added.start);
	states_push(&e->known, number);
	return true;
}

static uint32_t
begin_with(struct elsewhere *e, const struct states_list *patterns, int behind)
{
	states_begin(&e->states);
	for (size_t i = 0; i < patterns->len; i++) {
		if (behind & BEHIND_WORD)
			states_put(&e->states, patterns->at[i], true);
		if (behind & BEHIND_OTHER)
			states_put(&e->states, patterns->at[i], false);
	}
	return states_end(&e->states);
}

static bool
is_read(struct elsewhere *e, uint32_t first, unsigned byte)
{
	return states_next(&e->states, first, (unsigned char)byte) != STATES_NONE;
}

/* The states to begin with, at first and when all was forgotten.  At an edge of a word
 * all patterns may begin. */
static void
make_first(struct elsewhere *e)
{
	e->first_at_start = begin_with(e, &e->at_start, BEHIND_OTHER);
	e->first[0][0] = begin_with(e, &e->anywhere, BEHIND_OTHER);
	e->first[0][1] = begin_with(e, &e->at_edges, BEHIND_OTHER);
	e->first[1][0] = begin_with(e, &e->at_edges, BEHIND_WORD);
	e->first[1][1] = begin_with(e, &e->anywhere, BEHIND_WORD);
	e->first_unknown = begin_with(e, &e->at_edges, BEHIND_WORD | BEHIND_OTHER);
	for (unsigned c = 0; c < 256; c++) {
		bool is_word = syntax_is_word(c);

		e->kind[c] = (uint8_t)((is_word ? WORD : 0)
		    | (is_read(e, e->first[0][is_word], c) ? ALIVE : 0)
		    | (is_read(e, e->first[1][is_word], c) ? ALIVE << 1 : 0));
	}
}

void
elsewhere_begin(struct elsewhere *e, uint32_t numbers)
{
	states_marks_init(&e->marks, &e->nfa, numbers);
	states_init(&e->states, &e->nfa, &e->marks, STATES, MEMBERS);
	make_first(e);
}

void
elsewhere_refresh(struct elsewhere *e)
{
	if (!states_is_full(&e->states))
		return;
	states_forget(&e->states);
	make_first(e);
}

/* A text, and whom to tell. */
struct search {
	struct elsewhere *elsewhere;
	const char *text;
	size_t len;
	starts_fn *fn;
	void *with;
};

/* Reads from a place on. */
static void
run(const struct search *f, uint32_t state, size_t at)
{
	struct elsewhere *e = f->elsewhere;
	size_t stop = starts_stop(at, f->len), i = at;

	for (; i < stop && state != STATES_NONE && state != STATES_ANY; i++) {
		const struct states_set *x;

		state = states_next(&e->states, state, (unsigned char)f->text[i]);
		if (!(state & STATES_ACCEPT))
			continue;
		state &= ~STATES_ACCEPT;
		x = &e->states.set[state];
		for (uint32_t k = 0; k < x->accepted; k++)
			f->fn(f->with, e->states.member[x->at + x->going + k], at);
	}
	if (state == STATES_NONE || (i == f->len + 1 && state != STATES_ANY))
		return;
	for (size_t k = 0; k < e->known.len; k++)
		f->fn(f->with, e->known.at[k], at);
}

static void
look_at(const struct search *f, size_t i)
{
	const struct elsewhere *e = f->elsewhere;
	const unsigned kind = e->kind[(unsigned char)f->text[i]];
	const unsigned before = i == 0 ? 0 : e->kind[(unsigned char)f->text[i - 1]] & WORD;

	if (kind & ALIVE << before)
		run(f, e->first[before][kind & WORD], i);
}

/* Looks at the bytes of a token that are known of its word. */
static void
look_inside(const struct search *f, const struct token *t)
{
	if (t->is.others == UINT16_MAX)
		for (size_t i = t->at; i < t->end; i++)
			look_at(f, i);
	else
		for (unsigned left = t->is.others; left != 0; left &= left - 1)
			look_at(f, t->at + (size_t)__builtin_ctz(left));
}

void
elsewhere_find(struct elsewhere *e, const struct tokens *t, starts_fn *fn,
    void *with)
{
	const struct search f = { e, t->folded.data, t->text_len, fn, with };
	const bool blank_lives = (e->kind[' '] & (ALIVE | ALIVE << 1)) != 0;
	size_t done = 0;

	for (size_t i = 0; i < e->always.len; i++)
		fn(with, e->always.at[i], 0);
	run(&f, e->first_at_start, 0);
	for (size_t i = 0; i < t->len; i++) {
		const struct token *k = &t->at[i];

		if (blank_lives || k->at != done + 1 || f.text[done] != ' ')
			for (; done < k->at; done++)
				look_at(&f, done);
		if (k->is.others != 0)
			look_inside(&f, k);
		done = k->end;
	}
	for (; done < f.len; done++)
		look_at(&f, done);
}

/* What to begin with at byte i of a word, before which anything but a letter or digit may
 * stand. */
static uint32_t
first_inside(const struct elsewhere *e, const char *word, size_t i)
{
	bool is_word = syntax_is_word((unsigned char)word[i]);

	if (i == 0)
		return is_word ? e->first[0][1] : e->first_unknown;
	return e->first[syntax_is_word((unsigned char)word[i - 1])][is_word];
}

/* May any begin at byte i, and go on behind the word or be whole within it? */
static bool
lives(struct elsewhere *e, const char *word, size_t i, size_t len)
{
	uint32_t state = first_inside(e, word, i);

	for (; i < len && state != STATES_NONE; i++) {
		state = states_next(&e->states, state, (unsigned char)word[i]);
		if (state == STATES_ANY || state & STATES_ACCEPT)
			return true;
	}
	return state != STATES_NONE;
}

uint16_t
elsewhere_look_up(struct elsewhere *e, const char *word, size_t len)
{
	unsigned out = 0;

	for (size_t i = 0; i < len && len <= WORD_MOST; i++)
		out |= (unsigned)lives(e, word, i, len) << i;
	return len <= WORD_MOST ? (uint16_t)out : UINT16_MAX;
}

void
elsewhere_release(struct elsewhere *e)
{
	if (e->states.row != NULL)
		states_release(&e->states);
	states_marks_release(&e->marks);
	nfa_release(&e->nfa);
	free(e->at_start.at);
	free(e->at_edges.at);
	free(e->anywhere.at);
	free(e->known.at);
	free(e->always.at);
}
