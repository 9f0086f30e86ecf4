#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cli/opt.h"
#include "lib/cli/suggest.h"

static bool
is_word(const char *known, const char *word, size_t len)
{
	return known != NULL && strlen(known) == len && memcmp(known, word, len) == 0;
}

static const struct opt *
find_in(const struct opt *opts, const char *word, size_t len, char letter)
{
	for (const struct opt *o = opts; o->word != NULL; o++)
		if (word != NULL ? is_word(o->word, word, len) || is_word(o->old_word, word, len)
				 : letter != 0 && o->letter == letter)
			return o;
	return NULL;
}

struct opt_tables {
	const struct opt *own, *common;
};

static const struct opt *
find(const struct opt_tables *t, const char *word, size_t len, char letter)
{
	const struct opt *o = find_in(t->own, word, len, letter);

	return o != NULL ? o : find_in(t->common, word, len, letter);
}

static int
refuse_word(const struct opt_tables *t, const char *word, size_t len, struct fault *f)
{
	struct suggest s = suggest_for(word, len);

	for (const struct opt *o = t->own; o->word != NULL; o++)
		suggest_consider(&s, o->word);
	for (const struct opt *o = t->common; o->word != NULL; o++)
		suggest_consider(&s, o->word);
	if (s.nearest != NULL)
		return fault_set(f, "usage", "no option --%.*s (did you mean --%s?)", (int)len,
		    word, s.nearest);
	return fault_set(f, "usage", "no option --%.*s", (int)len, word);
}

static int
choose(const char *choice, const char *value)
{
	size_t n = strlen(value);

	for (int i = 0;; i++) {
		size_t len = strcspn(choice, "|");

		if (len == n && memcmp(choice, value, n) == 0)
			return i;
		if (choice[len] == '\0')
			return -1;
		choice += len + 1;
	}
}

static int
store_size(const struct opt *o, const char *value, struct fault *f)
{
	static const char units[] = "KMG";
	const char *unit;
	char *end;
	double x;
	int shift = 0;

	errno = 0;
	x = (double)strtoll(value, &end, 10);
	if (end != value && *end != '\0' && (unit = strchr(units, *end)) != NULL) {
		shift = 10 * (int)(unit - units + 1);
		end++;
	}
	x *= (double)((int64_t)1 << shift);
	if (end == value || *end != '\0' || errno != 0 || x < o->low || x > o->high)
		return fault_set(f, "usage",
		    "--%s wants a size such as 512M, "
		    "from %.0f to %.0f bytes, not '%s'",
		    o->word, o->low, o->high, value);
	*(int64_t *)o->into = (int64_t)x;
	return 0;
}

static int
store_number(const struct opt *o, const char *value, struct fault *f)
{
	bool is_whole = o->kind == OPT_INT;
	char *end;
	double x;
	long n = 0;

	errno = 0;
	if (is_whole)
		x = (double)(n = strtol(value, &end, 10));
	else
		x = strtod(value, &end);
	if (*value == '\0' || *end != '\0' || errno != 0 || !(x >= o->low && x <= o->high))
		return fault_set(f, "usage",
		    "--%s wants a %snumber from %.15g "
		    "to %.15g, not '%s'",
		    o->word, is_whole ? "whole " : "", o->low, o->high, value);
	if (is_whole)
		*(long *)o->into = n;
	else
		*(double *)o->into = x;
	return 0;
}

static int
store_item(const struct opt *o, const char *value, struct fault *f)
{
	struct opt_list *list = o->into;

	if (list->len == OPT_LIST_MAX)
		return fault_set(f, "usage", "--%s is given more than %d times", o->word,
		    OPT_LIST_MAX);
	list->item[list->len++] = value;
	return 0;
}

static int
store(const struct opt *o, const char *value, struct fault *f)
{
	int pick;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)o->into = true;
		return 0;
	case OPT_TEXT:
	case OPT_FILE:
		*(const char **)o->into = value;
		return 0;
	case OPT_SIZE:
		return store_size(o, value, f);
	case OPT_INT:
	case OPT_REAL:
		return store_number(o, value, f);
	case OPT_CHOICE:
		if ((pick = choose(o->choice, value)) < 0)
			return fault_set(f, "usage", "--%s wants one of %s, not '%s'", o->word,
			    o->choice, value);
		*(int *)o->into = pick;
		return 0;
	case OPT_LIST:
		return store_item(o, value, f);
	}
	return -1;
}

static int
parse_word(const struct opt_tables *opts, int i, int argc, char **argv, struct fault *f)
{
	const char *word = argv[i] + 2;
	size_t len = strcspn(word, "=");
	const struct opt *o = find(opts, word, len, 0);

	if (o == NULL)
		return refuse_word(opts, word, len, f);
	if (o->arg == NULL)
		return word[len] == '=' ? fault_set(f, "usage", "--%s takes no argument", o->word)
		    : store(o, NULL, f) < 0 ? -1
					    : i + 1;
	if (word[len] == '=')
		return store(o, word + len + 1, f) < 0 ? -1 : i + 1;
	if (i + 1 == argc)
		return fault_set(f, "usage", "--%s wants %s", o->word, o->arg);
	return store(o, argv[i + 1], f) < 0 ? -1 : i + 2;
}

static int
parse_letters(const struct opt_tables *opts, int i, int argc, char **argv, struct fault *f)
{
	for (const char *p = argv[i] + 1; *p != '\0'; p++) {
		const struct opt *o = find(opts, NULL, 0, *p);

		if (o == NULL)
			return fault_set(f, "usage", "no option -%c", *p);
		if (o->arg == NULL) {
			if (store(o, NULL, f) < 0)
				return -1;
			continue;
		}
		if (p[1] != '\0')
			return store(o, p + 1, f) < 0 ? -1 : i + 1;
		if (i + 1 == argc)
			return fault_set(f, "usage", "-%c wants %s", *p, o->arg);
		return store(o, argv[i + 1], f) < 0 ? -1 : i + 2;
	}
	return i + 1;
}

int
opt_parse(const struct opt *own, const struct opt *common, int argc, char **argv, struct fault *f)
{
	const struct opt_tables t = { own, common };
	int i = 1, kept = 0;
	bool ended = false;

	while (i < argc) {
		if (ended || argv[i][0] != '-' || argv[i][1] == '\0')
			argv[++kept] = argv[i++];
		else if (strcmp(argv[i], "--") == 0) {
			ended = true;
			i++;
		} else if ((i = argv[i][1] == '-' ? parse_word(&t, i, argc, argv, f)
						  : parse_letters(&t, i, argc, argv, f))
		    < 0)
			return -1;
	}
	return kept;
}
