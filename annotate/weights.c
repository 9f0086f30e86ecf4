#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/file.h"
#include "lib/text/tsv.h"
#include "annotate/weights.h"

enum { COLUMNS = 3, FACTOR_MAX = 10, KNOWN = 4096,
	SHORTEST = 8, LONGEST = 32 };	/* names of rules that are remembered */

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

/* The bytes of a rule's name, and its factor; of those that have the same place, the one
 * that was met last. */
struct known {
	uint64_t name[4], len;
	double factor;
};

struct map_weights {
	const char *file;
	struct known *known;
	struct factor *factor;		/* of families and rules, sorted by name */
	size_t len;
	uint64_t lengths;		/* bit i % 64 if there is a name of length i */
	double constant[WEIGHTS_CONSTANTS];
	bool has[WEIGHTS_CONSTANTS];
	char version[16];
};

static int
compare_names(const void *va, const void *vb)
{
	const struct text *a = &((const struct factor *)va)->name;
	const struct text *b = &((const struct factor *)vb)->name;
	int c = memcmp(a->ptr, b->ptr, a->len < b->len ? a->len : b->len);

	return c != 0 ? c : a->len < b->len ? -1 : a->len > b->len;
}

static bool
is_text(const struct text *s, const char *word)
{
	return strlen(word) == s->len && memcmp(s->ptr, word, s->len) == 0;
}

static int
blame(const struct map_weights *w, int line, const char *what, struct fault *f)
{
	return fault_stop(f, "%s:%d: %s", w->file, line, what);
}

static int
read_constant(struct map_weights *w, const struct table *t, struct fault *f)
{
	for (int i = 0; i < WEIGHTS_CONSTANTS; i++) {
		if (!is_text(&t->column[1], constants[i].name))
			continue;
		if (w->has[i])
			return blame(w, t->line, "this constant stands twice", f);
		w->has[i] = true;
		if (rules_number(&t->column[2], constants[i].low,
		    constants[i].high, &w->constant[i]))
			return 0;
		return fault_stop(f, "%s:%d: %s is a number from %g to %g",
		    w->file, t->line, constants[i].name, constants[i].low,
		    constants[i].high);
	}
	return blame(w, t->line, "there is no such constant", f);
}

static int
read_row(struct map_weights *w, const struct table *t, struct fault *f)
{
	const struct text *kind = &t->column[0];
	struct factor one = { .name = t->column[1], .line = t->line };

	if (t->columns != COLUMNS)
		return blame(w, t->line,
		    "expected three columns: kind, name, value", f);
	if (is_text(kind, "constant"))
		return read_constant(w, t, f);
	if (!is_text(kind, "family") && !is_text(kind, "rule"))
		return blame(w, t->line,
		    "a kind is family, rule or constant", f);
	if (is_text(kind, "family") && !rules_is_family(&one.name))
		return blame(w, t->line, "there is no such family", f);
	if (!rules_number(&t->column[2], 0, FACTOR_MAX, &one.value))
		return blame(w, t->line, "a factor is a number from 0 to 10", f);
	w->factor[w->len++] = one;
	w->lengths |= (uint64_t)1 << one.name.len % 64;
	return 0;
}

/* What only shows when everything is read. */
static int
finish(struct map_weights *w, struct fault *f)
{
	for (int i = 0; i < WEIGHTS_CONSTANTS; i++)
		if (!w->has[i])
			return fault_stop(f, "%s: the constant %s is missing",
			    w->file, constants[i].name);
	if (w->len > 0)
		qsort(w->factor, w->len, sizeof(*w->factor), compare_names);
	for (size_t i = 1; i < w->len; i++)
		if (compare_names(&w->factor[i - 1], &w->factor[i]) == 0)
			return blame(w, w->factor[i].line > w->factor[i - 1].line
			    ? w->factor[i].line : w->factor[i - 1].line,
			    "this factor stands twice", f);
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

struct map_weights *
map_weights_read(const char *folder, struct arena *a, struct fault *f)
{
	struct map_weights *w = arena_get(a, sizeof(*w));
	size_t room = strlen(folder) + sizeof("/weights.tsv"), len;
	char *file = arena_get(a, room), *text;
	struct table t;

	snprintf(file, room, "%s/weights.tsv", folder);
	w->file = file;
	w->known = arena_get(a, KNOWN * sizeof(*w->known));
	if ((text = file_read(file, RULES_FILE_MAX, a, &len, f)) == NULL)
		return NULL;
	snprintf(w->version, sizeof(w->version), "%08" PRIx32,
	    (uint32_t)(XXH3_64bits(text, len) >> 32));
	w->factor = arena_get(a, count_lines(text, len) * sizeof(*w->factor));
	t = table_begin(text, len);
	while (table_next(&t))
		if (read_row(w, &t, f) < 0)
			return NULL;
	return finish(w, f) < 0 ? NULL : w;
}

static double
factor_of(const struct map_weights *w, const struct text *name)
{
	struct factor wanted = { .name = *name };
	const struct factor *found = !(w->lengths >> name->len % 64 & 1) ? NULL
	    : bsearch(&wanted, w->factor, w->len, sizeof(*w->factor), compare_names);

	return found != NULL ? found->value : 1;
}

static double
find_out(const struct map_weights *w, const struct text *rule)
{
	struct text family = rules_family(rule);

	return factor_of(w, &family) * (family.len < rule->len
	    ? factor_of(w, rule) : 1);
}

static uint64_t
eight_at(const struct text *s, size_t at)
{
	uint64_t x;

	memcpy(&x, s->ptr + at, sizeof(x));
	return x;
}

/* Eights from the beginning and from the end: together they are all of a name. */
static struct known
known_as(const struct text *s)
{
	const size_t second = s->len < 16 ? 0 : 8, third = s->len < 16 ? s->len - 8 : s->len - 16;

	return (struct known){ { eight_at(s, 0), eight_at(s, second), eight_at(s, third),
		eight_at(s, s->len - 8) }, s->len, 0 };
}

double
weights_factor(const struct map_weights *w, const struct text *rule)
{
	struct known one, *at;
	uint64_t hash;

	if (rule->len < SHORTEST || rule->len > LONGEST)
		return find_out(w, rule);
	one = known_as(rule);
	hash = (one.name[0] ^ one.name[1] * 0xbf58476d1ce4e5b9 ^ one.name[2]
	    * 0xc2b2ae3d27d4eb4f ^ one.name[3]) * 0x9e3779b97f4a7c15;
	at = &w->known[(hash ^ hash >> 32) >> 16 & (KNOWN - 1)];
	if (((at->name[0] ^ one.name[0]) | (at->name[1] ^ one.name[1])
	    | (at->name[2] ^ one.name[2]) | (at->name[3] ^ one.name[3])
	    | (at->len ^ one.len)) != 0) {
		one.factor = find_out(w, rule);
		*at = one;
	}
	return at->factor;
}

double
weights_get(const struct map_weights *w, enum weights_constant c)
{
	return w->constant[c];
}

const char *
weights_version(const struct map_weights *w)
{
	return w->version;
}

static bool
is_known(const struct rules *rules, const struct text *id)
{
	static const struct text place = { "community.", 10 };

	for (size_t i = 0; i < rules->len; i++)
		if (rules->rule[i].id.len == id->len
		    && memcmp(rules->rule[i].id.ptr, id->ptr, id->len) == 0)
			return true;
	for (size_t i = 0; i < rules->communities && id->len > place.len; i++)
		if (memcmp(id->ptr, place.ptr, place.len) == 0
		    && rules->community[i].name.len == id->len - place.len
		    && memcmp(rules->community[i].name.ptr, id->ptr + place.len,
		    id->len - place.len) == 0)
			return true;
	return false;
}

void
map_weights_check(const struct map_weights *w, const struct rules *rules,
    rules_fault_fn *fn, void *with)
{
	for (size_t i = 0; i < w->len; i++) {
		const struct text *id = &w->factor[i].name;
		struct fault one = FAULT_NONE;

		if (rules_is_family(id) || is_known(rules, id))
			continue;
		fault_stop(&one, "%s:%d: there is no rule '%.*s'", w->file,
		    w->factor[i].line, (int)(id->len < 100 ? id->len : 100),
		    id->ptr);
		fn(with, &one);
	}
}
