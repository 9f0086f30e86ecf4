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
make_root(struct starts *s, struct way *w)
{
	states_begin(&s->states);
	states_put(&s->states, w->start, false);
	w->root = states_end(&s->states);
}

/* Reads on by a byte; true if the way is done with. */
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
		s->found[s->founds++] = (struct found){ s->way[r->way].pattern, r->at };
	return true;
}

/* Reads all ways from their places, each by a byte in turn: what one waits for from
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
stop_of(const struct search *f, const struct way *w, size_t at)
{
	size_t stop = starts_stop(at, f->len);
	size_t longest = at + (size_t)w->longest * (f->tokens->is_wide ? 4 : 1) + 1;

	return (uint32_t)(longest < stop ? longest : stop);
}

static void
look_at(const struct search *f, uint32_t way, const struct place *p)
{
	struct starts *s = f->starts;
	struct way *w = &s->way[way];

	if (p->next != NO_WORD && !begins_has(&w->second, p->next))
		return;
	if (w->root == STATES_UNKNOWN)
		make_root(s, w);
	if (s->readings == READINGS)
		read_all(f);
	states_fetch(&s->states, w->root);
	s->reading[s->readings++] = (struct reading){ way, p->at, p->at,
		stop_of(f, w, p->at), w->root };
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

/* How a token begins, which may go on behind an underscore. */
static unsigned
begin_at(const struct search *f, size_t token)
{
	const struct token *t = &f->tokens->at[token];

	return f->text[t->end] == '_' ? begins_of(f->text + t->at) : t->is.begin;
}

static void
add_place(const struct search *f, size_t at, unsigned begin, size_t next)
{
	struct starts *s = f->starts;

	s->place = arena_grown(s->place, s->places, &s->places_room, sizeof(*s->place));
	s->place[s->places] = (struct place){ (uint32_t)at, s->last[begin],
		(uint16_t)begin, (uint16_t)(next < f->tokens->len
		? begin_at(f, next) : NO_WORD) };
	s->last[begin] = (uint32_t)++s->places;
	s->seen.bits[begin / 64] |= (uint64_t)1 << begin % 64;
}

/* Adds the places of a token. */
static void
add_places(const struct search *f, size_t token)
{
	const struct token *t = &f->tokens->at[token];

	if (is_place(f, t))
		add_place(f, t->at, begin_at(f, token), token + 1);
	for (size_t i = t->at; t->is.has_places
	    && (i = next_inside(f->text, i, t->end)) < t->end;)
		add_place(f, i, begins_of(f->text + i), token + 1);
}

static void
forget_places(struct starts *s)
{
	for (size_t i = 0; i < s->places; i++)
		s->last[s->place[i].begin] = 0;
	s->places = 0;
	s->seen = (struct begins){ { 0 } };
}

/* Looks at the places from which a way can reach a byte, but for those that were
 * looked at already. */
static void
look_back(const struct search *f, const struct needs_way *needy, size_t at)
{
	struct starts *s = f->starts;
	struct way *w = &s->way[needy->id];
	size_t reach = needy->reach[0] == NEEDS_FAR ? SIZE_MAX / 2
	    : (size_t)needy->reach[0] * (f->tokens->is_wide ? 4 : 1);
	uint32_t done = w->turn == s->turn ? w->next : 0;

	for (int i = 0; i < 4; i++)
		for (uint64_t left = needy->first.bits[i] & s->seen.bits[i];
		    left != 0; left &= left - 1) {
			uint32_t p = s->last[64 * i + __builtin_ctzll(left)];

			for (; p > done && s->place[p - 1].at + reach >= at;
			    p = s->place[p - 1].before)
				look_at(f, needy->id, &s->place[p - 1]);
		}
	w->turn = s->turn;
	w->next = (uint32_t)s->places;
}

static void
meet(struct starts *s, uint32_t list)
{
	const struct needs_list *l = &s->needs.list[list];

	for (uint32_t i = 0; i < l->len; i++) {
		uint32_t clause = s->needs.member[l->at + i];

		s->needs.turn[clause] = s->turn;
		s->needs.clause[clause].met++;
	}
}

/* Notes which clauses the words of a text fulfil; false if it is not known. */
static bool
meet_all(const struct search *f)
{
	struct starts *s = f->starts;
	const struct tokens *t = f->tokens;

	s->turn++;
	for (size_t i = 0; i < t->len; i++) {
		const struct token *k = &t->at[i];

		if (k->is.needs == NEEDS_ANY)
			return false;
		meet(s, k->is.needs);
		for (size_t at = k->at; k->is.has_places
		    && (at = next_inside(f->text, at, k->end)) < k->end;) {
			uint32_t list = needs_of(&s->needs, f->text + at, k->end - at);

			if (list == NEEDS_ANY)
				return false;
			meet(s, list);
		}
	}
	return true;
}

/* Does the text fulfil all clauses of a way? */
static bool
is_open(const struct starts *s, const struct needs_way *w)
{
	uint32_t i = 1;

	while (i < w->len && s->needs.turn[w->clause[i]] == s->turn)
		i++;
	return i == w->len;
}

static bool
begins_any(const struct begins *a, const struct begins *b)
{
	return ((a->bits[0] & b->bits[0]) | (a->bits[1] & b->bits[1])
	    | (a->bits[2] & b->bits[2]) | (a->bits[3] & b->bits[3])) != 0;
}

/* Looks for the ways of which a word is the key, in front of it. */
static void
find_before(const struct search *f, uint32_t list, size_t at)
{
	struct starts *s = f->starts;
	const struct needs *n = &s->needs;
	const struct needs_list *l = &n->list[list];

	for (uint32_t i = 0; i < l->len; i++) {
		const struct needs_clause *c = &n->clause[n->member[l->at + i]];

		for (uint32_t k = c->first_way; k < c->stop_way; k++)
			if (begins_any(&n->way[k].first, &s->seen)
			    && is_open(s, &n->way[k]))
				look_back(f, &n->way[k], at);
	}
}

/* Looks for the ways that need words. */
static void
find_needy(const struct search *f)
{
	struct needs *n = &f->starts->needs;

	for (size_t i = 0; i < f->tokens->len; i++) {
		const struct token *t = &f->tokens->at[i];

		add_places(f, i);
		find_before(f, t->is.needs, t->at);
		for (size_t at = t->at; t->is.has_places
		    && (at = next_inside(f->text, at, t->end)) < t->end;)
			find_before(f, needs_of(n, f->text + at, t->end - at), t->at);
	}
}

/* Looks for the ways that need no word that is rare. */
static void
find_free(const struct search *f)
{
	struct starts *s = f->starts;

	for (size_t i = 0; i < s->places; i++)
		for (size_t k = 0; k < s->free.len; k++)
			if (begins_has(&s->way[s->free.at[k]].first,
			    s->place[i].begin))
				look_at(f, s->free.at[k], &s->place[i]);
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

	for (size_t i = 0; i < s->ways; i++)
		for (size_t at = 0; at < f->len
		    && (i == 0 || s->way[i].pattern != s->way[i - 1].pattern); at++)
			if (syntax_is_word((unsigned char)f->text[at]) && (at == 0
			    || !syntax_is_word((unsigned char)f->text[at - 1])))
				f->fn(f->with, s->way[i].pattern, at);
}

static void
find_at_words(const struct search *f)
{
	struct starts *s = f->starts;
	bool is_known = meet_all(f);

	s->founds = 0;
	if (is_known) {
		find_needy(f);
		find_free(f);
		read_all(f);
		forget_places(s);
	}
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

static unsigned
begin_of(const char *word, size_t len)
{
	char letters[4] = { 0 };

	memcpy(letters, word, len < 3 ? len : 3);
	return begins_of(letters);
}

void
starts_look_up(struct starts *s, const char *word, size_t len,
    struct token_word *out)
{
	out->needs = (uint16_t)needs_of(&s->needs, word, len);
	out->begin = (uint8_t)begin_of(word, len);
	out->has_places = next_inside(word, 0, len) < len;
	out->has_others = elsewhere_is_in(&s->elsewhere, word, len);
}
