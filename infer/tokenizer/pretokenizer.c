#include "config.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "infer/tokenizer/pretokenizer.h"
#include "lib/core/arena.h"
#include "lib/core/buf.h"

enum { SPACE_LEN = 3, STEPS_MAX = 16, MATCH_LIMIT = 1 << 24 };

struct compiled_step {
	struct pretokenizer_step step;
	pcre2_code *code; /* NULL: pretokenizer_next_word() */
};

struct pretokenizer {
	struct compiled_step step[STEPS_MAX];
	size_t steps;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack;
	struct buf scratch[2]; /* struct pretokenizer_span */
	bool was_match;        /* of the last span */
};

static bool
is_space_mark(const char *s, size_t len)
{
	return len >= SPACE_LEN && memcmp(s, "\xe2\x96\x81", SPACE_LEN) == 0;
}

size_t
pretokenizer_next_word(const char *s, size_t len, size_t at)
{
	bool was_space = true;

	while (at < len) {
		bool is_mark = is_space_mark(s + at, len - at);

		if (is_mark && !was_space)
			return at;
		was_space = is_mark;
		at += is_mark ? SPACE_LEN : 1;
	}
	return len;
}

/* PCRE2 has no nested classes; in other dialects they are unions, so their brackets can
 * go.  False if one is negated, or an intersection. */
static bool
flatten_classes(const struct text *pattern, struct buf *out)
{
	size_t depth = 0;

	for (size_t i = 0; i < pattern->len; i++) {
		char c = pattern->ptr[i], next = i + 1 < pattern->len ? pattern->ptr[i + 1] : '\0';

		if (c == '\\' && i + 1 < pattern->len) {
			buf_add(out, pattern->ptr + i++, 2);
			continue;
		}
		if (depth > 0
		    && ((c == '[' && (next == '^' || next == ':')) || (c == '&' && next == '&')))
			return false;
		if (c == '[' && ++depth > 1)
			continue;
		if (c == ']' && depth > 0 && depth-- > 1)
			continue;
		buf_add_byte(out, c);
		if (c == '[' && next == '^')
			buf_add_byte(out, pattern->ptr[++i]);
	}
	return true;
}

static int
compile(struct compiled_step *s, struct fault *f)
{
	struct buf pattern = { 0 };
	int error = 0;
	PCRE2_SIZE at = 0;

	if (s->step.pattern.ptr == NULL)
		return 0;
	if (flatten_classes(&s->step.pattern, &pattern))
		s->code = pcre2_compile((PCRE2_SPTR)(pattern.len > 0 ? pattern.data : ""),
		    pattern.len, PCRE2_UTF | PCRE2_UCP, &error, &at, NULL);
	buf_release(&pattern);
	if (s->code == NULL)
		return fault_stop(f,
		    "a pattern of the pre-tokenizer is not supported, near "
		    "byte %zu: %.*s",
		    (size_t)at, (int)(s->step.pattern.len < 200 ? s->step.pattern.len : 200),
		    s->step.pattern.ptr);
	pcre2_jit_compile(s->code, PCRE2_JIT_COMPLETE);
	return 0;
}

struct pretokenizer *
pretokenizer_new(const struct pretokenizer_step *step, size_t steps, struct fault *f)
{
	struct pretokenizer *p = arena_calloc(1, sizeof(*p));

	p->match = pcre2_match_data_create(1, NULL);
	p->limits = pcre2_match_context_create(NULL);
	p->stack = pcre2_jit_stack_create(32 << 10, 8 << 20, NULL);
	if (p->match == NULL || p->limits == NULL)
		arena_out_of_memory();
	pcre2_set_match_limit(p->limits, MATCH_LIMIT);
	if (p->stack != NULL)
		pcre2_jit_stack_assign(p->limits, NULL, p->stack);
	if (steps > STEPS_MAX) {
		fault_stop(f, "the pre-tokenizer has more than %d steps", STEPS_MAX);
		pretokenizer_free(p);
		return NULL;
	}
	for (; p->steps < steps; p->steps++) {
		p->step[p->steps].step = step[p->steps];
		if (compile(&p->step[p->steps], f) < 0) {
			pretokenizer_free(p);
			return NULL;
		}
	}
	return p;
}

void
pretokenizer_free(struct pretokenizer *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->steps; i++)
		pcre2_code_free(p->step[i].code);
	pcre2_match_data_free(p->match);
	pcre2_match_context_free(p->limits);
	pcre2_jit_stack_free(p->stack);
	buf_release(&p->scratch[0]);
	buf_release(&p->scratch[1]);
	free(p);
}

static void
put(struct buf *out, size_t at, size_t len)
{
	struct pretokenizer_span span = { at, len };

	buf_add(out, &span, sizeof(span));
}

/* Adds a span that is a match or lies between matches, as the behavior asks.  first: the
 * offset of this word's spans in the list. */
static void
put_span(struct pretokenizer *p, const struct pretokenizer_step *step, size_t at, size_t len,
    bool is_match, size_t first, struct buf *out)
{
	struct pretokenizer_span *last = out->len > first
	    ? (struct pretokenizer_span *)(void *)(out->data + out->len) - 1
	    : NULL;
	bool was_match = p->was_match, joins = false;

	if (len == 0)
		return;
	is_match = is_match != step->is_inverted;
	p->was_match = is_match;
	if (is_match && step->behavior == PRETOKENIZER_REMOVED)
		return;
	if (last != NULL && step->behavior == PRETOKENIZER_MERGED_WITH_PREVIOUS)
		joins = is_match && !was_match;
	else if (last != NULL && step->behavior == PRETOKENIZER_MERGED_WITH_NEXT)
		joins = !is_match && was_match;
	else if (last != NULL && step->behavior == PRETOKENIZER_CONTIGUOUS)
		joins = is_match == was_match;
	if (joins)
		last->len += len;
	else
		put(out, at, len);
}

static void
split_by_pattern(struct pretokenizer *p, const struct compiled_step *step, const char *text,
    const struct pretokenizer_span *word, struct buf *out)
{
	const PCRE2_SIZE *span = pcre2_get_ovector_pointer(p->match);
	const char *base = text + word->at;
	size_t at = 0, first = out->len;

	p->was_match = false;
	while (at < word->len) {
		int rc = pcre2_match(step->code, (PCRE2_SPTR)base, word->len, at,
		    PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, p->match, p->limits);

		if (rc < 0)
			break;
		put_span(p, &step->step, word->at + at, span[0] - at, false, first, out);
		put_span(p, &step->step, word->at + span[0], span[1] - span[0], true, first, out);
		at = span[1];
	}
	put_span(p, &step->step, word->at + at, word->len - at, false, first, out);
}

static void
split_by_spaces(const char *text, const struct pretokenizer_span *word, struct buf *out)
{
	for (size_t from = 0, to; from < word->len; from = to) {
		to = pretokenizer_next_word(text + word->at, word->len, from);
		put(out, word->at + from, to - from);
	}
}

const struct pretokenizer_span *
pretokenizer_run(struct pretokenizer *p, const char *text, size_t len, size_t *n)
{
	struct buf *from = &p->scratch[0], *to = &p->scratch[1];

	buf_clear(from);
	if (len > 0)
		put(from, 0, len);
	for (size_t i = 0; i < p->steps; i++) {
		const struct pretokenizer_span *word = (const void *)from->data;
		size_t words = from->len / sizeof(*word);
		struct buf *swap = from;

		buf_clear(to);
		for (size_t w = 0; w < words; w++) {
			if (p->step[i].code == NULL)
				split_by_spaces(text, &word[w], to);
			else
				split_by_pattern(p, &p->step[i], text, &word[w], to);
		}
		from = to;
		to = swap;
	}
	*n = from->len / sizeof(struct pretokenizer_span);
	return (const struct pretokenizer_span *)(const void *)from->data;
}
