/* extract_words.c - looking tokens up, and following phrases. */

#include "config.h"

#include "stages/extract_lexicon.h"

static uint32_t
find_word(const struct words *w, const char *key, size_t len)
{
	uint64_t hash = lexicon_hash(key, len);
	size_t i = hash & w->slots_mask;

	if (!(w->filter[lexicon_filter_at(hash)] >> (hash & 63) & 1))
		return 0;
	for (; w->slot[i].symbol != 0; i = (i + 1) & w->slots_mask) {
		uint32_t symbol = w->slot[i].symbol;
		const struct symbol *s = &w->symbol[symbol & ~LEXICON_BEGINS];

		if (w->slot[i].hash == (uint32_t)(hash >> 32) && s->len == len
		    && memcmp(s->key, key, len) == 0)
			return symbol;
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

/* The longest stem that a token begins with.  Both return the symbol with
 * LEXICON_BEGINS beside it, or 0. */
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
			const struct symbol *s =
			    &w->symbol[w->stem[k] & ~LEXICON_BEGINS];

			if (s->len <= len && memcmp(s->key, key, s->len) == 0)
				return w->stem[k];
		}
		return 0;
	}
	return 0;
}

static uint32_t
find_child(const struct words *w, uint32_t node, uint32_t symbol)
{
	uint64_t key = lexicon_edge(node, symbol);
	size_t i = lexicon_edge_hash(key) & w->edges_mask;

	if (!w->node[symbol].is_later
	    || !(w->node[node].goes_on & lexicon_mark(symbol)))
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

void
words_look_up(const struct words *w, const char *key, size_t len,
    struct token_word *out)
{
	uint32_t word = find_word(w, key, len), stem = find_stem(w, key, len);

	if (word == 0)
		word = find_owner(w, key, len);
	out->word = word & ~LEXICON_BEGINS;
	out->stem = stem & ~LEXICON_BEGINS;
	out->begins = ((word | stem) & LEXICON_BEGINS) != 0;
	out->is_contraction = is_contraction(key, len);
}

void
words_fetch(const struct words *w, const struct token_word *is)
{
	__builtin_prefetch(&w->node[is->word]);
	__builtin_prefetch(&w->node[is->stem]);
}

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
	if (what == MARK_LIKE && stop - first > 1)
		what |= MARK_LIKE_PHRASE;
	for (size_t i = first; i < stop; i++)
		l->tokens->at[i].marks |= (uint16_t)what;
}

static void
speak(struct look *l, const struct node *node, size_t first, size_t stop)
{
	const struct token *t = l->tokens->at;
	const struct out *out = l->words->out + node->out;

	for (uint32_t i = 0; i < node->outs; i++, out++) {
		struct hit hit = { out->rule, t[first].at, t[stop - 1].end,
			(uint32_t)first, (uint32_t)stop };

		if (out->mark != 0)
			mark(l, out->mark, first, stop);
		else
			hits_add(l->hits, &hit);
	}
}

/* Every phrase that goes on from a node with the token at `at`. */
static void
follow(struct look *l, uint32_t from, size_t first, size_t at)
{
	const struct words *w = l->words;
	const struct token *t = &l->tokens->at[at];
	uint32_t node, symbol = t->is.word != 0 ? t->is.word : t->is.stem;
	bool is_word = t->is.word != 0;

	while (symbol != 0) {
		node = from == 0 ? symbol : find_child(w, from, symbol);
		if (node != 0)
			speak(l, &w->node[node], first, at + 1);
		if (node != 0 && w->node[node].goes_on != 0
		    && at + 1 < l->tokens->len && t[1].sentence == t->sentence)
			follow(l, node, first, at + 1);
		symbol = is_word ? t->is.stem : w->node[symbol].shorter;
		is_word = false;
	}
}

size_t
words_find(const struct words *w, struct tokens *t, struct hits *hits)
{
	struct look look = { w, t, hits, 0 };

	for (size_t i = 0; i < t->len; i++)
		if (t->at[i].is.begins)
			follow(&look, 0, i, i);
	return look.hedges;
}
