#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/core/arena.h"
#include "lib/match/pattern_set.h"

/* Enough for any cheap pattern in a text of TOKENS_TEXT_MAX bytes. */
enum { MATCH_LIMIT = 2000000, DEPTH_LIMIT = 20000, STACK_MIN = 32 << 10, STACK_MAX = 512 << 10 };

/* Compiling to machine code costs about as much as seventy interpreted tries. */
enum { JIT_AFTER_TRIES = 32 };

#define DONE SIZE_MAX /* no further match in this text */

struct compiled_pattern {
	pcre2_code *code;
	uint32_t tries;
	bool has_jit;
};

struct pattern_entry {
	struct text text;
	uint32_t id;
	bool has_candidates; /* the prefilter finds its places */
	bool has_reached_limit;
	struct compiled_pattern anywhere, anchored; /* compiled when first needed */
	uint64_t generation;                        /* the text that `from` belongs to */
	size_t from;                                /* where the next match may begin */
};

struct pattern_set {
	struct pattern_entry *at;
	size_t len, cap;
	struct prefilter *prefilter; /* or NULL */
	uint64_t generation;
	pcre2_match_context *limits;
	pcre2_match_data *match;
	pcre2_jit_stack *stack;
};

struct pattern_set *
pattern_set_new(bool is_prefiltered)
{
	struct pattern_set *p = arena_calloc(1, sizeof(*p));

	p->prefilter = is_prefiltered ? prefilter_new() : NULL;
	p->limits = pcre2_match_context_create(NULL);
	p->match = pcre2_match_data_create(1, NULL);
	p->stack = pcre2_jit_stack_create(STACK_MIN, STACK_MAX, NULL);
	if (p->limits == NULL || p->match == NULL)
		arena_out_of_memory();
	pcre2_set_match_limit(p->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(p->limits, DEPTH_LIMIT);
	if (p->stack != NULL)
		pcre2_jit_stack_assign(p->limits, NULL, p->stack);
	return p;
}

struct prefilter *
pattern_set_prefilter(const struct pattern_set *p)
{
	return p->prefilter;
}

void
pattern_set_free(struct pattern_set *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->len; i++) {
		pcre2_code_free(p->at[i].anywhere.code);
		pcre2_code_free(p->at[i].anchored.code);
	}
	prefilter_free(p->prefilter);
	pcre2_match_context_free(p->limits);
	pcre2_match_data_free(p->match);
	pcre2_jit_stack_free(p->stack);
	free(p->at);
	free(p);
}

static pcre2_code *
compile(const struct pattern_entry *p, uint32_t options, int *code, size_t *at)
{
	return pcre2_compile((PCRE2_SPTR)p->text.ptr, p->text.len,
	    PCRE2_CASELESS | PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | options, code, at, NULL);
}

int
pattern_set_add(struct pattern_set *p, const struct text *pattern, uint32_t id, struct fault *f)
{
	struct pattern_entry x = { .text = *pattern, .id = id };
	struct compiled_pattern *c;
	PCRE2_UCHAR why[120];
	PCRE2_SIZE at;
	int code;

	x.has_candidates = p->prefilter != NULL && prefilter_add(p->prefilter, pattern);
	c = x.has_candidates ? &x.anchored : &x.anywhere;
	c->code = compile(&x, x.has_candidates ? PCRE2_ANCHORED : 0, &code, &at);
	p->at = arena_grow_array(p->at, p->len, &p->cap, sizeof(*p->at));
	p->at[p->len++] = x;
	if (c->code == NULL) {
		pcre2_get_error_message(code, why, sizeof(why));
		return fault_stop(f, "bad pattern at byte %zu of it: %s", at, (char *)why);
	}
	if (pcre2_match(c->code, (PCRE2_SPTR) "", 0, 0, 0, p->match, NULL) >= 0)
		return fault_stop(f, "this pattern matches the empty text");
	return 0;
}

/* The first token that ends after a byte. */
static uint32_t
token_after(const struct tokens *t, uint32_t byte)
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
add_match(const struct pattern_entry *p, const struct tokens *t, const PCRE2_SIZE *span,
    struct match_list *matches)
{
	struct match m = { .id = p->id, .begin = (uint32_t)span[0], .end = (uint32_t)span[1] };

	m.first = m.stop = token_after(t, m.begin);
	while (m.stop < t->len && t->at[m.stop].at < m.end)
		m.stop++;
	match_list_add(matches, &m);
}

static bool
compile_jit(struct compiled_pattern *x)
{
	x->has_jit = pcre2_jit_compile(x->code, PCRE2_JIT_COMPLETE) == 0;
	return x->has_jit;
}

static int
match(struct pattern_set *p, struct compiled_pattern *x, const struct tokens *t, size_t from)
{
	PCRE2_SPTR text = (PCRE2_SPTR)t->text;
	int rc;

	if (x->tries < JIT_AFTER_TRIES && ++x->tries == JIT_AFTER_TRIES)
		compile_jit(x);
	if (!x->has_jit) {
		rc = pcre2_match(x->code, text, t->text_len, from, PCRE2_NO_UTF_CHECK, p->match,
		    p->limits);
		/* the interpreter counts the limits differently: it is believed only where
		 * there is no machine code, so that results do not depend on the tries */
		if (rc >= 0 || rc == PCRE2_ERROR_NOMATCH || !compile_jit(x))
			return rc;
	}
	return pcre2_jit_match(x->code, text, t->text_len, from, 0, p->match, p->limits);
}

/* Where to search on after a match: at its end, or a character further. */
static size_t
next_from(const struct tokens *t, size_t from, const PCRE2_SIZE *span)
{
	if (span[1] > span[0] && span[1] > from)
		return span[1];
	do {
		from++;
	} while (from < t->text_len && ((unsigned char)t->text[from] & 0xc0) == 0x80);
	return from;
}

/* The text that is searched. */
struct pattern_search {
	struct pattern_set *set;
	const struct tokens *tokens;
	struct match_list *matches;
	pattern_set_limit_fn *limit;
	void *with;
	size_t limits;
};

/* What PCRE2 returned last; only the limits can make a match fail. */
static void
check_limit(struct pattern_search *s, struct pattern_entry *x, int rc)
{
	if (rc >= 0 || rc == PCRE2_ERROR_NOMATCH)
		return;
	s->limits++;
	if (!x->has_reached_limit) {
		x->has_reached_limit = true;
		s->limit(s->with, (size_t)(x - s->set->at));
	}
}

/* Finds a pattern anywhere in the text. */
static void
search(struct pattern_search *s, struct pattern_entry *x)
{
	struct pattern_set *p = s->set;
	const struct tokens *t = s->tokens;
	const PCRE2_SIZE *span = pcre2_get_ovector_pointer(p->match);
	size_t from = 0, at;
	int rc = PCRE2_ERROR_NOMATCH, code;

	if (x->anywhere.code == NULL)
		x->anywhere.code = compile(x, 0, &code, &at);
	if (x->anywhere.code == NULL)
		arena_out_of_memory(); /* it compiled before */
	while (from <= t->text_len && (rc = match(p, &x->anywhere, t, from)) >= 0) {
		if (span[1] > span[0])
			add_match(x, t, span, s->matches);
		from = next_from(t, from, span);
	}
	check_limit(s, x, rc);
}

/* Tries a candidate.  All candidates of a pattern, from left to right, come to the same as a
 * search. */
static void
try_candidate(void *with, uint32_t pattern, size_t at)
{
	struct pattern_search *s = with;
	struct pattern_set *p = s->set;
	struct pattern_entry *x = &p->at[pattern];
	const PCRE2_SIZE *span = pcre2_get_ovector_pointer(p->match);
	int rc;

	if (at == PREFILTER_ANYWHERE) {
		search(s, x);
		return;
	}
	if (x->generation != p->generation) {
		x->generation = p->generation;
		x->from = 0;
	}
	if (at < x->from)
		return;
	rc = match(p, &x->anchored, s->tokens, at);
	if (rc >= 0 && span[1] > span[0]) {
		add_match(x, s->tokens, span, s->matches);
		x->from = span[1];
	} else if (rc < 0 && rc != PCRE2_ERROR_NOMATCH) {
		x->from = DONE;
		check_limit(s, x, rc);
	}
}

/* Two letters beyond ASCII equal ASCII letters when case is ignored: the long s and the Kelvin
 * sign.  The prefilter does not know them. */
static bool
has_odd_letter(const struct tokens *t)
{
	const char *s = t->folded.data;

	return t->is_wide
	    && (memmem(s, t->text_len, "\xc5\xbf", 2) != NULL
		|| memmem(s, t->text_len, "\xe2\x84\xaa", 3) != NULL);
}

size_t
pattern_set_find(struct pattern_set *p, const struct tokens *t, struct match_list *matches,
    pattern_set_limit_fn *fn, void *with)
{
	struct pattern_search s = {
		.set = p, .tokens = t, .matches = matches, .limit = fn, .with = with
	};

	p->generation++;
	if (p->prefilter != NULL && !has_odd_letter(t))
		prefilter_find(p->prefilter, t, try_candidate, &s);
	else
		for (size_t i = 0; i < p->len; i++)
			search(&s, &p->at[i]);
	return s.limits;
}
