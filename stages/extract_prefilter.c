#include "config.h"

#include "stages/extract_prefilter.h"

#ifdef HAVE_HYPERSCAN

#include <hs.h>
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
};

struct pattern {
	uint64_t turn;			/* the scan that `met` belongs to */
	uint8_t met, wanted;		/* clauses, as bits */
};

struct prefilter {
	hs_database_t *database;
	hs_scratch_t *scratch;
	bool is_blind;			/* the text in hand could not be read */
	struct pattern *pattern;
	struct literal *literal;
	size_t literals;
	struct posting *posting;	/* from 1 */
	uint64_t turn;
};

struct building {
	struct prefilter *p;
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
post_clause(struct building *b, uint32_t pattern, size_t clause,
    const struct literals_set *set)
{
	struct prefilter *p = b->p;

	p->pattern[pattern].wanted |= (uint8_t)(1 << clause);
	for (size_t i = 0; i < set->len; i++) {
		struct literal *l = &p->literal[literal_of(b, &set->at[i])];

		p->posting[b->postings] = (struct posting){ pattern,
			l->postings, (uint8_t)(1 << clause) };
		l->postings = (uint32_t)b->postings++;
	}
}

/* Tables for all literals of all patterns; brief is for what is not kept. */
static void
build(struct building *b, const struct literals *of, size_t n,
    struct arena *a, struct arena *brief)
{
	struct prefilter *p = b->p;
	size_t most = 1, slots = 16;

	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < of[i].len; c++)
			most += of[i].clause[c].len;
	while (slots < 2 * most)
		slots *= 2;
	b->mask = slots - 1;
	b->slot = arena_get(brief, slots * sizeof(*b->slot));
	p->pattern = arena_get(a, n * sizeof(*p->pattern));
	p->literal = arena_get(a, most * sizeof(*p->literal));
	p->posting = arena_get(a, most * sizeof(*p->posting));
	b->postings = 1;
	for (size_t i = 0; i < n; i++)
		for (size_t c = 0; c < of[i].len; c++)
			post_clause(b, (uint32_t)i, c, &of[i].clause[c]);
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
prefilter_new(const struct literals *of, size_t n, struct arena *a)
{
	struct prefilter *p = arena_get(a, sizeof(*p));
	struct arena brief = { 0 };
	struct building b = { .p = p };
	bool is_built = false;

	if (n > 0 && hs_valid_platform() == HS_SUCCESS) {
		build(&b, of, n, a, &brief);
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
}

static int
on_literal(unsigned id, unsigned long long from, unsigned long long to,
    unsigned flags, void *with)
{
	struct prefilter *p = with;

	(void)from;
	(void)to;
	(void)flags;
	for (uint32_t i = p->literal[id].postings; i != 0; i = p->posting[i].next) {
		const struct posting *o = &p->posting[i];
		struct pattern *x = &p->pattern[o->pattern];

		if (x->turn != p->turn) {
			x->turn = p->turn;
			x->met = 0;
		}
		x->met |= o->clause;
	}
	return 0;
}

void
prefilter_scan(struct prefilter *p, const struct tokens *t)
{
	if (p == NULL)
		return;
	p->turn++;
	p->is_blind = hs_scan(p->database, t->folded.data,
	    (unsigned)t->text_len, 0, p->scratch, on_literal, p) != HS_SUCCESS;
}

bool
prefilter_may(const struct prefilter *p, uint32_t pattern)
{
	const struct pattern *x;

	if (p == NULL || p->is_blind)
		return true;
	x = &p->pattern[pattern];
	return x->wanted == 0 || (x->turn == p->turn && x->met == x->wanted);
}

#else

struct prefilter *
prefilter_new(const struct literals *of, size_t n, struct arena *a)
{
	(void)of;
	(void)n;
	(void)a;
	return NULL;
}

void
prefilter_scan(struct prefilter *p, const struct tokens *t)
{
	(void)p;
	(void)t;
}

bool
prefilter_may(const struct prefilter *p, uint32_t pattern)
{
	(void)p;
	(void)pattern;
	return true;
}

void
prefilter_free(struct prefilter *p)
{
	(void)p;
}

#endif
