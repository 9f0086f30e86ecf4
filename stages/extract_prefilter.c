#include "config.h"

#include "stages/extract_prefilter.h"

#ifdef HAVE_HYPERSCAN

#include <hs.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "stages/extract_literals.h"

/* A literal was met: a clause of a pattern is fulfilled. */
struct posting {
	uint32_t pattern, next;		/* 0 ends */
	uint8_t clause;
};

struct literal {
	struct text text;
	uint32_t postings;		/* first of them */
	uint32_t places;		/* where it was met in this text; 0: nowhere */
	uint64_t turn;			/* the scan that places belong to */
};

/* One place where a literal begins. */
struct place {
	uint32_t at, next;		/* 0 ends */
};

struct pattern {
	uint64_t turn;			/* the scan that `met` belongs to */
	uint8_t met, wanted;		/* clauses, as bits */
	bool is_at_boundary;
	uint32_t *prefix;		/* literals; NULL: it may begin with anything */
	size_t prefix_len;
};

struct prefilter {
	hs_database_t *database;
	hs_scratch_t *scratch;
	const struct tokens *tokens;	/* of the text in hand */
	bool is_blind;			/* it could not be read */
	struct pattern *pattern;
	size_t patterns;
	struct literal *literal;
	size_t literals;
	struct posting *posting;	/* from 1 */
	struct place *place;		/* from 1 */
	size_t places, places_room;
	uint32_t *may;			/* patterns of this scan, room for all */
	size_t always, may_len;		/* the first `always` may in every text */
	uint32_t *start;
	size_t starts, starts_room;
	uint64_t turn;
};

struct building {
	struct prefilter *p;
	struct literals *of;		/* of each pattern */
	uint32_t *slot;			/* 1 + literal by hash */
	size_t mask, postings;
};

static uint32_t
literal_of(struct building *b, const struct text *s)
{
	size_t i = XXH3_64bits(s->ptr, s->len) & b->mask;
	struct literal *l;

	for (; b->slot[i] != 0; i = (i + 1) & b->mask) {
		l = &b->p->literal[b->slot[i] - 1];
		if (l->text.len == s->len
		    && memcmp(l->text.ptr, s->ptr, s->len) == 0)
			return b->slot[i] - 1;
	}
	b->p->literal[b->p->literals].text = *s;
	b->slot[i] = (uint32_t)++b->p->literals;
	return b->slot[i] - 1;
}

static void
post_clause(struct building *b, uint32_t pattern, size_t clause)
{
	const struct literals_set *set = &b->of[pattern].clause[clause];
	struct prefilter *p = b->p;

	p->pattern[pattern].wanted |= (uint8_t)(1 << clause);
	for (size_t i = 0; i < set->len; i++) {
		struct literal *l = &p->literal[literal_of(b, &set->at[i])];

		p->posting[b->postings] = (struct posting){ pattern,
			l->postings, (uint8_t)(1 << clause) };
		l->postings = (uint32_t)b->postings++;
	}
}

static int
by_number(const void *va, const void *vb)
{
	uint32_t a = *(const uint32_t *)va, b = *(const uint32_t *)vb;

	return a < b ? -1 : a > b;
}

/* Sorts numbers and drops those that stand twice; how many are left. */
static size_t
sort_once(uint32_t *n, size_t len)
{
	size_t kept = 0;

	if (len > 1)
		qsort(n, len, sizeof(*n), by_number);
	for (size_t i = 0; i < len; i++)
		if (kept == 0 || n[i] != n[kept - 1])
			n[kept++] = n[i];
	return kept;
}

static void
post(struct building *b, uint32_t pattern, struct arena *a)
{
	const struct literals *of = &b->of[pattern];
	struct prefilter *p = b->p;
	struct pattern *x = &p->pattern[pattern];

	x->is_at_boundary = of->is_at_boundary;
	for (size_t c = 0; c < of->len; c++)
		post_clause(b, pattern, c);
	if (of->len == 0)
		p->may[p->always++] = pattern;
	if (of->prefix.len == 0)
		return;
	x->prefix = arena_get(a, of->prefix.len * sizeof(*x->prefix));
	for (size_t i = 0; i < of->prefix.len; i++)
		x->prefix[i] = literal_of(b, &of->prefix.at[i]);
	x->prefix_len = sort_once(x->prefix, of->prefix.len);
}

/* Tables for all literals of all patterns; brief is for what is not kept. */
static void
build(struct building *b, const struct text *patterns, size_t n,
    struct arena *a, struct arena *brief)
{
	struct prefilter *p = b->p;
	size_t most = 1, slots = 16;

	b->of = arena_get(brief, n * sizeof(*b->of));
	for (size_t i = 0; i < n; i++) {
		b->of[i] = literals_of(&patterns[i], brief);
		most += b->of[i].prefix.len;
		for (size_t c = 0; c < b->of[i].len; c++)
			most += b->of[i].clause[c].len;
	}
	while (slots < 2 * most)
		slots *= 2;
	b->mask = slots - 1;
	b->slot = arena_get(brief, slots * sizeof(*b->slot));
	p->pattern = arena_get(a, n * sizeof(*p->pattern));
	p->patterns = n;
	p->may = arena_get(a, n * sizeof(*p->may));
	p->literal = arena_get(a, most * sizeof(*p->literal));
	p->posting = arena_get(a, most * sizeof(*p->posting));
	b->postings = 1;
	for (size_t i = 0; i < n; i++)
		post(b, (uint32_t)i, a);
}

static bool
compile(struct prefilter *p, struct arena *brief)
{
	size_t n = p->literals;
	const char **text = arena_get(brief, n * sizeof(*text));
	size_t *len = arena_get(brief, n * sizeof(*len));
	unsigned *id = arena_get(brief, n * sizeof(*id));
	unsigned *flags = arena_get(brief, n * sizeof(*flags));
	hs_compile_error_t *why = NULL;

	for (size_t i = 0; i < n; i++) {
		text[i] = p->literal[i].text.ptr;
		len[i] = p->literal[i].text.len;
		id[i] = (unsigned)i;
	}
	if (n == 0 || hs_compile_lit_multi(text, flags, id, len, (unsigned)n,
	    HS_MODE_BLOCK, NULL, &p->database, &why) != HS_SUCCESS) {
		hs_free_compile_error(why);
		return false;
	}
	return hs_alloc_scratch(p->database, &p->scratch) == HS_SUCCESS;
}

struct prefilter *
prefilter_new(const struct text *patterns, size_t n, struct arena *a)
{
	struct prefilter *p = arena_get(a, sizeof(*p));
	struct arena brief = { 0 };
	struct building b = { .p = p };
	bool is_built = false;

	if (n > 0 && hs_valid_platform() == HS_SUCCESS) {
		build(&b, patterns, n, a, &brief);
		is_built = compile(p, &brief);
	}
	arena_release(&brief);
	if (is_built)
		return p;
	prefilter_free(p);
	return NULL;
}

void
prefilter_free(struct prefilter *p)
{
	if (p == NULL)
		return;
	hs_free_scratch(p->scratch);
	hs_free_database(p->database);
	free(p->place);
	free(p->start);
}

/* Makes room for one more in an array that grows. */
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
note_place(struct prefilter *p, struct literal *l, uint32_t at)
{
	if (l->turn != p->turn) {
		l->turn = p->turn;
		l->places = 0;
	}
	p->place = grown(p->place, p->places + 1, &p->places_room,
	    sizeof(*p->place));
	p->place[++p->places] = (struct place){ at, l->places };
	l->places = (uint32_t)p->places;
}

static int
on_literal(unsigned id, unsigned long long from, unsigned long long to,
    unsigned flags, void *with)
{
	struct prefilter *p = with;
	struct literal *l = &p->literal[id];

	(void)from;
	(void)flags;
	note_place(p, l, (uint32_t)(to - l->text.len));
	for (uint32_t i = l->postings; i != 0; i = p->posting[i].next) {
		const struct posting *o = &p->posting[i];
		struct pattern *x = &p->pattern[o->pattern];

		if (x->turn != p->turn) {
			x->turn = p->turn;
			x->met = 0;
		}
		if (x->met == x->wanted)
			continue;
		x->met |= o->clause;
		if (x->met == x->wanted)
			p->may[p->may_len++] = o->pattern;
	}
	return 0;
}

/* Two letters beyond ASCII are, without case, letters of ASCII: the long s and
 * the Kelvin sign.  Folded texts keep them. */
static bool
has_odd_letter(const struct tokens *t)
{
	const char *s = t->folded.data;

	return t->is_wide && (memmem(s, t->text_len, "\xc5\xbf", 2) != NULL
	    || memmem(s, t->text_len, "\xe2\x84\xaa", 3) != NULL);
}

static size_t
all_may(struct prefilter *p)
{
	size_t n = p->always;

	for (size_t i = 0; i < p->patterns; i++)
		if (p->pattern[i].wanted != 0)
			p->may[n++] = (uint32_t)i;
	return n;
}

size_t
prefilter_scan(struct prefilter *p, const struct tokens *t,
    const uint32_t **may)
{
	p->turn++;
	p->tokens = t;
	p->places = 0;
	p->may_len = p->always;
	*may = p->may;
	p->is_blind = has_odd_letter(t) || hs_scan(p->database, t->folded.data,
	    (unsigned)t->text_len, 0, p->scratch, on_literal, p) != HS_SUCCESS;
	return p->is_blind ? all_may(p) : p->may_len;
}

bool
prefilter_knows(const struct prefilter *p, uint32_t pattern)
{
	return p != NULL && p->pattern[pattern].prefix != NULL;
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

struct prefilter_starts
prefilter_starts(struct prefilter *p, uint32_t pattern)
{
	const struct pattern *x = &p->pattern[pattern];
	const char *s = p->tokens->folded.data;

	if (p->is_blind || x->prefix == NULL)
		return (struct prefilter_starts){ .is_anywhere = true };
	p->starts = 0;
	for (size_t k = 0; k < x->prefix_len; k++) {
		const struct literal *l = &p->literal[x->prefix[k]];
		uint32_t i = l->turn == p->turn ? l->places : 0;

		for (; i != 0; i = p->place[i].next) {
			uint32_t at = p->place[i].at;

			if (x->is_at_boundary && at > 0 && is_word(s[at])
			    && is_word(s[at - 1]))
				continue;
			p->start = grown(p->start, p->starts, &p->starts_room,
			    sizeof(*p->start));
			p->start[p->starts++] = at;
		}
	}
	p->starts = sort_once(p->start, p->starts);
	return (struct prefilter_starts){ .at = p->start, .len = p->starts };
}

#else

struct prefilter *
prefilter_new(const struct text *patterns, size_t n, struct arena *a)
{
	(void)patterns;
	(void)n;
	(void)a;
	return NULL;
}

size_t
prefilter_scan(struct prefilter *p, const struct tokens *t,
    const uint32_t **may)
{
	(void)p;
	(void)t;
	*may = NULL;
	return 0;
}

bool
prefilter_knows(const struct prefilter *p, uint32_t pattern)
{
	(void)p;
	(void)pattern;
	return false;
}

struct prefilter_starts
prefilter_starts(struct prefilter *p, uint32_t pattern)
{
	(void)p;
	(void)pattern;
	return (struct prefilter_starts){ .is_anywhere = true };
}

void
prefilter_free(struct prefilter *p)
{
	(void)p;
}

#endif
