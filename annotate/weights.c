#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "lib/core/file.h"
#include "lib/text/tsv.h"
#include "annotate/weights.h"

enum { COLUMNS = 3, FACTOR_MAX = 10 };

static const struct {
	const char *name;
	double low, high;
} constants[WEIGHTS_CONSTANTS] = {
	[WEIGHTS_SCALE] = { "scale", 1e-3, 1e3 },
	[WEIGHTS_REPEAT] = { "repeat", 0, 1 },
	[WEIGHTS_CERTAINTY] = { "certainty", 1e-3, 1e3 },
	[WEIGHTS_CONFLICT] = { "conflict", 0, 1 },
};

struct factor {
	struct text name;
	double value;
	int line;
};

struct weights {
	const char *file;
	struct factor *factor; /* of families and rules, sorted by name */
	size_t len;
	double constant[WEIGHTS_CONSTANTS];
	bool has[WEIGHTS_CONSTANTS];
	char version[16];
};

static int
compare_names(const void *va, const void *vb)
{
	const struct factor *a = va, *b = vb;

	return text_compare(&a->name, &b->name);
}

static int
blame(const struct weights *w, int line, const char *what, struct fault *f)
{
	return fault_stop(f, "%s:%d: %s", w->file, line, what);
}

static int
read_constant(struct weights *w, const struct tsv *t, struct fault *f)
{
	for (int i = 0; i < WEIGHTS_CONSTANTS; i++) {
		if (!text_is(&t->column[1], constants[i].name))
			continue;
		if (w->has[i])
			return blame(w, t->line, "this constant is given twice", f);
		w->has[i] = true;
		if (rules_number(&t->column[2], constants[i].low, constants[i].high,
			&w->constant[i]))
			return 0;
		return fault_stop(f, "%s:%d: %s must be a number from %g to %g", w->file, t->line,
		    constants[i].name, constants[i].low, constants[i].high);
	}
	return blame(w, t->line, "unknown constant", f);
}

static int
read_row(struct weights *w, const struct tsv *t, struct fault *f)
{
	const struct text *kind = &t->column[0];
	struct factor one = { .name = t->column[1], .line = t->line };

	if (t->columns != COLUMNS)
		return blame(w, t->line, "expected three columns: kind, name, value", f);
	if (text_is(kind, "constant"))
		return read_constant(w, t, f);
	if (!text_is(kind, "family") && !text_is(kind, "rule"))
		return blame(w, t->line, "the kind must be family, rule or constant", f);
	if (text_is(kind, "family") && !rules_is_family(&one.name))
		return blame(w, t->line, "unknown family of rules", f);
	if (!rules_number(&t->column[2], 0, FACTOR_MAX, &one.value))
		return blame(w, t->line, "a factor must be a number from 0 to 10", f);
	w->factor[w->len++] = one;
	return 0;
}

/* Sorts the factors, and checks what can only be checked at the end. */
static int
finish(struct weights *w, struct fault *f)
{
	for (int i = 0; i < WEIGHTS_CONSTANTS; i++)
		if (!w->has[i])
			return fault_stop(f, "%s: the constant %s is missing", w->file,
			    constants[i].name);
	if (w->len > 0)
		qsort(w->factor, w->len, sizeof(*w->factor), compare_names);
	for (size_t i = 1; i < w->len; i++)
		if (compare_names(&w->factor[i - 1], &w->factor[i]) == 0)
			return blame(w,
			    w->factor[i].line > w->factor[i - 1].line ? w->factor[i].line
								      : w->factor[i - 1].line,
			    "this factor is given twice", f);
	return 0;
}

static size_t
count_lines(const char *s, size_t len)
{
	size_t n = 1;

	for (size_t i = 0; i < len; i++)
		n += s[i] == '\n';
	return n;
}

struct weights *
weights_read(const char *folder, struct arena *a, struct fault *f)
{
	struct weights *w = arena_alloc(a, sizeof(*w));
	size_t size = strlen(folder) + sizeof("/weights.tsv"), len;
	char *file = arena_alloc(a, size), *text;
	struct tsv t;

	snprintf(file, size, "%s/weights.tsv", folder);
	w->file = file;
	if (access(file, F_OK) != 0) {
		rules_missing(file, f);
		return NULL;
	}
	if ((text = file_read(file, RULES_FILE_MAX, a, &len, f)) == NULL)
		return NULL;
	snprintf(w->version, sizeof(w->version), "%08" PRIx32,
	    (uint32_t)(XXH3_64bits(text, len) >> 32));
	w->factor = arena_alloc(a, count_lines(text, len) * sizeof(*w->factor));
	t = tsv_begin(text, len);
	while (tsv_next(&t))
		if (read_row(w, &t, f) < 0)
			return NULL;
	return finish(w, f) < 0 ? NULL : w;
}

static double
factor_of(const struct weights *w, const struct text *name)
{
	struct factor wanted = { .name = *name };
	const struct factor *found = bsearch(&wanted, w->factor, w->len, sizeof(*w->factor),
	    compare_names);

	return found != NULL ? found->value : 1;
}

double
weights_factor(const struct weights *w, const struct text *rule)
{
	struct text family = rules_family(rule);

	return factor_of(w, &family) * (family.len < rule->len ? factor_of(w, rule) : 1);
}

double
weights_look_up(const struct weights *w, enum weights_constant c)
{
	return w->constant[c];
}

const char *
weights_version(const struct weights *w)
{
	return w->version;
}

static bool
is_known(const struct rules *rules, const struct text *id)
{
	static const char prefix[] = "community.";
	const size_t prefix_len = sizeof(prefix) - 1;
	struct text name;

	for (size_t i = 0; i < rules->len; i++)
		if (text_equals(&rules->rule[i].id, id))
			return true;
	if (id->len <= prefix_len || memcmp(id->ptr, prefix, prefix_len) != 0)
		return false;
	name = (struct text){ id->ptr + prefix_len, id->len - prefix_len };
	for (size_t i = 0; i < rules->communities; i++)
		if (text_equals(&rules->community[i].name, &name))
			return true;
	return false;
}

void
weights_check(const struct weights *w, const struct rules *rules, rules_fault_fn *fn, void *with)
{
	for (size_t i = 0; i < w->len; i++) {
		const struct text *id = &w->factor[i].name;
		struct fault one = FAULT_NONE;

		if (rules_is_family(id) || is_known(rules, id))
			continue;
		fault_stop(&one, "%s:%d: there is no rule '%.*s'", w->file, w->factor[i].line,
		    (int)(id->len < 100 ? id->len : 100), id->ptr);
		fn(with, &one);
	}
}
