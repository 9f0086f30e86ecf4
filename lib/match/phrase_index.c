/* extract_words.c - looking tokens up, and following phrases. */

#include "config.h"

#include "lib/match/phrase_index_build.h"

static uint32_t
find_word(const struct words *w, const char *key, size_t len)
{
	uint64_t hash = lexicon_hash(key, len);
	size_t i = hash & w->slots_mask;

	if (!(w->filter[lexicon_filter_at(hash)] >> (hash & 63) & 1))
		return 0;
	for (; w->slot[i].symbol != 0; i = (i + 1) & w->slots_mask) {
		const struct symbol *s = &w->symbol[w->slot[i].symbol];

		if (w->slot[i].hash == (uint32_t)(hash >> 32) && s->len == len
		    && memcmp(s->key, key, len) == 0)
			return w->slot[i].symbol;
	}
	return 0;
}

/* "the cat's": of the cat, where no rule names it as it stands. */
static uint32_t
find_owner(const struct words *w, const char *key, size_t len)
{
	return len > 2 && memcmp(key + len - 2, "'s", 2) == 0
	    ? find_word(w, key, len - 2) : 0;
}

/* The longest stem that a token begins with. */
static uint32_t
find_stem(const struct words *w, const char *key, size_t len)
{
	uint32_t three = lexicon_three(key);
	size_t i = lexicon_three_at(w, three);
	const struct stems *g;

	if (len < RULES_STEM_LEAST)
		return 0;
	for (; w->stems[i].len > 0; i = (i + 1) & w->stems_mask) {
		g = &w->stems[i];
		if (g->three != three)
			continue;
		for (uint32_t k = g->first; k < g->first + g->len; k++) {
			const struct symbol *s = &w->symbol[w->stem[k]];

			if (s->len <= len && memcmp(s->key, key, s->len) == 0)
				return w->stem[k];
		}
		return 0;
	}
	return 0;
}

/* behind: the marks of all symbols of the word that may come behind others. */
static uint32_t
find_child(const struct words *w, uint32_t node, uint32_t symbol, uint64_t behind)
{
	uint64_t key = lexicon_edge(node, symbol);
	size_t i = lexicon_edge_hash(key) & w->edges_mask;

	if (!(w->node[node].goes_on & behind & lexicon_mark(symbol)))
		return 0;
	for (; w->edge[i].key != 0; i = (i + 1) & w->edges_mask)
		if (w->edge[i].key == key)
			return w->edge[i].node;
	return 0;
}

static bool
ends_with(const char *s, size_t len, const char *end)
{
	size_t n = strlen(end);

	return len > n && memcmp(s + len - n, end, n) == 0;
}

/* "don't", "we're"; of words with 's those that are no genitives. */
static bool
is_contraction(const char *key, size_t len)
{
	static const char *const ends[] = { "n't", "'re", "'ve", "'ll", "'d",
		"'m" };
	static const char *const whole[] = { "it's", "that's", "he's", "she's",
		"there's", "here's", "what's", "who's", "where's", "how's",
		"let's", "y'all" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_with(key, len, ends[i]))
			return true;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (strlen(whole[i]) == len && memcmp(whole[i], key, len) == 0)
			return true;
	return false;
}

/* The symbols of a word: itself, its longest stem, and those that begin that. */
static uint32_t
first_symbol(const struct token_word *is)
{
	return is->word != 0 ? is->word : is->stem;
}

static uint32_t
next_symbol(const struct words *w, const struct token_word *is, uint32_t symbol)
{
	return symbol == is->word ? is->stem : w->node[symbol].shorter;
}

void
words_look_up(const struct words *w, const char *key, size_t len,
    struct token_word *out)
{
	out->word = find_word(w, key, len);
	out->stem = find_stem(w, key, len);
	if (out->word == 0)
		out->word = find_owner(w, key, len);
	out->marks = is_contraction(key, len) ? MARK_CONTRACTION : 0;
	for (uint32_t s = first_symbol(out); s != 0; s = next_symbol(w, out, s)) {
		const struct node *node = &w->node[s];

		for (uint32_t i = 0; i < node->outs; i++) {
			const unsigned mark = lexicon_out(w, node, i)->mark;

			out->marks |= (uint16_t)mark;
			out->hedges += mark == MARK_HEDGE;
			out->speaks |= mark == 0;
		}
		out->goes_on |= node->goes_on;
		out->goes_behind |= node->is_later ? lexicon_mark(s) : 0;
	}
}

enum { AHEAD = 8, NEAR = 4 };	/* tokens */

/* One look through a text. */
struct look {
	const struct words *words;
	struct tokens *tokens;
	struct hits *hits;
	size_t hedges;
};

static void
mark(struct look *l, unsigned what, size_t first, size_t stop)
{
	l->hedges += what == MARK_HEDGE;
	if (what == MARK_LIKE)
		what |= MARK_LIKE_PHRASE;
	for (size_t i = first; i < stop; i++)
		l->tokens->at[i].marks |= (uint16_t)what;
	l->tokens->marks |= what;
}

/* The marks of single words are known. */
static void
speak(struct look *l, const struct node *node, size_t first, size_t stop)
{
	const struct token *t = l->tokens->at;

	for (uint32_t i = 0; i < node->outs; i++) {
		const struct out *out = lexicon_out(l->words, node, i);
		struct hit hit = { out->rule, t[first].at, t[stop - 1].end,
			(uint32_t)first, (uint32_t)stop };

		if (out->mark == 0)
			hits_add(l->hits, &hit);
		else if (stop - first > 1)
			mark(l, out->mark, first, stop);
	}
}

/* Every phrase that goes on from a node with the token at `at`. */
static void
follow(struct look *l, uint32_t from, size_t first, size_t at)
{
	const struct words *w = l->words;
	const struct token *t = &l->tokens->at[at];

	for (uint32_t s = first_symbol(&t->is); s != 0; s = next_symbol(w, &t->is, s)) {
		uint32_t node = from == 0 ? s : find_child(w, from, s, t->is.goes_behind);

		if (node == 0)
			continue;
		speak(l, &w->node[node], first, at + 1);
		if (w->node[node].goes_on != 0 && at + 1 < l->tokens->len
		    && t[1].sentence == t->sentence)
			follow(l, node, first, at + 1);
	}
}

/* Does it speak by itself, or may it go on with the next one? */
static inline bool
is_followed(const struct token *k)
{
	return k->is.speaks || k->is.goes_on & k[1].is.goes_behind;
}

/* Asks for what follow() will look at from memory. */
static void
fetch(const struct words *w, const struct token *k)
{
	const uint32_t symbol = first_symbol(&k->is);
	const uint64_t edge = lexicon_edge(symbol, first_symbol(&k[1].is));

	__builtin_prefetch(&w->node[symbol]);
	__builtin_prefetch(&w->edge[lexicon_edge_hash(edge) & w->edges_mask]);
}

/* And, when that is there, for what it leads to. */
static void
fetch_child(const struct words *w, const struct token *k)
{
	__builtin_prefetch(&w->node[find_child(w, first_symbol(&k->is),
	    first_symbol(&k[1].is), k[1].is.goes_behind)]);
}

struct words_counts
words_find(const struct words *w, struct tokens *t, struct hits *hits)
{
	struct look look = { w, t, hits, 0 };
	struct words_counts n = { 0 };

	t->marks = 0;
	for (size_t i = 0; i < t->len; i++) {
		const struct token *k = &t->at[i];

		t->marks |= k->is.marks;
		n.hedges += k->is.hedges;
		n.first_person += (k->is.marks & MARK_FIRST_PERSON) != 0;
		n.second_person += (k->is.marks & MARK_SECOND_PERSON) != 0;
		n.contractions += (k->is.marks & MARK_CONTRACTION) != 0;
		if (i + AHEAD < t->len && is_followed(&k[AHEAD]))
			fetch(w, &k[AHEAD]);
		if (i + NEAR < t->len && is_followed(&k[NEAR]))
			fetch_child(w, &k[NEAR]);
		if (is_followed(k))
			follow(&look, 0, i, i);
	}
	n.hedges += look.hedges;
	return n;
}
