#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/match/prefilter_internal.h"

enum { AHEAD = 6 };		/* tokens, of which lists are asked for from memory */

/* A text, and whom to tell. */
struct search {
	struct starts *starts;
	const struct tokens *tokens;
	const struct token *last;	/* behind the tokens */
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

/* Where to stop reading from a place on.  A byte is read behind what matches, for the
 * edge of a word. */
static uint32_t
stop_of(const struct search *f, const struct start *x, size_t at)
{
	size_t stop = starts_stop(at, f->len);
	size_t longest = at + (size_t)x->longest * (f->tokens->is_wide ? 4 : 1) + 1;

	return (uint32_t)(longest < stop ? longest : stop);
}

/* The number of the word that stands next, or (another one) behind a blank, and ends within
 * what is read; 0: there is none. */
static inline uint32_t
number_next(const struct search *f, const struct reading *r)
{
	const struct token *t = r->token;
	const bool is_behind_blank = f->text[r->i] == ' ';

	return t < f->last && t->at == r->i + is_behind_blank && t->end <= r->stop
	    ? 2 * t->is.number + is_behind_blank : 0;
}

/* Asks for what comes next from memory: what one reading waits for does not keep the
 * others waiting. */
static inline void
look_ahead(const struct search *f, struct reading *r)
{
	while (r->token < f->last && r->token->at < r->i)
		r->token++;
	r->number = number_next(f, r);
	if (r->number != 0)
		steps_fetch(&f->starts->steps, r->state, r->number);
}

/* Reads on, by a word or else by a byte; false if that is the end. */
static bool
read_on(const struct search *f, struct reading *r)
{
	struct steps *s = &f->starts->steps;
	const char *bytes = f->text + r->i;

	if (r->number != 0) {
		r->state = steps_next(s, r->state, r->number, bytes, r->token->end - r->i);
		r->i = r->token->end;
	} else {
		r->state = steps_read(s, r->state, bytes, 1);
		r->i++;
	}
	if (r->state == STATES_NONE || r->state == STATES_ANY || r->state & STATES_ACCEPT
	    || r->i >= r->stop)
		return false;
	look_ahead(f, r);
	return true;
}

/* At the end of the text, or of the longest match, it would be known. */
static bool
may_match(const struct search *f, const struct reading *r)
{
	return r->state != STATES_NONE && (r->state == STATES_ANY || r->state & STATES_ACCEPT
	    || (r->i >= starts_stop(r->at, f->len) && r->i <= f->len));
}

/* Reads all starts from their places, each by a word or byte in turn. */
static void
read_all(const struct search *f)
{
	struct starts *s = f->starts;

	while (s->readings > 0) {
		size_t n = 0;

		for (size_t i = 0; i < s->readings; i++) {
			struct reading r = s->reading[i];

			if (read_on(f, &r))
				s->reading[n++] = r;
			else if (may_match(f, &r) && s->founds < FOUND)
				s->found[s->founds++] = (struct found){
					s->start[r.start].pattern, r.at };
		}
		s->readings = n;
	}
}

static void
look_at(const struct search *f, uint32_t start, size_t at, const struct token *t)
{
	struct starts *s = f->starts;
	struct start *x = &s->start[start];
	struct reading *r;

	if (x->root == STATES_UNKNOWN)
		make_root(s, x);
	if (s->readings == READINGS)
		read_all(f);
	r = &s->reading[s->readings++];
	*r = (struct reading){ .token = t, .start = start, .at = (uint32_t)at,
		.i = (uint32_t)at, .stop = stop_of(f, x, at), .state = x->root };
	look_ahead(f, r);
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

/* Looks at those of 64 ways of which all needs are met, at a place in a token; at each
 * start once. */
static void
look_at_some(const struct search *f, const struct needs_way *first, uint64_t some,
    size_t at, const struct token *t, uint32_t *last)
{
	for (; some != 0; some &= some - 1) {
		const struct needs_way *way = first + __builtin_ctzll(some);

		if (way->start == *last || !needs_are_met(&f->starts->needs, way, t->at,
		    f->tokens->is_wide))
			continue;
		*last = way->start;
		look_at(f, way->start, at, t);
	}
}

/* The same of those that may have these words first and second. */
static void
look_at_all(const struct search *f, uint32_t first, uint32_t second, size_t at,
    const struct token *t)
{
	const struct pairs_part *part = pairs_find(&f->starts->pairs, first, second);
	const uint64_t *open = needs_open(&f->starts->needs);
	uint32_t last = UINT32_MAX;

	for (; part->bits != 0; part++)
		look_at_some(f, f->starts->needs.way + 64 * part->word,
		    part->bits & open[part->word], at, t, &last);
}

/* Where words begin inside a token. */
static void
look_inside(const struct search *f, const struct token *t, uint32_t second, size_t end)
{
	for (size_t at = t->at; (at = next_inside(f->text, at, t->end)) < t->end;)
		look_at_all(f, openings_first(&f->starts->openings, f->text + at, end - at),
		    second, at, t);
}

static void
look_at_token(const struct search *f, size_t token)
{
	const struct token *t = &f->tokens->at[token];
	const uint32_t second = second_of(f, token + 1);
	const size_t end = word_end(f, t->end);
	const uint32_t first = end == t->end ? t->is.first
	    : openings_first(&f->starts->openings, f->text + t->at, end - t->at);

	if (first != ROWS_NONE && is_place(f, t))
		look_at_all(f, first, second, t->at, t);
	if (t->is.has_places)
		look_inside(f, t, second, end);
}

/* From the last word to the first, so that what comes behind each is known; false if
 * it is not. */
static bool
look_at_text(const struct search *f)
{
	struct needs *n = &f->starts->needs;
	const struct tokens *t = f->tokens;

	needs_begin_text(n, f->len, t->is_wide);
	for (size_t i = t->len; i > 0; i--) {
		if (i > AHEAD)
			pairs_fetch_list(&f->starts->pairs, t->at[i - AHEAD - 1].is.first,
			    t->at[i - AHEAD].is.second);
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
	const struct search f = { .starts = s, .tokens = t, .last = t->at + t->len, .fn = fn,
		.text = t->folded.data, .len = t->text_len, .with = with };

	elsewhere_find(&s->elsewhere, t, fn, with);
	find_at_words(&f);
}

void
starts_look_up(struct starts *s, const char *word, size_t len,
    struct token_word *out)
{
	out->number = ++s->words;
	out->needs = needs_look_up(&s->needs, word, len);
	out->first = (uint16_t)openings_first(&s->openings, word, len);
	out->second = (uint16_t)openings_second(&s->openings, word, len);
	out->has_places = next_inside(word, 0, len) < len;
	out->others = elsewhere_look_up(&s->elsewhere, word, len);
}

void
starts_fetch(const struct starts *s, const struct token_word *first,
    const struct token_word *second)
{
	needs_fetch(&s->needs, second->needs);
	if (first->first != ROWS_NONE)
		pairs_fetch(&s->pairs, first->first, second->second);
}
