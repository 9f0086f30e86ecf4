#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/match/literal_info.h"
#include "lib/match/word_frequency.h"

/* A clause that a tenth of all words satisfy filters nothing. */
static const double frequency_max = 0.1;

static double
frequency(const struct text *s)
{
	bool is_begun = s->ptr[0] == LITERAL_WORD_BOUNDARY;
	bool is_ended = s->ptr[s->len - 1] == LITERAL_WORD_BOUNDARY;
	struct text word = { s->ptr + is_begun, s->len - is_begun - is_ended };

	return word_frequency(&word, is_begun && is_ended);
}

/* Has each string a word, and are these rare enough together? */
static bool
is_clause(const struct literal_set *set)
{
	for (size_t i = 0; i < set->len; i++)
		if (set->at[i].len == 0)
			return false;
	return set->len > 0 && set->len <= LITERAL_UNION_MAX && set->frequency < frequency_max;
}

static struct literal_set
copy(const struct literal_set *set, struct arena *a)
{
	struct literal_set out = { .len = set->len, .reach = set->reach };

	out.at = arena_alloc(a, set->len * sizeof(*out.at));
	if (set->len > 0)
		memcpy(out.at, set->at, set->len * sizeof(*out.at));
	return out;
}

static int
by_text(const void *a, const void *b)
{
	return text_compare(a, b);
}

/* Sorts the strings and drops duplicates. */
static void
sort_unique(struct literal_set *set)
{
	size_t kept = 0;

	if (set->len > 1)
		qsort(set->at, set->len, sizeof(*set->at), by_text);
	for (size_t i = 0; i < set->len; i++)
		if (kept == 0 || !text_equals(&set->at[kept - 1], &set->at[i]))
			set->at[kept++] = set->at[i];
	set->len = kept;
}

static bool
is_word(char c)
{
	return regex_is_word((unsigned char)c);
}

/* The rarest word of a string, with LITERAL_WORD_BOUNDARY where the string shows that it
 * begins or ends. */
static struct text
rarest(const struct text *s, struct arena *a)
{
	struct text best = { s->ptr, 0 };

	for (size_t i = 0, end; i < s->len; i = end + 1) {
		struct text one;
		size_t is_begun = i > 0, is_ended;
		char *word;

		for (end = i; end < s->len && is_word(s->ptr[end]);)
			end++;
		is_ended = end < s->len;
		if (end - i < (is_begun ? 1 : LITERAL_INFIX_MIN) || end - i > LITERAL_LEN_MAX
		    || memchr(s->ptr + i, '_', end - i) != NULL)
			continue;
		word = arena_strndup(a, s->ptr + i - is_begun, is_begun + end - i + is_ended);
		one = (struct text){ word, is_begun + end - i + is_ended };
		if (is_begun)
			word[0] = LITERAL_WORD_BOUNDARY;
		if (is_ended)
			word[one.len - 1] = LITERAL_WORD_BOUNDARY;
		if (best.len == 0 || frequency(&one) < frequency(&best))
			best = one;
	}
	return best;
}

/* Makes a sorted set of words and adds up their frequencies. */
static void
make_word_set(struct literal_set *words)
{
	sort_unique(words);
	words->frequency = 0;
	for (size_t i = 0; i < words->len; i++)
		words->frequency += words->at[i].len > 0 ? frequency(&words->at[i]) : 1;
}

/* The rarest word of each string: if one of the strings occurs, so does one of the words. */
static struct literal_set
rarest_words(const struct literal_set *set, struct arena *a)
{
	struct literal_set out = copy(set, a);

	for (size_t i = 0; i < out.len; i++)
		out.at[i] = rarest(&set->at[i], a);
	make_word_set(&out);
	return out;
}

static size_t
max_len_of(const struct literal_set *set)
{
	size_t most = 0;

	for (size_t i = 0; i < set->len; i++)
		if (set->at[i].len > most)
			most = set->at[i].len;
	return most;
}

/* Adds a clause; only the rarest LITERAL_CLAUSES_MAX are kept. */
static void
require_words(struct required_literals *to, const struct literal_set *words, size_t reach)
{
	struct literal_set set = *words;

	if (!is_clause(&set))
		return;
	set.reach = reach;
	for (size_t i = 0; i < to->len; i++)
		if (set.frequency < to->clause[i].frequency) {
			struct literal_set was = to->clause[i];

			to->clause[i] = set;
			set = was;
		}
	if (to->len < LITERAL_CLAUSES_MAX)
		to->clause[to->len++] = set;
}

/* Adds the clause that one of the strings occurs. */
static void
require_strings(struct required_literals *to, const struct literal_set *strings, size_t reach,
    struct arena *a)
{
	const struct literal_set words = rarest_words(strings, a);

	require_words(to, &words, reach);
}

struct literal_info
literal_info_any(void)
{
	return (struct literal_info){ .is_exact = false };
}

struct literal_info
literal_info_string(const char *s, size_t len, struct arena *a)
{
	struct literal_info p = { .is_exact = true };

	p.exact.at = arena_alloc(a, sizeof(*p.exact.at));
	p.exact.at[0] = (struct text){ arena_strndup(a, s, len), len };
	p.exact.len = 1;
	return p;
}

/* Every string of x followed by every one of y (RE2: CrossProduct). */
static struct literal_set
cross_product(const struct literal_set *x, const struct literal_set *y, struct arena *a)
{
	struct literal_set out = { .len = 0 };

	out.at = arena_alloc(a, x->len * y->len * sizeof(*out.at));
	for (size_t i = 0; i < x->len; i++)
		for (size_t k = 0; k < y->len; k++) {
			size_t len = x->at[i].len + y->at[k].len;
			char *s = arena_alloc(a, len + 1);

			memcpy(s, x->at[i].ptr, x->at[i].len);
			memcpy(s + x->at[i].len, y->at[k].ptr, y->at[k].len);
			out.at[out.len++] = (struct text){ s, len };
		}
	return out;
}

static struct literal_set
boundary_or_empty(bool is_boundary, struct arena *a)
{
	return literal_info_string((const char[]){ LITERAL_WORD_BOUNDARY }, is_boundary, a).exact;
}

struct literal_concat
literal_concat_begin(bool is_boundary, struct arena *a)
{
	return (struct literal_concat){ .info = { .is_exact = true },
		.suffix = boundary_or_empty(is_boundary, a) };
}

static void
require_suffix(struct literal_concat *s, struct arena *a)
{
	require_strings(&s->info.required, &s->suffix, s->suffix_at + max_len_of(&s->suffix), a);
}

void
literal_concat_add(struct literal_concat *s, const struct literal_info *p, size_t max_len,
    bool is_boundary, struct arena *a)
{
	size_t before = s->max_len;

	s->max_len = max_len;
	if (p->is_exact && s->suffix.len * p->exact.len <= LITERAL_CROSS_MAX) {
		s->suffix = cross_product(&s->suffix, &p->exact, a);
		return;
	}
	s->info.is_exact = false;
	require_suffix(s, a);
	if (p->is_exact) {
		s->suffix = p->exact;
		s->suffix_at = before;
		return;
	}
	for (size_t i = 0; i < p->required.len; i++)
		require_words(&s->info.required, &p->required.clause[i],
		    before + p->required.clause[i].reach);
	s->suffix = boundary_or_empty(is_boundary, a);
	s->suffix_at = max_len;
}

struct literal_info
literal_concat_end(struct literal_concat *s, struct arena *a)
{
	if (s->info.is_exact)
		s->info.exact = s->suffix;
	else
		require_suffix(s, a);
	return s->info;
}

/* The clause that an alternative adds to the union. */
static struct literal_set
rarest_clause(const struct literal_info *p, struct arena *a)
{
	struct literal_set none = { .len = 0 }, set;

	if (!p->is_exact)
		return p->required.len > 0 ? p->required.clause[0] : none;
	set = rarest_words(&p->exact, a);
	set.reach = max_len_of(&p->exact);
	return is_clause(&set) ? set : none;
}

/* The union of sets, with the largest reach. */
static struct literal_set
union_of(const struct literal_set *set, size_t n, struct arena *a)
{
	struct literal_set out = { .len = 0 };
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += set[i].len;
	out.at = arena_alloc(a, (len + 1) * sizeof(*out.at));
	for (size_t i = 0; i < n; i++) {
		if (set[i].len > 0)
			memcpy(out.at + out.len, set[i].at, set[i].len * sizeof(*out.at));
		out.len += set[i].len;
		out.reach = set[i].reach > out.reach ? set[i].reach : out.reach;
	}
	return out;
}

static bool
are_exact(const struct literal_info *of, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		len += of[i].exact.len;
		if (!of[i].is_exact || len > LITERAL_UNION_MAX)
			return false;
	}
	return true;
}

struct literal_info
literal_info_alternate(const struct literal_info *of, size_t n, struct arena *a)
{
	struct literal_info out = { .is_exact = are_exact(of, n) };
	struct literal_set *set, all;

	if (n == 1)
		return of[0];
	set = arena_alloc(a, n * sizeof(*set));
	for (size_t i = 0; i < n; i++) {
		set[i] = out.is_exact ? of[i].exact : rarest_clause(&of[i], a);
		if (set[i].len == 0 && !out.is_exact)
			return out;
	}
	all = union_of(set, n, a);
	if (out.is_exact) {
		out.exact = all;
		return out;
	}
	make_word_set(&all);
	require_words(&out.required, &all, all.reach);
	return out;
}

struct literal_info
literal_info_repeat(const struct literal_info *p, unsigned min, unsigned max, struct arena *a)
{
	const struct literal_info both[] = { literal_info_string("", 0, a), *p };
	struct literal_info some = literal_info_any();

	if (min == 1 && max == 1)
		return *p;
	if (min == 0)
		return max == 1 && p->is_exact && p->exact.len < LITERAL_CROSS_MAX
		    ? literal_info_alternate(both, 2, a)
		    : some;
	if (!p->is_exact)
		return *p;
	require_strings(&some.required, &p->exact, max_len_of(&p->exact), a);
	return some;
}

struct required_literals
literal_info_required(const struct literal_info *p, struct arena *a)
{
	struct required_literals out = p->required;

	if (p->is_exact)
		require_strings(&out, &p->exact, max_len_of(&p->exact), a);
	return out;
}
