#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/match/prefilter_internal.h"

enum {
	READ_MAX = 400, /* bytes of a run; what is undecided then is a candidate */
	STEP = 8,       /* bytes that a run reads before the next one does */
	AHEAD = 6,      /* tokens whose bigram is prefetched */
};

/* A text that is searched. */
struct prefilter_search {
	struct prefilter *prefilter;
	const struct tokens *tokens;
	const char *text;
	size_t len;
	prefilter_fn *fn;
	void *with;
};

static void
make_start(struct prefilter *s, struct prefilter_pattern *x)
{
	lazy_dfa_begin(&s->dfa);
	lazy_dfa_add(&s->dfa, x->nfa_start, false);
	x->dfa_start = lazy_dfa_end(&s->dfa);
}

/* The text is padded, and one byte after a match is read for a word boundary at its end. */
static size_t
read_stop(const struct prefilter_search *f, size_t begin)
{
	return begin + READ_MAX < f->len + 1 ? begin + READ_MAX : f->len + 1;
}

static uint32_t
run_stop(const struct prefilter_search *f, const struct prefilter_pattern *x, size_t begin)
{
	size_t stop = read_stop(f, begin);
	size_t match_end = begin + (size_t)x->max_len * (f->tokens->is_wide ? 4 : 1) + 1;

	return (uint32_t)(match_end < stop ? match_end : stop);
}

static bool
is_decided(uint32_t state)
{
	return state == LAZY_DFA_DEAD || state == LAZY_DFA_QUIT || state & LAZY_DFA_MATCH;
}

/* Reads a step; false if the run has ended. */
static bool
read_step(const struct prefilter_search *f, struct dfa_run *r)
{
	struct lazy_dfa *dfa = &f->prefilter->dfa;
	const uint32_t stop = r->at + STEP < r->stop ? r->at + STEP : r->stop;

	do {
		r->state = lazy_dfa_next(dfa, r->state, (unsigned char)f->text[r->at++]);
	} while (r->at < stop && !is_decided(r->state));
	if (is_decided(r->state) || r->at >= r->stop)
		return false;
	lazy_dfa_prefetch(dfa, r->state);
	return true;
}

/* A run that ended undecided may match, unless it read to the end of the text or of the
 * longest match. */
static bool
may_match(const struct prefilter_search *f, const struct dfa_run *r)
{
	return r->state != LAZY_DFA_DEAD
	    && (is_decided(r->state) || (r->at >= read_stop(f, r->begin) && r->at <= f->len));
}

/* Finishes all runs.  They are interleaved, so that one proceeds while another waits for
 * memory. */
static void
finish_runs(const struct prefilter_search *f)
{
	struct prefilter *s = f->prefilter;

	while (s->runs > 0) {
		size_t n = 0;

		for (size_t i = 0; i < s->runs; i++) {
			struct dfa_run r = s->run[i];

			if (read_step(f, &r))
				s->run[n++] = r;
			else if (may_match(f, &r) && s->candidates < PREFILTER_CANDIDATES)
				s->candidate[s->candidates++] = (struct candidate){ r.pattern,
					r.begin };
		}
		s->runs = n;
	}
}

static void
begin_run(const struct prefilter_search *f, uint32_t pattern, size_t at)
{
	struct prefilter *s = f->prefilter;
	struct prefilter_pattern *x = &s->pattern[pattern];

	if (x->dfa_start == LAZY_DFA_UNKNOWN)
		make_start(s, x);
	if (s->runs == PREFILTER_RUNS)
		finish_runs(f);
	s->run[s->runs++] = (struct dfa_run){ .pattern = pattern,
		.begin = (uint32_t)at,
		.at = (uint32_t)at,
		.stop = run_stop(f, x, at),
		.state = x->dfa_start };
}

/* Where the next word begins inside a token, after an apostrophe or a character that is not
 * ASCII; the token's end if there is none. */
static size_t
next_inside(const char *text, size_t i, size_t end)
{
	for (i++; i < end; i++)
		if (regex_is_word((unsigned char)text[i])
		    && !regex_is_word((unsigned char)text[i - 1]))
			break;
	return i;
}

/* Is a token's begin a word boundary? */
static bool
is_boundary(const struct prefilter_search *f, const struct token *t)
{
	return regex_is_word((unsigned char)f->text[t->at])
	    && (t->at == 0 || f->text[t->at - 1] != '_');
}

/* Underscores are of words for patterns, but not for tokens. */
static size_t
word_end(const struct prefilter_search *f, size_t end)
{
	if (f->text[end] == '_')
		while (regex_is_word((unsigned char)f->text[end]))
			end++;
	return end;
}

/* The patterns that may have a token second. */
static uint32_t
second_of(const struct prefilter_search *f, size_t token)
{
	const struct token *t = &f->tokens->at[token];
	struct first_words *first_words = &f->prefilter->first_words;

	if (token == f->tokens->len)
		return first_words_at_end(first_words);
	return f->text[t->end] != '_'
	    ? t->word.prefilter.second
	    : first_words_second(first_words, f->text + t->at, word_end(f, t->end) - t->at);
}

/* Begins a run of each pattern that may have these first words and passes the literal
 * filter. */
static void
try_patterns(const struct prefilter_search *f, uint32_t first, uint32_t second, size_t at,
    const struct token *t)
{
	const struct literal_filter *literals = &f->prefilter->literals;
	const struct bitset_word *set = bigram_cache_get(&f->prefilter->bigrams, first, second);
	const uint64_t *armed = literal_filter_armed(literals);

	for (; set->bits != 0; set++)
		for (uint64_t left = set->bits & armed[set->word]; left != 0; left &= left - 1) {
			const uint32_t pattern = 64 * (uint32_t)set->word
			    + (uint32_t)__builtin_ctzll(left);

			if (literal_filter_passes(literals, pattern, t->at, f->tokens->is_wide))
				begin_run(f, pattern, at);
		}
}

static void
try_inside(const struct prefilter_search *f, const struct token *t, uint32_t second, size_t end)
{
	for (size_t at = t->at; (at = next_inside(f->text, at, t->end)) < t->end;)
		try_patterns(f,
		    first_words_first(&f->prefilter->first_words, f->text + at, end - at), second,
		    at, t);
}

static void
try_token(const struct prefilter_search *f, size_t token)
{
	const struct token *t = &f->tokens->at[token];
	const uint32_t second = second_of(f, token + 1);
	const size_t end = word_end(f, t->end);
	const uint32_t first = end == t->end
	    ? t->word.prefilter.first
	    : first_words_first(&f->prefilter->first_words, f->text + t->at, end - t->at);

	if (first != BITSET_EMPTY && is_boundary(f, t))
		try_patterns(f, first, second, t->at, t);
	if (t->word.prefilter.has_inner)
		try_inside(f, t, second, end);
}

/* From the last token to the first, so that the literals after each are known; false if the
 * literals of a token are not. */
static bool
try_all_tokens(const struct prefilter_search *f)
{
	struct literal_filter *literals = &f->prefilter->literals;
	const struct tokens *t = f->tokens;

	literal_filter_begin_text(literals, f->len, t->is_wide);
	for (size_t i = t->len; i > 0; i--) {
		const struct token *k = &t->at[i - 1];

		if (i > AHEAD)
			bigram_cache_prefetch_set(&f->prefilter->bigrams,
			    k[-AHEAD].word.prefilter.first, k[1 - AHEAD].word.prefilter.second);
		if (k->word.prefilter.literals == LITERAL_LIST_UNKNOWN)
			return false;
		literal_filter_see(literals, k->word.prefilter.literals, k->at);
		try_token(f, i - 1);
	}
	return true;
}

static int
by_pattern(const void *va, const void *vb)
{
	const struct candidate *a = va, *b = vb;

	if (a->pattern != b->pattern)
		return a->pattern < b->pattern ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* Every word boundary of every pattern: for adversarial texts, in which a bound was reached. */
static void
report_everything(const struct prefilter_search *f)
{
	const struct prefilter *s = f->prefilter;

	for (uint32_t i = 0; i < s->len; i++)
		for (size_t at = 0; at < f->len && !s->pattern[i].is_anywhere; at++)
			if (regex_is_word((unsigned char)f->text[at])
			    && (at == 0 || !regex_is_word((unsigned char)f->text[at - 1])))
				f->fn(f->with, i, at);
}

static void
report(const struct prefilter_search *f)
{
	struct prefilter *s = f->prefilter;

	if (s->candidates > 1)
		qsort(s->candidate, s->candidates, sizeof(*s->candidate), by_pattern);
	for (size_t i = 0; i < s->candidates; i++)
		f->fn(f->with, s->candidate[i].pattern, s->candidate[i].at);
}

void
prefilter_find(struct prefilter *s, const struct tokens *t, prefilter_fn *fn, void *with)
{
	const struct prefilter_search f = { .prefilter = s,
		.tokens = t,
		.text = t->folded.data,
		.len = t->text_len,
		.fn = fn,
		.with = with };
	bool is_known;

	s->candidates = 0;
	is_known = try_all_tokens(&f);
	finish_runs(&f);
	for (size_t i = 0; i < s->anywhere.len; i++)
		if (!is_known || literal_filter_passes_anywhere(&s->literals, s->anywhere.at[i]))
			fn(with, s->anywhere.at[i], PREFILTER_ANYWHERE);
	if (!is_known || s->candidates == PREFILTER_CANDIDATES)
		report_everything(&f);
	else
		report(&f);
}

struct word_prefilter
prefilter_look_up(struct prefilter *s, const char *word, size_t len)
{
	return (struct word_prefilter){
		.literals = literal_filter_look_up(&s->literals, word, len),
		.first = (uint16_t)first_words_first(&s->first_words, word, len),
		.second = (uint16_t)first_words_second(&s->first_words, word, len),
		.has_inner = next_inside(word, 0, len) < len,
	};
}

void
prefilter_prefetch(const struct prefilter *s, const struct word_prefilter *first,
    const struct word_prefilter *second)
{
	literal_filter_prefetch(&s->literals, second->literals);
	if (first->first != BITSET_EMPTY)
		bigram_cache_prefetch(&s->bigrams, first->first, second->second);
}
