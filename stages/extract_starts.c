#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/arena.h"
#include "stages/extract_begins.h"
#include "stages/extract_elsewhere.h"
#include "stages/extract_ending.h"
#include "stages/extract_needs.h"
#include "stages/extract_starts.h"
#include "stages/extract_states.h"
#include "stages/extract_ways.h"

enum {
	STATES = 1 << 17,		/* that are remembered */
	READINGS = 512,			/* ways that are read at once */
	NO_WORD = 256,			/* how no word begins */
	FOUND = 1 << 16,		/* places in a text, before all are tried */
};

/* A pattern is not taken apart if it needs a word of a clause that is rarer. */
static const double RARE = 0.01;

/* A way for a pattern to match, and how far it was looked for in a text. */
struct way {
	uint32_t pattern;
	uint32_t start;			/* of the NFA */
	uint32_t root;			/* state; UNKNOWN: not made yet */
	uint32_t next;			/* place to look at, if turn is that of the text */
	uint32_t longest;		/* characters of a match, at most */
	uint64_t turn;
	struct begins first, second;	/* words that it may begin with */
};

/* Where a word begins: the last such place before this with the same begin_of(), plus
 * 1, or 0; and how the next word begins. */
struct place {
	uint32_t at, before;
	uint16_t begin, next;		/* next: NO_WORD if there is none */
};

/* A way that is read from a place on. */
struct reading {
	uint32_t way, at, i, stop, state;
};

/* A place where a pattern may begin. */
struct found {
	uint32_t pattern, at;
};

struct starts {
	uint32_t patterns;
	bool is_begun;

	/* ways of patterns that begin at words: first by the words that they need */
	struct needs needs;
	struct way *way;
	size_t ways, ways_room;
	uint64_t turn;			/* the text in hand */

	struct states_list free;	/* those that need none that is rare */

	/* then by the words that they begin with, by how these begin */
	struct place *place;
	size_t places, places_room;
	uint32_t last[256];		/* 1 + place; 0: none */
	struct begins seen;		/* those that are not 0 */

	/* and then read from a place on, many at once */
	struct reading *reading;
	size_t readings;
	struct nfa nfa;
	struct states states;
	struct found *found;
	size_t founds;

	struct elsewhere elsewhere;	/* all other patterns */
};

struct starts *
starts_new(void)
{
	return arena_array(1, sizeof(struct starts));
}

/* All that is read first is a letter or digit: so it begins where a token does,
 * or inside one. */
static bool
begins_token(const struct nfa_added *a)
{
	for (unsigned c = 0; c < SYNTAX_SYMBOLS; c++)
		if (syntax_has(&a->first, c) && (!syntax_is_word(c) || c == '_'))
			return false;
	return a->is_known;
}

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

static void
add_way(struct starts *s, const struct way *way, const struct literals *need)
{
	uint32_t id = (uint32_t)s->ways;

	s->way = grown(s->way, s->ways, &s->ways_room, sizeof(*s->way));
	s->way[s->ways++] = *way;
	if (need->len > 0)
		needs_add(&s->needs, id, &way->first, need);
	else
		states_push(&s->free, id);
}

static void
add_ways(struct starts *s, struct syntax *tree, uint32_t number,
    uint32_t base, struct arena *brief)
{
	struct literals all = literals_of(tree, brief);
	struct ways ways = ways_of(tree, all.len > 0
	    && all.clause[0].chance < RARE);
	bool is_first = ways_come_first(&ways, tree);
	uint32_t start[WAYS_MAX];
	struct way way = { .pattern = number, .longest = ending_of(tree).longest };

	way.start = nfa_add(&s->nfa, tree, number, is_first ? ways.list : NULL,
	    start).start;
	for (size_t i = 0; i < ways.len; i++) {
		struct literals need;

		if (is_first)
			way.start = start[i];
		if (is_first || i == 0) {
			way.first = begins_first(&s->nfa, way.start);
			way.second = begins_second(&s->nfa, base, way.start);
		}
		ways_pick(&ways, i);
		need = literals_of(tree, brief);
		add_way(s, &way, &need);
	}
	ways_pick_all(&ways);
}

/* A pattern that begins at a word; false if it does not always. */
static bool
add_at_word(struct starts *s, struct syntax *tree, uint32_t number,
    struct arena *brief)
{
	size_t base = s->nfa.len;
	struct nfa_added added;

	if (!syntax_begins_with(tree, SYNTAX_BOUNDARY))
		return false;
	added = nfa_add(&s->nfa, tree, number, NULL, NULL);
	s->nfa.len = base;
	if (!begins_token(&added))
		return false;
	add_ways(s, tree, number, (uint32_t)base, brief);
	return true;
}

bool
starts_add(struct starts *s, const struct text *pattern)
{
	struct arena brief = { 0 };
	struct syntax *tree = syntax_read(pattern, &brief);
	uint32_t number = s->patterns++;
	bool is_known = tree != NULL && (add_at_word(s, tree, number, &brief)
	    || elsewhere_add(&s->elsewhere, tree, number));

	arena_release(&brief);
	return is_known;
}

static void
begin(struct starts *s)
{
	s->is_begun = true;
	s->found = arena_array(FOUND, sizeof(*s->found));
	s->reading = arena_array(READINGS, sizeof(*s->reading));
	states_init(&s->states, &s->nfa, s->patterns, STATES);
	elsewhere_begin(&s->elsewhere, s->patterns);
}

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

	s->place = grown(s->place, s->places, &s->places_room, sizeof(*s->place));
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

bool
starts_refresh(struct starts *s)
{
	bool is_begun = s->is_begun;

	if (!is_begun)
		begin(s);
	elsewhere_refresh(&s->elsewhere);
	if (states_is_full(&s->states)) {
		states_forget(&s->states);
		for (size_t i = 0; i < s->ways; i++)
			s->way[i].root = STATES_UNKNOWN;
	}
	return needs_refresh(&s->needs) || !is_begun;
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

void
starts_free(struct starts *s)
{
	if (s == NULL)
		return;
	if (s->is_begun) {
		states_release(&s->states);
	}
	nfa_release(&s->nfa);
	elsewhere_release(&s->elsewhere);
	needs_release(&s->needs);
	free(s->way);
	free(s->found);
	free(s->reading);
	free(s->place);
	free(s->free.at);
	free(s);
}
