/* phrase_index.c - looks words up and follows phrases through the trie. */

#include "config.h"

#include "lib/match/phrase_index_internal.h"

static uint32_t
find_word(const struct phrase_index *w, const char *key, size_t len)
{
	uint64_t hash = phrase_hash(key, len);
	size_t i = hash & w->words_mask;

	if (!(w->filter[phrase_filter_at(hash)] >> (hash & 63) & 1))
		return 0;
	for (; w->word[i].symbol != 0; i = (i + 1) & w->words_mask) {
		const struct phrase_symbol *s = &w->symbol[w->word[i].symbol];

		if (w->word[i].hash == (uint32_t)(hash >> 32) && s->len == len
		    && memcmp(s->key, key, len) == 0)
			return w->word[i].symbol;
	}
	return 0;
}

/* "cat's" is found as "cat", unless it is a word itself. */
static uint32_t
find_genitive(const struct phrase_index *w, const char *key, size_t len)
{
	return len > 2 && memcmp(key + len - 2, "'s", 2) == 0 ? find_word(w, key, len - 2) : 0;
}

/* The longest prefix that a token begins with. */
static uint32_t
find_prefix(const struct phrase_index *w, const char *key, size_t len)
{
	uint32_t trigram = phrase_trigram(key);
	size_t i = phrase_trigram_at(w, trigram);
	const struct phrase_bucket *g;

	if (len < PHRASE_PREFIX_MIN)
		return 0;
	for (; w->bucket[i].len > 0; i = (i + 1) & w->buckets_mask) {
		g = &w->bucket[i];
		if (g->trigram != trigram)
			continue;
		for (uint32_t k = g->first; k < g->first + g->len; k++) {
			const struct phrase_symbol *s = &w->symbol[w->prefix[k]];

			if (s->len <= len && memcmp(s->key, key, s->len) == 0)
				return w->prefix[k];
		}
		return 0;
	}
	return 0;
}

/* own_filter: of the word that the symbol is of. */
static uint32_t
find_child(const struct phrase_index *w, uint32_t node, uint32_t symbol, uint64_t own_filter)
{
	uint64_t key = phrase_edge_key(node, symbol);
	size_t i = phrase_edge_hash(key) & w->edges_mask;

	if (!(w->node[node].next_filter & own_filter & phrase_symbol_bit(symbol)))
		return 0;
	for (; w->edge[i].key != 0; i = (i + 1) & w->edges_mask)
		if (w->edge[i].key == key)
			return w->edge[i].node;
	return 0;
}

/* The symbols of a word: itself, its longest prefix, and the prefixes that begin that one. */
static uint32_t
first_symbol(const struct word_phrases *word)
{
	return word->word != 0 ? word->word : word->prefix;
}

static uint32_t
next_symbol(const struct phrase_index *w, const struct word_phrases *word, uint32_t symbol)
{
	return symbol == word->word ? word->prefix : w->node[symbol].shorter;
}

struct word_phrases
phrase_index_look_up(const struct phrase_index *w, const char *key, size_t len)
{
	struct word_phrases out = { .word = find_word(w, key, len),
		.prefix = find_prefix(w, key, len) };

	if (out.word == 0)
		out.word = find_genitive(w, key, len);
	for (uint32_t s = first_symbol(&out); s != 0; s = next_symbol(w, &out, s)) {
		const struct phrase_node *node = &w->node[s];

		for (uint32_t i = 0; i < node->outputs; i++) {
			const uint16_t flags = phrase_node_output(w, node, i)->flags;

			out.flags |= flags;
			out.counted += (flags & w->counted) != 0;
			out.has_id |= flags == 0;
		}
		out.next_filter |= node->next_filter;
		out.own_filter |= node->is_continuation ? phrase_symbol_bit(s) : 0;
	}
	return out;
}

/* A walk over a text. */
struct phrase_walk {
	const struct phrase_index *index;
	struct tokens *tokens;
	struct match_list *matches;
	size_t counted;
};

static void
set_flags(struct phrase_walk *l, uint16_t flags, size_t first, size_t stop)
{
	l->counted += (flags & l->index->counted) != 0;
	for (size_t i = first; i < stop; i++)
		l->tokens->at[i].flags |= flags;
	l->tokens->flags |= flags;
}

/* The flags of single words are set already. */
static void
emit(struct phrase_walk *l, const struct phrase_node *node, size_t first, size_t stop)
{
	const struct token *t = l->tokens->at;

	for (uint32_t i = 0; i < node->outputs; i++) {
		const struct phrase_output *out = phrase_node_output(l->index, node, i);
		struct match match = { out->id, t[first].at, t[stop - 1].end, (uint32_t)first,
			(uint32_t)stop };

		if (out->flags == 0)
			match_list_add(l->matches, &match);
		else if (stop - first > 1)
			set_flags(l, out->flags, first, stop);
	}
}

/* Finds the phrases that continue from a node (0: that begin) with the token at `at`. */
static void
follow(struct phrase_walk *l, uint32_t from, size_t first, size_t at)
{
	const struct phrase_index *w = l->index;
	const struct token *t = &l->tokens->at[at];
	const struct word_phrases *word = &t->word.phrases;

	for (uint32_t s = first_symbol(word); s != 0; s = next_symbol(w, word, s)) {
		uint32_t node = from == 0 ? s : find_child(w, from, s, word->own_filter);

		if (node == 0)
			continue;
		emit(l, &w->node[node], first, at + 1);
		if (w->node[node].next_filter != 0 && at + 1 < l->tokens->len
		    && t[1].sentence == t->sentence)
			follow(l, node, first, at + 1);
	}
}

/* Is it a phrase, or may it continue with the next token? */
static inline bool
begins_phrase(const struct token *k)
{
	return k->word.phrases.has_id || k->word.phrases.next_filter & k[1].word.phrases.own_filter;
}

size_t
phrase_index_find(const struct phrase_index *w, struct tokens *t, struct match_list *matches)
{
	struct phrase_walk walk = { w, t, matches, 0 };

	t->flags = 0;
	for (size_t i = 0; i < t->len; i++) {
		const struct token *k = &t->at[i];

		t->flags |= k->word.phrases.flags;
		walk.counted += k->word.phrases.counted;
		if (begins_phrase(k))
			follow(&walk, 0, i, i);
	}
	return walk.counted;
}
