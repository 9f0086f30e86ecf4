#include "config.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/match/pattern_set.h"

/* Enough for any cheap pattern in the longest text that is looked at. */
enum { MATCH_LIMIT = 2000000, DEPTH_LIMIT = 20000, STACK_FIRST = 32 << 10,
	STACK_MOST = 512 << 10 };

/* Machine code is made once a pattern was tried this often: it costs about as much as
 * seventy tries do without. */
enum { TRIES_BEFORE = 32 };

#define NEVER SIZE_MAX		/* where a match may begin in a text it is done with */

/* One way to try a pattern. */
struct program {
	pcre2_code *code;
	uint32_t tries;
	bool is_machine_code;
};

struct pattern {
	const struct rules_value *source;
	uint32_t rule;
	struct program anywhere, here;	/* at any place behind one, or at it alone */
	bool has_starts;		/* where it may begin is found by starts */
	bool is_told;
	uint64_t turn;			/* the text that `from` belongs to */
	size_t from;			/* where the next match may begin */
};

struct patterns {
	const struct rules *rules;
	struct pattern *at;
	size_t len;
	uint32_t *anywhere;		/* those whose beginnings are not known */
	size_t anywhere_len;
	struct starts *starts;		/* NULL: any may begin anywhere */
	uint64_t turn;
	pcre2_match_context *limits;
	pcre2_match_data *match;
	pcre2_jit_stack *stack;
};

static pcre2_code *
compile(const struct pattern *p, uint32_t options, int *code, size_t *at)
{
	const struct text *s = &p->source->text;

	return pcre2_compile((PCRE2_SPTR)s->ptr, s->len, PCRE2_CASELESS
	    | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | options, code, at, NULL);
}

/* What is wrong with a pattern, for the fault; NULL if nothing is.  Only the
 * program that will be used is compiled, and the other if need be. */
static const char *
check(struct patterns *all, struct pattern *p, char *said, size_t room)
{
	struct program *to = p->has_starts ? &p->here : &p->anywhere;
	PCRE2_SIZE at;
	char why[120];
	int code;

	to->code = compile(p, p->has_starts ? PCRE2_ANCHORED : 0, &code, &at);
	if (to->code == NULL) {
		pcre2_get_error_message(code, (PCRE2_UCHAR *)why, sizeof(why));
		snprintf(said, room, "bad pattern at byte %zu of it: %s", at, why);
		return said;
	}
	return pcre2_match(to->code, (PCRE2_SPTR)"", 0, 0, 0, all->match, NULL)
	    >= 0 ? "this pattern matches where nothing stands" : NULL;
}

static int
compile_all(struct patterns *p, rules_fault_fn *fn, void *with,
    struct fault *f)
{
	int rc = 0;

	for (size_t i = 0; i < p->len; i++) {
		const struct rules_value *from = p->at[i].source;
		struct fault one = FAULT_NONE;
		char said[200];
		const char *why = check(p, &p->at[i], said, sizeof(said));

		if (why == NULL)
			continue;
		rc = fault_stop(&one, "%s:%d: %s", from->file, from->line, why);
		if (fn == NULL)
			return fault_stop(f, "%s", one.text);
		fn(with, &one);
	}
	return rc;
}

static void
list(struct patterns *p, struct arena *a)
{
	const struct rules *rules = p->rules;
	size_t n = 0;

	for (size_t i = 0; i < rules->len; i++)
		n += rules->rule[i].patterns.len;
	p->at = arena_get(a, n * sizeof(*p->at));
	for (size_t i = 0; i < rules->len; i++)
		for (size_t k = 0; k < rules->rule[i].patterns.len; k++)
			p->at[p->len++] = (struct pattern){
				.source = &rules->rule[i].patterns.at[k],
				.rule = (uint32_t)i };
}

/* Looks into all patterns for where they begin and what they need. */
static void
make_filter(struct patterns *p, struct arena *a)
{
	p->starts = starts_new();
	p->anywhere = arena_get(a, (p->len + 1) * sizeof(*p->anywhere));
	for (size_t i = 0; i < p->len; i++) {
		p->at[i].has_starts = starts_add(p->starts, &p->at[i].source->text);
		if (!p->at[i].has_starts)
			p->anywhere[p->anywhere_len++] = (uint32_t)i;
	}
}

struct patterns *
patterns_new(const struct rules *rules, bool is_prefiltered, struct arena *a,
    rules_fault_fn *fn, void *with, struct fault *f)
{
	struct patterns *p = arena_get(a, sizeof(*p));

	p->rules = rules;
	p->limits = pcre2_match_context_create(NULL);
	p->match = pcre2_match_data_create(1, NULL);
	p->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_MOST, NULL);
	if (p->limits == NULL || p->match == NULL)
		arena_exhausted();
	list(p, a);
	if (is_prefiltered)
		make_filter(p, a);
	if (compile_all(p, fn, with, f) < 0) {
		patterns_free(p);
		return NULL;
	}
	pcre2_set_match_limit(p->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(p->limits, DEPTH_LIMIT);
	if (p->stack != NULL)
		pcre2_jit_stack_assign(p->limits, NULL, p->stack);
	return p;
}

struct starts *
patterns_starts(const struct patterns *p)
{
	return p->starts;
}

void
patterns_free(struct patterns *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->len; i++) {
		pcre2_code_free(p->at[i].anywhere.code);
		pcre2_code_free(p->at[i].here.code);
	}
	starts_free(p->starts);
	pcre2_match_context_free(p->limits);
	pcre2_match_data_free(p->match);
	pcre2_jit_stack_free(p->stack);
}

/* The first token that ends behind a byte. */
static uint32_t
token_behind(const struct tokens *t, uint32_t byte)
{
	size_t low = 0, high = t->len;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (t->at[middle].end > byte)
			high = middle;
		else
			low = middle + 1;
	}
	return (uint32_t)low;
}

static void
add(const struct pattern *p, const struct tokens *t, size_t at, size_t end,
    struct hits *hits)
{
	struct hit hit = { .rule = p->rule, .at = (uint32_t)at,
		.end = (uint32_t)end };

	hit.first = hit.stop = token_behind(t, hit.at);
	while (hit.stop < t->len && t->at[hit.stop].at < hit.end)
		hit.stop++;
	hits_add(hits, &hit);
}

static bool
make_machine_code(struct program *x)
{
	x->is_machine_code = pcre2_jit_compile(x->code, PCRE2_JIT_COMPLETE) == 0;
	return x->is_machine_code;
}

static int
match(struct patterns *p, struct program *x, const struct tokens *t,
    size_t from)
{
	PCRE2_SPTR text = (PCRE2_SPTR)t->text;
	int rc;

	if (x->tries < TRIES_BEFORE && ++x->tries == TRIES_BEFORE)
		make_machine_code(x);
	if (!x->is_machine_code) {
		rc = pcre2_match(x->code, text, t->text_len, from,
		    PCRE2_NO_UTF_CHECK, p->match, p->limits);
		/* the limits are counted in another way without machine code,
		 * so what they say is only believed where there is none */
		if (rc >= 0 || rc == PCRE2_ERROR_NOMATCH || !make_machine_code(x))
			return rc;
	}
	return pcre2_jit_match(x->code, text, t->text_len, from, 0, p->match,
	    p->limits);
}

/* Where to go on behind a match; behind one that has no extent, a character
 * further. */
static size_t
next(const struct tokens *t, size_t from, const PCRE2_SIZE *span)
{
	if (span[1] > span[0] && span[1] > from)
		return span[1];
	do {
		from++;
	} while (from < t->text_len
	    && ((unsigned char)t->text[from] & 0xc0) == 0x80);
	return from;
}

/* Tries a pattern everywhere; what PCRE2 said last. */
static int
search(struct patterns *p, struct pattern *x, const struct tokens *t,
    struct hits *hits)
{
	const PCRE2_SIZE *span = pcre2_get_ovector_pointer(p->match);
	size_t from = 0, at;
	int rc = PCRE2_ERROR_NOMATCH, code;

	if (x->anywhere.code == NULL)
		x->anywhere.code = compile(x, 0, &code, &at);
	if (x->anywhere.code == NULL)
		arena_exhausted();	/* it was in order */
	while (from <= t->text_len && (rc = match(p, &x->anywhere, t, from)) >= 0) {
		if (span[1] > span[0])
			add(x, t, span[0], span[1], hits);
		from = next(t, from, span);
	}
	return rc;
}

/* The text in hand and what becomes of it. */
struct search {
	struct patterns *patterns;
	const struct tokens *tokens;
	struct hits *hits;
	patterns_limit_fn *limit;
	void *with;
	size_t limits;
};

/* A match that went wrong can only have reached the limit. */
static void
look_at_end(struct search *s, struct pattern *x, int rc)
{
	if (rc >= 0 || rc == PCRE2_ERROR_NOMATCH)
		return;
	s->limits++;
	if (!x->is_told) {
		x->is_told = true;
		s->limit(s->with, &s->patterns->rules->rule[x->rule], x->source);
	}
}

/* Tries a pattern at a place where it may begin.  Done for all such places, in
 * their order, this comes to the same as a search. */
static void
visit(void *with, uint32_t pattern, size_t at)
{
	struct search *s = with;
	struct patterns *p = s->patterns;
	struct pattern *x = &p->at[pattern];
	const PCRE2_SIZE *span = pcre2_get_ovector_pointer(p->match);
	int rc;

	if (x->turn != p->turn) {
		x->turn = p->turn;
		x->from = 0;
	}
	if (at < x->from)
		return;
	rc = match(p, &x->here, s->tokens, at);
	if (rc >= 0 && span[1] > span[0]) {
		add(x, s->tokens, span[0], span[1], s->hits);
		x->from = span[1];
	} else if (rc < 0 && rc != PCRE2_ERROR_NOMATCH) {
		x->from = NEVER;
		look_at_end(s, x, rc);
	}
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

size_t
patterns_find(struct patterns *p, const struct tokens *t, struct hits *hits,
    patterns_limit_fn *fn, void *with)
{
	struct search s = { .patterns = p, .tokens = t, .hits = hits,
		.limit = fn, .with = with };
	bool is_filtered = p->starts != NULL && !has_odd_letter(t);

	p->turn++;
	if (is_filtered)
		starts_find(p->starts, t, visit, &s);
	for (size_t i = 0; !is_filtered && i < p->len; i++)
		look_at_end(&s, &p->at[i], search(p, &p->at[i], t, hits));
	for (size_t i = 0; is_filtered && i < p->anywhere_len; i++)
		look_at_end(&s, &p->at[p->anywhere[i]],
		    search(p, &p->at[p->anywhere[i]], t, hits));
	return s.limits;
}
