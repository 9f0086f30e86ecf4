/* phrase_index_build.c - fills the tables of a phrase index. */

#include "config.h"

#include <stdlib.h>

#include "lib/core/hash_index.h"
#include "lib/match/phrase_index_internal.h"

/* A phrase ends at a node. */
struct phrase_end {
	uint32_t node;
	struct phrase_output output;
};

struct phrase_builder {
	struct phrase_index *w;
	struct arena *arena;
	struct tokens tokens;    /* cuts and folds a word */
	uint32_t symbols, nodes; /* the next free ones */
	struct phrase_end *end;
	size_t ends;
	struct hash_index index; /* of symbols */
};

static size_t
power_of_two(size_t n)
{
	size_t p = 16;

	while (p < n)
		p *= 2;
	return p;
}

int
phrase_split(const struct text *phrase, struct phrase_part part[PHRASE_WORDS_MAX])
{
	const char *at = phrase->ptr, *stop = at + phrase->len, *end;
	int n = 0;

	for (; at != NULL; n++) {
		size_t len;

		if (n == PHRASE_WORDS_MAX)
			return -1;
		end = memchr(at, '_', (size_t)(stop - at));
		len = (size_t)((end != NULL ? end : stop) - at);
		part[n].is_prefix = len > 0 && at[len - 1] == '*';
		part[n].text = (struct text){ at, len - part[n].is_prefix };
		at = end != NULL ? end + 1 : NULL;
	}
	return n;
}

static size_t
count_words(const struct phrase *phrase, size_t phrases)
{
	struct phrase_part part[PHRASE_WORDS_MAX];
	size_t n = 1;

	for (size_t i = 0; i < phrases; i++)
		n += (size_t)phrase_split(&phrase[i].text, part);
	return n;
}

/* The symbol of a word, which may be new; 0 if it is not one token. */
static uint32_t
symbol_of(struct phrase_builder *b, const struct phrase_part *part)
{
	struct phrase_index *w = b->w;
	const struct token *t;
	struct hash_probe probe;
	const char *key;
	uint64_t hash;

	tokens_read(&b->tokens, part->text.ptr, part->text.len);
	t = b->tokens.at;
	if (b->tokens.len != 1 || t->end - t->at != b->tokens.text_len)
		return 0;
	key = token_key(&b->tokens, t);
	hash = phrase_hash(key, t->key_len) + part->is_prefix;
	probe = hash_index_probe(&b->index, hash);
	while (hash_probe_next(&probe)) {
		const struct phrase_symbol *s = &w->symbol[probe.number];

		if (s->is_prefix == part->is_prefix && s->len == t->key_len
		    && memcmp(s->key, key, s->len) == 0)
			return probe.number;
	}
	hash_index_add(&b->index, hash, b->symbols);
	w->symbol[b->symbols] = (struct phrase_symbol){ .len = t->key_len,
		.key = arena_strndup(b->arena, key, t->key_len + 16),
		.is_prefix = part->is_prefix };
	return b->symbols++;
}

/* The child of a node, which may be new. */
static uint32_t
child_of(struct phrase_builder *b, uint32_t node, uint32_t symbol)
{
	struct phrase_index *w = b->w;
	uint64_t key = phrase_edge_key(node, symbol);
	size_t i = phrase_edge_hash(key) & w->edges_mask;

	for (; w->edge[i].key != 0; i = (i + 1) & w->edges_mask)
		if (w->edge[i].key == key)
			return w->edge[i].node;
	w->edge[i].key = key;
	w->node[node].next_filter |= phrase_symbol_bit(symbol);
	w->node[symbol].is_continuation = true;
	return w->edge[i].node = b->nodes++;
}

static bool
add_phrase(struct phrase_builder *b, const struct phrase *phrase)
{
	struct phrase_part part[PHRASE_WORDS_MAX];
	struct phrase_output out = { phrase->flags == 0 ? phrase->id : 0, phrase->flags };
	int n = phrase_split(&phrase->text, part);
	uint32_t node = 0, symbol;

	for (int i = 0; i < n; i++) {
		if ((symbol = symbol_of(b, &part[i])) == 0)
			return false;
		node = i == 0 ? symbol : child_of(b, node, symbol);
	}
	b->end[b->ends++] = (struct phrase_end){ node, out };
	return true;
}

static int
by_node(const void *va, const void *vb)
{
	const struct phrase_end *a = va, *b = vb;

	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	if (a->output.id != b->output.id)
		return a->output.id < b->output.id ? -1 : 1;
	return (a->output.flags > b->output.flags) - (a->output.flags < b->output.flags);
}

/* Lists the outputs of each node, without duplicates. */
static void
list_outputs(struct phrase_builder *b)
{
	struct phrase_index *w = b->w;
	uint32_t n = 0;

	w->output = arena_alloc(b->arena, (b->ends + 1) * sizeof(*w->output));
	if (b->ends > 0)
		qsort(b->end, b->ends, sizeof(*b->end), by_node);
	for (size_t i = 0; i < b->ends; i++) {
		struct phrase_node *node = &w->node[b->end[i].node];

		if (i > 0 && by_node(&b->end[i - 1], &b->end[i]) == 0)
			continue;
		if (node->outputs++ == 0) {
			node->first = b->end[i].output;
			node->others = n;
		} else {
			w->output[n++] = b->end[i].output;
		}
	}
}

static void
index_words(struct phrase_builder *b)
{
	struct phrase_index *w = b->w;
	size_t slots = power_of_two(2 * b->symbols), at;

	w->words_mask = slots - 1;
	w->word = arena_alloc(b->arena, slots * sizeof(*w->word));
	for (uint32_t i = 1; i < b->symbols; i++) {
		uint64_t hash = phrase_hash(w->symbol[i].key, w->symbol[i].len);

		if (w->symbol[i].is_prefix)
			continue;
		for (at = hash & w->words_mask; w->word[at].symbol != 0;)
			at = (at + 1) & w->words_mask;
		w->word[at].hash = (uint32_t)(hash >> 32);
		w->word[at].symbol = i;
		w->filter[phrase_filter_at(hash)] |= (uint64_t)1 << (hash & 63);
	}
}

struct sorted_prefix {
	uint32_t trigram, len, symbol;
};

static int
by_trigram(const void *va, const void *vb)
{
	const struct sorted_prefix *a = va, *b = vb;

	if (a->trigram != b->trigram)
		return a->trigram < b->trigram ? -1 : 1;
	if (a->len != b->len)
		return a->len > b->len ? -1 : 1;
	return a->symbol < b->symbol ? -1 : a->symbol > b->symbol;
}

/* Adds the prefixes of one trigram. */
static void
index_bucket(struct phrase_index *w, uint32_t trigram, uint32_t first, uint32_t len)
{
	size_t at = phrase_trigram_at(w, trigram);

	while (w->bucket[at].len > 0)
		at = (at + 1) & w->buckets_mask;
	w->bucket[at] = (struct phrase_bucket){ trigram, first, len };
	for (uint32_t i = first; i < first + len; i++)
		for (uint32_t k = first + len; k-- > i + 1;) {
			const struct phrase_symbol *s = &w->symbol[w->prefix[i]];
			const struct phrase_symbol *other = &w->symbol[w->prefix[k]];

			if (memcmp(s->key, other->key, other->len) == 0)
				w->node[w->prefix[i]].shorter = w->prefix[k];
		} /* the last one set is the longest */
}

static void
index_prefixes(struct phrase_builder *b)
{
	struct phrase_index *w = b->w;
	struct sorted_prefix *sorted = arena_alloc(b->arena, b->symbols * sizeof(*sorted));
	uint32_t n = 0, first = 0;
	size_t slots;

	for (uint32_t i = 1; i < b->symbols; i++)
		if (w->symbol[i].is_prefix)
			sorted[n++] = (struct sorted_prefix){ phrase_trigram(w->symbol[i].key),
				w->symbol[i].len, i };
	qsort(sorted, n, sizeof(*sorted), by_trigram);
	slots = power_of_two(4 * (size_t)n);
	w->buckets_mask = slots - 1;
	w->bucket = arena_alloc(b->arena, slots * sizeof(*w->bucket));
	w->prefix = arena_alloc(b->arena, (n + 1) * sizeof(*w->prefix));
	for (uint32_t i = 0; i < n; i++)
		w->prefix[i] = sorted[i].symbol;
	for (uint32_t i = 1; i <= n; i++)
		if (i == n || sorted[i].trigram != sorted[first].trigram) {
			index_bucket(w, sorted[first].trigram, first, i - first);
			first = i;
		}
}

struct phrase_index *
phrase_index_new(const struct phrase *phrase, size_t phrases, uint16_t counted, struct arena *a,
    size_t *bad)
{
	const size_t words = count_words(phrase, phrases), edges = power_of_two(2 * words);
	struct phrase_index *w = arena_alloc(a, sizeof(*w));
	struct phrase_builder b = { .w = w, .arena = a, .symbols = 1, .nodes = (uint32_t)words };
	size_t added = 0;

	w->counted = counted;
	w->symbol = arena_alloc(a, words * sizeof(*w->symbol));
	w->node = arena_alloc(a, 2 * words * sizeof(*w->node));
	w->edge = arena_alloc(a, edges * sizeof(*w->edge));
	w->edges_mask = edges - 1;
	b.end = arena_calloc(phrases + 1, sizeof(*b.end));
	while (added < phrases && add_phrase(&b, &phrase[added]))
		added++;
	list_outputs(&b);
	free(b.end);
	hash_index_release(&b.index);
	tokens_release(&b.tokens);
	if (added < phrases) {
		*bad = added;
		return NULL;
	}
	index_words(&b);
	index_prefixes(&b);
	return w;
}
