#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "stages/extract_starts_state.h"

/* A text, and whom to tell. */
struct search {
	struct starts *starts;
	const struct tokens *tokens;
	const char *text;
	size_t len;
	starts_fn *fn;
	void *with;
};

static void
make_root(struct starts *s, struct start *x)
{
	states_begin(&s->states);
	states_put(&s->states, x->state, false);
	x->root = states_end(&s->states);
}

/* Reads on by a byte; true if it is done with. */
static bool
read_on(const struct search *f, struct reading *r)
{
	struct starts *s = f->starts;
	uint32_t state = states_next(&s->states, r->state,
	    (unsigned char)f->text[r->i]);

	if (state == STATES_NONE)
		return true;
	states_fetch(&s->states, state);
	r->state = state;
	r->i++;
	if (state != STATES_ANY && !(state & STATES_ACCEPT)) {
		if (r->i < r->stop)
			return false;
		if (r->i < starts_stop(r->at, f->len) || r->i > f->len)
			return true;	/* a match would end before */
	}
	if (s->founds < FOUND)
		s->found[s->founds++] = (struct found){ s->start[r->start].pattern,
			r->at };
	return true;
}

/* Reads all starts from their places, each by a byte in turn: what one waits for from
 * memory does not keep the others waiting. */
static void
read_all(const struct search *f)
{
	struct starts *s = f->starts;

	while (s->readings > 0) {
		size_t n = 0;

		for (size_t i = 0; i < s->readings; i++) {
			struct reading r = s->reading[i];

			if (!read_on(f, &r))
				s->reading[n++] = r;
		}
		s->readings = n;
	}
}

/* A byte is read behind what matches, for the edge of a word. */
static uint32_t
stop_of(const struct search *f, const struct start *x, size_t at)
{
	size_t stop = starts_stop(at, f->len);
	size_t longest = at + (size_t)x->longest * (f->tokens->is_wide ? 4 : 1) + 1;

	return (uint32_t)(longest < stop ? longest : stop);
}

static void
look_at(const struct search *f, uint32_t start, size_t at)
{
	struct starts *s = f->starts;
	struct start *x = &s->start[start];

	if (x->root == STATES_UNKNOWN)
		make_root(s, x);
	if (s->readings == READINGS)
		read_all(f);
	states_fetch(&s->states, x->root);
	s->reading[s->readings++] = (struct reading){ start, (uint32_t)at,
		(uint32_t)at, stop_of(f, x, at), x->root };
}

/* The next place inside a token where a word begins, behind an apostrophe or what is
 * not ASCII; its end if there is none. */
static size_t
next_inside(const char *text, size_t i, size_t end)
{
	for (i++; i < end; i++)
		if (syntax_is_word((unsigned char)text[i])
		    && !syntax_is_word((unsigned char)text[i - 1]))
			break;
	return i;
}

/* Does a word begin where a token does? */
static bool
is_place(const struct search *f, const struct token *t)
{
	return syntax_is_word((unsigned char)f->text[t->at])
	    && (t->at == 0 || f->text[t->at - 1] != '_');
}

/* Where a token ends for patterns, of which words may hold underscores. */
static size_t
word_end(const struct search *f, size_t end)
{
	if (f->text[end] == '_')
		while (syntax_is_word((unsigned char)f->text[end]))
			end++;
	return end;
}

/* The row of starts that may have a token second, if there is one. */
static uint32_t
second_of(const struct search *f, size_t token)
{
	const struct token *t = &f->tokens->at[token];

	if (token == f->tokens->len)
		return openings_last(&f->starts->openings);
	return f->text[t->end] != '_' ? t->is.second
	    : openings_second(&f->starts->openings, f->text + t->at,
	    word_end(f, t->end) - t->at);
}

/* Looks at those of 64 starts of which all needs are met.  token: where the first word
 * begins, or what it stands in. */
static void
look_at_some(const struct search *f, size_t first, uint64_t some, size_t at, size_t token)
{
	for (; some != 0; some &= some - 1) {
		uint32_t start = (uint32_t)(first + (size_t)__builtin_ctzll(some));

		if (needs_are_met(&f->starts->needs, start, token, f->tokens->is_wide))
			look_at(f, start, at);
	}
}

/* The same of those that may have these words first and second. */
static void
look_at_all(const struct search *f, uint32_t first, uint32_t second, size_t at,
    size_t token)
{
	const struct rows *r = &f->starts->rows;
	const uint64_t *a = rows_at(r, first), *b = rows_at(r, second);
	const uint64_t *open = needs_open(&f->starts->needs);

	for (uint64_t some = rows_summary(r, first) & rows_summary(r, second); some != 0;
	    some &= some - 1)
		for (size_t i = (size_t)__builtin_ctzll(some); i < r->words; i += 64)
			look_at_some(f, 64 * i, a[i] & b[i] & open[i], at, token);
}

static void
look_at_token(const struct search *f, size_t token)
{
	struct openings *o = &f->starts->openings;
	const struct token *t = &f->tokens->at[token];
	uint32_t second = second_of(f, token + 1);
	size_t end = word_end(f, t->end);

	if (is_place(f, t))
		look_at_all(f, end == t->end ? t->is.first : openings_first(o,
		    f->text + t->at, end - t->at), second, t->at, t->at);
	for (size_t at = t->at; t->is.has_places
	    && (at = next_inside(f->text, at, t->end)) < t->end;)
		look_at_all(f, openings_first(o, f->text + at, end - at), second, at,
		    t->at);
}

/* From the last word to the first, so that what comes behind each is known; false if
 * it is not. */
static bool
look_at_text(const struct search *f)
{
	struct needs *n = &f->starts->needs;
	const struct tokens *t = f->tokens;

	needs_begin_text(n, f->len);
	for (size_t i = 0; i < t->len; i++)
		needs_fetch_members(n, t->at[i].is.needs);
	for (size_t i = t->len; i > 0; i--) {
		if (t->at[i - 1].is.needs == NEEDS_ANY)
			return false;
		needs_meet(n, t->at[i - 1].is.needs, t->at[i - 1].at);
		look_at_token(f, i - 1);
	}
	return true;
}

static int
by_place(const void *va, const void *vb)
{
	const struct found *a = va, *b = vb;

	if (a->pattern != b->pattern)
		return a->pattern < b->pattern ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* Everywhere, since it is not known where: for texts that nobody writes. */
static void
tell_all(const struct search *f)
{
	const struct starts *s = f->starts;

	for (size_t i = 0; i < s->starts; i++)
		for (size_t at = 0; at < f->len && (i == 0
		    || s->start[i].pattern != s->start[i - 1].pattern); at++)
			if (syntax_is_word((unsigned char)f->text[at]) && (at == 0
			    || !syntax_is_word((unsigned char)f->text[at - 1])))
				f->fn(f->with, s->start[i].pattern, at);
}

static void
find_at_words(const struct search *f)
{
	struct starts *s = f->starts;
	bool is_known;

	s->founds = 0;
	is_known = look_at_text(f);
	read_all(f);
	if (!is_known || s->founds == FOUND) {
		tell_all(f);
		return;
	}
	if (s->founds > 1)
		qsort(s->found, s->founds, sizeof(*s->found), by_place);
	for (size_t i = 0; i < s->founds; i++)
		if (i == 0 || by_place(&s->found[i - 1], &s->found[i]) != 0)
			f->fn(f->with, s->found[i].pattern, s->found[i].at);
}

void
starts_find(struct starts *s, const struct tokens *t, starts_fn *fn,
    void *with)
{
	const struct search f = { .starts = s, .tokens = t, .fn = fn,
		.text = t->folded.data, .len = t->text_len, .with = with };

	elsewhere_find(&s->elsewhere, t, fn, with);
	find_at_words(&f);
}

void
starts_look_up(struct starts *s, const char *word, size_t len,
    struct token_word *out)
{
	out->needs = (uint16_t)needs_look_up(&s->needs, word, len);
	out->first = (uint16_t)openings_first(&s->openings, word, len);
	out->second = (uint16_t)openings_second(&s->openings, word, len);
	out->has_places = next_inside(word, 0, len) < len;
	out->has_others = elsewhere_is_in(&s->elsewhere, word, len);
}

void
starts_fetch(const struct starts *s, const struct token_word *is)
{
	needs_fetch(&s->needs, is->needs);
	rows_fetch(&s->rows, is->first);
	rows_fetch(&s->rows, is->second);
}
