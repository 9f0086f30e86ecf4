/* all_patterns - the baseline for alignx-extract: every PCRE2-JIT pattern of every rule over
 * every text.
 *
 * usage: all_patterns RULES_FOLDER FILE, a file of texts that each end in NUL.
 * Prints the number of matches. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "annotate/rules.h"
#include "lib/core/file.h"

enum { PATTERNS_MAX = 10000 };

static pcre2_code *code[PATTERNS_MAX];
static size_t patterns;

static int
compile(const struct rules *r)
{
	for (size_t i = 0; i < r->len; i++)
		for (size_t k = 0; k < r->rule[i].patterns.len; k++) {
			const struct text *s = &r->rule[i].patterns.at[k].text;
			PCRE2_SIZE at;
			int error;

			if (patterns == PATTERNS_MAX
			    || (code[patterns] = pcre2_compile((PCRE2_SPTR)s->ptr, s->len,
				    PCRE2_CASELESS | PCRE2_UTF, &error, &at, NULL))
				== NULL)
				return -1;
			pcre2_jit_compile(code[patterns++], PCRE2_JIT_COMPLETE);
		}
	return 0;
}

static size_t
matches(const pcre2_code *c, pcre2_match_data *m, const char *s, size_t len)
{
	const PCRE2_SIZE *span = pcre2_get_ovector_pointer(m);
	size_t n = 0, from = 0;

	while (from <= len && pcre2_jit_match(c, (PCRE2_SPTR)s, len, from, 0, m, NULL) >= 0
	    && span[1] > from) {
		from = span[1];
		n++;
	}
	return n;
}

int
main(int argc, char **argv)
{
	struct fault f = FAULT_NONE;
	struct arena a = { 0 };
	struct rules rules;
	pcre2_match_data *m = pcre2_match_data_create(1, NULL);
	size_t len, n = 0;
	const char *s;

	if (argc != 3 || rules_load(&rules, argv[1], &a, NULL, NULL, &f) < 0
	    || (s = file_read(argv[2], (size_t)1 << 33, &a, &len, &f)) == NULL
	    || compile(&rules) < 0) {
		fprintf(stderr, "all_patterns: %s\n", f.text);
		return 2;
	}
	for (const char *end = s + len; s < end; s += strlen(s) + 1)
		for (size_t i = 0; i < patterns; i++)
			n += matches(code[i], m, s, strlen(s));
	printf("%zu patterns, %zu matches\n", patterns, n);
	return 0;
}
