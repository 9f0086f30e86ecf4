#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/match/literal_info.h"
#include "lib/match/regex_ast.h"

/* A clause that holds more often than this for a word says nothing. */
static const double chance_max = 0.1;

/* The commonest words, sorted, and about how often each is there. */
static const struct common {
	const char *word;
	double chance;
} common[] = {
	{ "a", .02 }, { "about", .006 }, { "after", .0015 }, { "all", .006 }, { "also", .0015 },
	{ "always", .0015 }, { "am", .0015 }, { "an", .006 }, { "and", .02 }, { "any", .0015 },
	{ "are", .006 }, { "as", .006 }, { "at", .006 }, { "back", .0015 }, { "be", .006 },
	{ "because", .006 }, { "been", .0015 }, { "being", .0015 }, { "better", .0015 },
	{ "but", .006 }, { "by", .006 }, { "can", .006 }, { "could", .0015 }, { "day", .0015 },
	{ "did", .0015 }, { "do", .006 }, { "does", .0015 }, { "don", .006 }, { "even", .0015 },
	{ "every", .0015 }, { "feel", .0015 }, { "find", .0015 }, { "first", .0015 },
	{ "for", .02 }, { "from", .006 }, { "game", .0015 }, { "get", .006 }, { "go", .0015 },
	{ "going", .0015 }, { "good", .0015 }, { "got", .0015 }, { "had", .0015 }, { "has", .006 },
	{ "have", .006 }, { "he", .006 }, { "her", .0015 }, { "here", .0015 }, { "him", .0015 },
	{ "his", .0015 }, { "hope", .0015 }, { "how", .006 }, { "i", .02 }, { "if", .006 },
	{ "in", .02 }, { "into", .0015 }, { "is", .02 }, { "it", .02 }, { "just", .006 },
	{ "know", .0015 }, { "life", .0015 }, { "like", .006 }, { "look", .0015 }, { "lot", .0015 },
	{ "love", .0015 }, { "m", .006 }, { "make", .0015 }, { "me", .006 }, { "more", .006 },
	{ "most", .0015 }, { "much", .0015 }, { "my", .006 }, { "need", .0015 }, { "never", .0015 },
	{ "new", .0015 }, { "no", .006 }, { "not", .006 }, { "now", .0015 }, { "of", .02 },
	{ "off", .0015 }, { "on", .02 }, { "one", .006 }, { "only", .0015 }, { "or", .006 },
	{ "other", .0015 }, { "our", .0015 }, { "out", .006 }, { "over", .0015 },
	{ "people", .006 }, { "please", .0015 }, { "really", .0015 }, { "right", .0015 },
	{ "s", .02 }, { "same", .0015 }, { "say", .0015 }, { "see", .0015 }, { "she", .0015 },
	{ "should", .0015 }, { "so", .006 }, { "some", .006 }, { "someone", .0015 },
	{ "something", .0015 }, { "still", .0015 }, { "sure", .0015 }, { "t", .02 },
	{ "take", .0015 }, { "than", .0015 }, { "thanks", .0015 }, { "that", .02 }, { "the", .02 },
	{ "their", .0015 }, { "them", .006 }, { "then", .0015 }, { "there", .006 },
	{ "they", .006 }, { "thing", .0015 }, { "things", .0015 }, { "think", .0015 },
	{ "this", .006 }, { "time", .0015 }, { "to", .02 }, { "too", .0015 }, { "up", .006 },
	{ "us", .0015 }, { "use", .0015 }, { "very", .0015 }, { "want", .0015 }, { "was", .006 },
	{ "way", .0015 }, { "we", .006 }, { "well", .0015 }, { "what", .006 }, { "when", .006 },
	{ "where", .0015 }, { "who", .0015 }, { "why", .0015 }, { "will", .006 }, { "with", .006 },
	{ "work", .0015 }, { "would", .006 }, { "year", .0015 }, { "years", .0015 }, { "you", .02 },
	{ "your", .006 },
};

static int
by_word(const void *wanted, const void *one)
{
	const struct text *a = wanted;
	const char *b = ((const struct common *)one)->word;
	int c = a->len > 0 ? a->ptr[0] - b[0] : -1;

	if (c == 0)
		c = strncmp(a->ptr, b, a->len);
	return c != 0 ? c : -(b[a->len] != '\0');
}

static double
common_chance(const struct text *word)
{
	const struct common *c = bsearch(word, common,
	    sizeof(common) / sizeof(common[0]), sizeof(common[0]), by_word);

	return c != NULL ? c->chance : 0;
}

/* About how often a word of an English text is this one, or begins so, or has it
 * inside. */
static double
chance(const struct text *s)
{
	static const double whole[] = { 1, .004, .001, .0003, .0001, .00004 };
	static const double begun[] = { 1, .06, .02, .004, .001, .0003 };
	enum { LAST = 5 };
	bool is_begun = s->ptr[0] == LITERALS_EDGE;
	bool is_ended = s->ptr[s->len - 1] == LITERALS_EDGE;
	struct text word = { s->ptr + is_begun, s->len - is_begun - is_ended };
	size_t i = word.len < LAST ? word.len : LAST;

	return is_begun && is_ended ? fmax(whole[i], common_chance(&word))
	    : fmax(begun[i], common_chance(&word));
}

/* Are there words in all its strings, and are they rare? */
static bool
is_clause(const struct literals_set *set)
{
	for (size_t i = 0; i < set->len; i++)
		if (set->at[i].len == 0)
			return false;
	return set->len > 0 && set->len <= PIECES_UNION
	    && set->chance < chance_max;
}

static struct literals_set
copy(const struct literals_set *set, struct arena *a)
{
	struct literals_set out = { .len = set->len, .reach = set->reach };

	out.at = arena_get(a, set->len * sizeof(*out.at));
	if (set->len > 0)
		memcpy(out.at, set->at, set->len * sizeof(*out.at));
	return out;
}

static int
by_text(const void *va, const void *vb)
{
	const struct text *a = va, *b = vb;
	int c = memcmp(a->ptr, b->ptr, a->len < b->len ? a->len : b->len);

	return c != 0 ? c : a->len < b->len ? -1 : a->len > b->len;
}

/* Sorts, and drops strings that are there already. */
static void
thin_out(struct literals_set *set)
{
	size_t kept = 0;

	if (set->len > 1)
		qsort(set->at, set->len, sizeof(*set->at), by_text);
	for (size_t i = 0; i < set->len; i++)
		if (kept == 0 || by_text(&set->at[kept - 1], &set->at[i]) != 0)
			set->at[kept++] = set->at[i];
	set->len = kept;
}

static bool
is_word(char c)
{
	return syntax_is_word((unsigned char)c);
}

/* The rarest word of a string, between LITERALS_EDGE where it surely begins or ends
 * in it. */
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
		if (end - i < (is_begun ? 1 : LITERALS_LEAST)
		    || end - i > LITERALS_MOST
		    || memchr(s->ptr + i, '_', end - i) != NULL)
			continue;
		word = arena_dup(a, s->ptr + i - is_begun,
		    is_begun + end - i + is_ended);
		one = (struct text){ word, is_begun + end - i + is_ended };
		if (is_begun)
			word[0] = LITERALS_EDGE;
		if (is_ended)
			word[one.len - 1] = LITERALS_EDGE;
		if (best.len == 0 || chance(&one) < chance(&best))
			best = one;
	}
	return best;
}

/* Of words: each is there once, and about how often one of them is. */
static void
settle(struct literals_set *words)
{
	thin_out(words);
	words->chance = 0;
	for (size_t i = 0; i < words->len; i++)
		words->chance += words->at[i].len > 0 ? chance(&words->at[i]) : 1;
}

/* A word of each string. */
static struct literals_set
cores(const struct literals_set *set, struct arena *a)
{
	struct literals_set out = copy(set, a);

	for (size_t i = 0; i < out.len; i++)
		out.at[i] = rarest(&set->at[i], a);
	settle(&out);
	return out;
}

static size_t
longest_of(const struct literals_set *set)
{
	size_t most = 0;

	for (size_t i = 0; i < set->len; i++)
		if (set->at[i].len > most)
			most = set->at[i].len;
	return most;
}

/* Adds a clause of words, keeping the rarest. */
static void
demand_words(struct literals *to, const struct literals_set *words, size_t reach)
{
	struct literals_set set = *words;

	if (!is_clause(&set))
		return;
	set.reach = reach;
	for (size_t i = 0; i < to->len; i++)
		if (set.chance < to->clause[i].chance) {
			struct literals_set was = to->clause[i];

			to->clause[i] = set;
			set = was;
		}
	if (to->len < LITERALS_CLAUSES)
		to->clause[to->len++] = set;
}

/* The same of words that are in some strings. */
static void
demand(struct literals *to, const struct literals_set *strings, size_t reach, struct arena *a)
{
	const struct literals_set words = cores(strings, a);

	demand_words(to, &words, reach);
}

struct piece
piece_anything(void)
{
	return (struct piece){ .is_exact = false };
}

struct piece
piece_exactly(const char *s, size_t len, struct arena *a)
{
	struct piece p = { .is_exact = true };

	p.exact.at = arena_get(a, sizeof(*p.exact.at));
	p.exact.at[0] = (struct text){ arena_dup(a, s, len), len };
	p.exact.len = 1;
	return p;
}

/* Every string of x, followed by every one of y. */
static struct literals_set
product(const struct literals_set *x, const struct literals_set *y,
    struct arena *a)
{
	struct literals_set out = { .len = 0 };

	out.at = arena_get(a, x->len * y->len * sizeof(*out.at));
	for (size_t i = 0; i < x->len; i++)
		for (size_t k = 0; k < y->len; k++) {
			size_t len = x->at[i].len + y->at[k].len;
			char *s = arena_get(a, len + 1);

			memcpy(s, x->at[i].ptr, x->at[i].len);
			memcpy(s + x->at[i].len, y->at[k].ptr, y->at[k].len);
			out.at[out.len++] = (struct text){ s, len };
		}
	return out;
}

static struct literals_set
beginning(bool is_edge, struct arena *a)
{
	return piece_exactly((const char[]){ LITERALS_EDGE }, is_edge, a).exact;
}

struct sequence
sequence_begin(bool is_edge, struct arena *a)
{
	return (struct sequence){ .piece = { .is_exact = true },
		.tail = beginning(is_edge, a) };
}

static void
demand_tail(struct sequence *s, struct arena *a)
{
	demand(&s->piece.clauses, &s->tail, s->tail_at + longest_of(&s->tail), a);
}

void
sequence_add(struct sequence *s, const struct piece *p, size_t longest,
    bool is_edge, struct arena *a)
{
	size_t before = s->longest;

	s->longest = longest;
	if (p->is_exact && s->tail.len * p->exact.len <= PIECES_STRINGS) {
		s->tail = product(&s->tail, &p->exact, a);
		return;
	}
	s->piece.is_exact = false;
	demand_tail(s, a);
	if (p->is_exact) {
		s->tail = p->exact;
		s->tail_at = before;
		return;
	}
	for (size_t i = 0; i < p->clauses.len; i++)
		demand_words(&s->piece.clauses, &p->clauses.clause[i],
		    before + p->clauses.clause[i].reach);
	s->tail = beginning(is_edge, a);
	s->tail_at = longest;
}

struct piece
sequence_end(struct sequence *s, struct arena *a)
{
	if (s->piece.is_exact)
		s->piece.exact = s->tail;
	else
		demand_tail(s, a);
	return s->piece;
}

/* The one clause of a piece that stands for it among alternatives. */
static struct literals_set
best(const struct piece *p, struct arena *a)
{
	struct literals_set none = { .len = 0 }, set;

	if (!p->is_exact)
		return p->clauses.len > 0 ? p->clauses.clause[0] : none;
	set = cores(&p->exact, a);
	set.reach = longest_of(&p->exact);
	return is_clause(&set) ? set : none;
}

/* All strings of some sets, which reach as far as any of them. */
static struct literals_set
all_of(const struct literals_set *set, size_t n, struct arena *a)
{
	struct literals_set out = { .len = 0 };
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += set[i].len;
	out.at = arena_get(a, (len + 1) * sizeof(*out.at));
	for (size_t i = 0; i < n; i++) {
		if (set[i].len > 0)
			memcpy(out.at + out.len, set[i].at, set[i].len * sizeof(*out.at));
		out.len += set[i].len;
		out.reach = set[i].reach > out.reach ? set[i].reach : out.reach;
	}
	return out;
}

static bool
are_exact(const struct piece *of, size_t n)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		len += of[i].exact.len;
		if (!of[i].is_exact || len > PIECES_UNION)
			return false;
	}
	return true;
}

struct piece
piece_either(const struct piece *of, size_t n, struct arena *a)
{
	struct piece out = { .is_exact = are_exact(of, n) };
	struct literals_set *set, all;

	if (n == 1)
		return of[0];
	set = arena_get(a, n * sizeof(*set));
	for (size_t i = 0; i < n; i++) {
		set[i] = out.is_exact ? of[i].exact : best(&of[i], a);
		if (set[i].len == 0 && !out.is_exact)
			return out;
	}
	all = all_of(set, n, a);
	if (out.is_exact) {
		out.exact = all;
		return out;
	}
	settle(&all);
	demand_words(&out.clauses, &all, all.reach);
	return out;
}

struct piece
piece_repeated(const struct piece *p, unsigned low, unsigned high,
    struct arena *a)
{
	const struct piece both[] = { piece_exactly("", 0, a), *p };
	struct piece some = piece_anything();

	if (low == 1 && high == 1)
		return *p;
	if (low == 0)
		return high == 1 && p->is_exact && p->exact.len < PIECES_STRINGS
		    ? piece_either(both, 2, a) : some;
	if (!p->is_exact)
		return *p;
	demand(&some.clauses, &p->exact, longest_of(&p->exact), a);
	return some;
}

struct literals
piece_literals(const struct piece *p, struct arena *a)
{
	struct literals out = p->clauses;

	if (p->is_exact)
		demand(&out, &p->exact, longest_of(&p->exact), a);
	return out;
}
