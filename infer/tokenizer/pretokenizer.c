#include "config.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "infer/tokenizer/pretokenizer.h"
#include "lib/core/arena.h"
#include "lib/core/buf.h"

enum { BLANK_LEN = 3, STEPS_MAX = 16, MATCH_LIMIT = 1 << 24 };

struct step {
	struct split_step plan;
	pcre2_code *code;		/* NULL: words */
};

struct splitter {
	struct step step[STEPS_MAX];
	size_t steps;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack;
	struct buf one, other;		/* struct split_span */
	bool was_match;			/* what was put last */
};

static bool
is_blank(const char *s, size_t len)
{
	return len >= BLANK_LEN && memcmp(s, "\xe2\x96\x81", BLANK_LEN) == 0;
}

size_t
split_next_word(const char *s, size_t len, size_t at)
{
	bool was_blank = true;

	while (at < len) {
		bool is = is_blank(s + at, len - at);

		if (is && !was_blank)
			return at;
		was_blank = is;
		at += is ? BLANK_LEN : 1;
	}
	return len;
}

/* Classes within classes, which are unions elsewhere and not known to PCRE2, lose
 * their brackets; false if one is negated, or means something else. */
static bool
flatten_classes(const struct directory_text *pattern, struct buf *out)
{
	size_t depth = 0;

	for (size_t i = 0; i < pattern->len; i++) {
		char c = pattern->ptr[i], next = i + 1 < pattern->len ? pattern->ptr[i + 1] : '\0';

		if (c == '\\' && i + 1 < pattern->len) {
			buf_add(out, pattern->ptr + i++, 2);
			continue;
		}
		if (depth > 0 && ((c == '[' && (next == '^' || next == ':'))
		    || (c == '&' && next == '&')))
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
compile(struct step *s, struct fault *f)
{
	struct buf pattern = { 0 };
	int error = 0;
	PCRE2_SIZE at = 0;

	if (s->plan.pattern.ptr == NULL)
		return 0;
	if (flatten_classes(&s->plan.pattern, &pattern))
		s->code = pcre2_compile((PCRE2_SPTR)(pattern.len > 0 ? pattern.data : ""),
		    pattern.len, PCRE2_UTF | PCRE2_UCP, &error, &at, NULL);
	buf_release(&pattern);
	if (s->code == NULL)
		return fault_stop(f, "a pattern of the pre-tokenizer is not understood near "
		    "character %zu: %.*s", (size_t)at, (int)(s->plan.pattern.len < 200
		    ? s->plan.pattern.len : 200), s->plan.pattern.ptr);
	pcre2_jit_compile(s->code, PCRE2_JIT_COMPLETE);
	return 0;
}

struct splitter *
split_new(const struct split_step *step, size_t steps, struct fault *f)
{
	struct splitter *s = calloc(1, sizeof(*s));

	if (s == NULL)
		arena_exhausted();
	s->match = pcre2_match_data_create(1, NULL);
	s->limits = pcre2_match_context_create(NULL);
	s->stack = pcre2_jit_stack_create(32 << 10, 8 << 20, NULL);
	if (s->match == NULL || s->limits == NULL)
		arena_exhausted();
	pcre2_set_match_limit(s->limits, MATCH_LIMIT);
	if (s->stack != NULL)
		pcre2_jit_stack_assign(s->limits, NULL, s->stack);
	if (steps > STEPS_MAX) {
		fault_stop(f, "a pre-tokenizer of more than %d steps", STEPS_MAX);
		split_free(s);
		return NULL;
	}
	for (; s->steps < steps; s->steps++) {
		s->step[s->steps].plan = step[s->steps];
		if (compile(&s->step[s->steps], f) < 0) {
			split_free(s);
			return NULL;
		}
	}
	return s;
}

void
split_free(struct splitter *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->steps; i++)
		pcre2_code_free(s->step[i].code);
	pcre2_match_data_free(s->match);
	pcre2_match_context_free(s->limits);
	pcre2_jit_stack_free(s->stack);
	buf_release(&s->one);
	buf_release(&s->other);
	free(s);
}

static void
put(struct buf *out, size_t at, size_t len)
{
	struct split_span span = { at, len };

	buf_add(out, &span, sizeof(span));
}

/* A stretch that matches or does not, with what becomes of it.  first: where this
 * word's pieces begin in the list. */
static void
put_piece(struct splitter *s, const struct split_step *plan, size_t at, size_t len,
    bool is_match, size_t first, struct buf *out)
{
	struct split_span *last = out->len > first
	    ? (struct split_span *)(void *)(out->data + out->len) - 1 : NULL;
	bool was_match = s->was_match, joins = false;

	if (len == 0)
		return;
	is_match = is_match != plan->is_inverted;
	s->was_match = is_match;
	if (is_match && plan->matches == SPLIT_REMOVED)
		return;
	if (last != NULL && plan->matches == SPLIT_WITH_PREVIOUS)
		joins = is_match && !was_match;
	else if (last != NULL && plan->matches == SPLIT_WITH_NEXT)
		joins = !is_match && was_match;
	else if (last != NULL && plan->matches == SPLIT_CONTIGUOUS)
		joins = is_match == was_match;
	if (joins)
		last->len += len;
	else
		put(out, at, len);
}

static void
cut_by_pattern(struct splitter *s, const struct step *step, const char *text,
    const struct split_span *word, struct buf *out)
{
	const PCRE2_SIZE *span = pcre2_get_ovector_pointer(s->match);
	const char *base = text + word->at;
	size_t at = 0, first = out->len;

	s->was_match = false;
	while (at < word->len) {
		int rc = pcre2_match(step->code, (PCRE2_SPTR)base, word->len, at,
		    PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, s->match, s->limits);

		if (rc < 0)
			break;
		put_piece(s, &step->plan, word->at + at, span[0] - at, false, first, out);
		put_piece(s, &step->plan, word->at + span[0], span[1] - span[0], true, first,
		    out);
		at = span[1];
	}
	put_piece(s, &step->plan, word->at + at, word->len - at, false, first, out);
}

static void
cut_words(const char *text, const struct split_span *word, struct buf *out)
{
	for (size_t from = 0, to; from < word->len; from = to) {
		to = split_next_word(text + word->at, word->len, from);
		put(out, word->at + from, to - from);
	}
}

const struct split_span *
split_run(struct splitter *s, const char *text, size_t len, size_t *n)
{
	struct buf *from = &s->one, *to = &s->other;

	buf_clear(from);
	if (len > 0)
		put(from, 0, len);
	for (size_t i = 0; i < s->steps; i++) {
		const struct split_span *word = (const struct split_span *)(void *)from->data;
		size_t words = from->len / sizeof(*word);
		struct buf *swap = from;

		buf_clear(to);
		for (size_t w = 0; w < words; w++) {
			if (s->step[i].code == NULL)
				cut_words(text, &word[w], to);
			else
				cut_by_pattern(s, &s->step[i], text, &word[w], to);
		}
		from = to;
		to = swap;
	}
	*n = from->len / sizeof(struct split_span);
	return (const struct split_span *)(const void *)from->data;
}
