#include "config.h"

#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "infer/split.h"
#include "lib/arena.h"

#define GPT2 "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)"
#define LLAMA3(numbers) "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" \
	numbers "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

static const struct family {
	const char *name, *pattern;
	bool takes_words;
} families[] = {
	{ "default", GPT2 "|\\s+", false },
	{ "gpt-2", GPT2 "|\\s+", false },
	{ "mpt", GPT2 "|\\s+", false },
	{ "olmo", GPT2 "|\\s+", false },
	{ "llama-bpe", LLAMA3("\\p{N}{1,3}"), true },
	{ "llama-v3", LLAMA3("\\p{N}{1,3}"), true },
	{ "llama3", LLAMA3("\\p{N}{1,3}"), true },
	{ "dbrx", LLAMA3("\\p{N}{1,3}"), false },
	{ "smaug-bpe", LLAMA3("\\p{N}{1,3}"), false },
	{ "qwen2", LLAMA3("\\p{N}"), false },
	{ "stablelm2", LLAMA3("\\p{N}"), false },
	{ "smollm", "\\p{N}|" GPT2 "|\\s+", false },
	{ "starcoder", "\\p{N}|" GPT2 "|\\s+", false },
	{ "refact", "\\p{N}|" GPT2 "|\\s+", false },
	{ "command-r", "\\p{N}|" GPT2 "|\\s+", false },
	{ "bloom", " ?[^(\\s|[.,!?\xe2\x80\xa6\xe3\x80\x82\xef\xbc\x8c\xe3\x80\x81\xe0\xa5\xa4"
	    "\xdb\x94\xd8\x8c])]+", false },
};
enum { FAMILIES = sizeof(families) / sizeof(families[0]) };

struct split {
	const struct family *family;
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack;
	const char *text;
	size_t len, at;
	size_t found, found_end;	/* the next match; found >= at */
};

static const struct family *
family_named(const char *pre, size_t len)
{
	for (int i = 0; i < FAMILIES; i++)
		if (strlen(families[i].name) == len
		    && memcmp(families[i].name, pre, len) == 0)
			return &families[i];
	return NULL;
}

struct split *
split_new(const char *pre, size_t len, struct fault *f)
{
	const struct family *family = family_named(pre, len);
	struct split *s;
	PCRE2_SIZE at;
	int error;

	if (family == NULL) {
		fault_stop(f, "the pre-tokenizer %.*s is not known",
		    (int)(len < 32 ? len : 32), pre);
		return NULL;
	}
	if ((s = calloc(1, sizeof(*s))) == NULL)
		arena_exhausted();
	s->family = family;
	s->code = pcre2_compile((PCRE2_SPTR)family->pattern, PCRE2_ZERO_TERMINATED,
	    PCRE2_UTF | PCRE2_UCP, &error, &at, NULL);
	s->match = pcre2_match_data_create(1, NULL);
	s->limits = pcre2_match_context_create(NULL);
	s->stack = pcre2_jit_stack_create(32 << 10, 8 << 20, NULL);
	if (s->code == NULL || s->match == NULL || s->limits == NULL)
		arena_exhausted();
	pcre2_jit_compile(s->code, PCRE2_JIT_COMPLETE);
	if (s->stack != NULL)
		pcre2_jit_stack_assign(s->limits, NULL, s->stack);
	return s;
}

void
split_free(struct split *s)
{
	if (s == NULL)
		return;
	pcre2_code_free(s->code);
	pcre2_match_data_free(s->match);
	pcre2_match_context_free(s->limits);
	pcre2_jit_stack_free(s->stack);
	free(s);
}

bool
split_takes_words(const struct split *s)
{
	return s->family->takes_words;
}

/* The next match from `at` on, or the end. */
static void
look(struct split *s)
{
	const PCRE2_SIZE *span = pcre2_get_ovector_pointer(s->match);
	int rc = pcre2_match(s->code, (PCRE2_SPTR)s->text, s->len, s->at,
	    PCRE2_NO_UTF_CHECK, s->match, s->limits);

	s->found = s->found_end = s->len;
	if (rc >= 0 && span[1] > span[0]) {
		s->found = span[0];
		s->found_end = span[1];
	}
}

void
split_begin(struct split *s, const char *text, size_t len)
{
	s->text = text;
	s->len = len;
	s->at = 0;
	if (len > 0)
		look(s);
}

bool
split_next(struct split *s, size_t *at, size_t *len)
{
	if (s->at >= s->len)
		return false;
	*at = s->at;
	if (s->found > s->at) {		/* what stands between two matches */
		*len = s->found - s->at;
		s->at = s->found;
		return true;
	}
	*len = s->found_end - s->at;
	s->at = s->found_end;
	if (s->at < s->len)
		look(s);
	return true;
}
