/* extract_lexicon.c - building the lexicon from the words of rules and sets. */

#include "config.h"

#include <stdlib.h>

#include "annotate/rules_phrase.h"
#include "lib/match/phrase_index_build.h"

/* What the features first_person and second_person count. */
static const char first_person[] = "i i'm i've i'd i'll im ive me my mine "
    "myself we we're we've we'd we'll us our ours ourselves";
static const char second_person[] = "you you're you've you'd you'll youre your "
    "yours yourself yourselves u ur";

/* Who speaks where, in the order of the rules. */
struct said {
	uint32_t node;
	struct out out;
};

struct building {
	struct words *w;
	struct arena *arena;
	struct tokens tokens;		/* folds a word */
	uint32_t symbols, nodes;	/* used so far; 0 is never used */
	struct said *said;
	size_t saids, saids_room;
	uint32_t *known;		/* symbols by hash, stems too */
	size_t known_mask;
	struct fault *fault;
};

static size_t
power_above(size_t n)
{
	size_t p = 16;

	while (p < n)
		p *= 2;
	return p;
}

static size_t
count_parts(const struct rules *rules)
{
	struct rules_part part[RULES_WORDS_MAX];
	size_t n = sizeof(first_person) + sizeof(second_person);

	for (size_t i = 0; i < rules->len; i++)
		for (size_t k = 0; k < rules->rule[i].words.len; k++)
			n += (size_t)rules_words_split(
			    &rules->rule[i].words.at[k].text, part);
	for (int i = 0; i < RULES_SETS; i++)
		for (size_t k = 0; k < rules->set[i].len; k++)
			n += (size_t)rules_words_split(&rules->set[i].at[k].text,
			    part);
	return n + 1;
}

/* The symbol of a part of a phrase, new or not; 0 if it is not one token. */
static uint32_t
symbol_of(struct building *b, const struct rules_part *part)
{
	struct words *w = b->w;
	const struct token *t;
	const char *key;
	size_t i;

	tokens_read(&b->tokens, part->text.ptr, part->text.len);
	t = b->tokens.at;
	if (b->tokens.len != 1 || t->end - t->at != b->tokens.text_len)
		return 0;
	key = token_key(&b->tokens, t);
	i = (lexicon_hash(key, t->key_len) + part->is_stem) & b->known_mask;
	for (; b->known[i] != 0; i = (i + 1) & b->known_mask) {
		const struct symbol *s = &w->symbol[b->known[i]];

		if (s->is_stem == part->is_stem && s->len == t->key_len
		    && memcmp(s->key, key, s->len) == 0)
			return b->known[i];
	}
	b->known[i] = b->symbols;
	w->symbol[b->symbols] = (struct symbol){ .len = t->key_len,
		.key = arena_dup(b->arena, key, t->key_len + 16),
		.is_stem = part->is_stem };
	return b->symbols++;
}

static uint32_t
child_of(struct building *b, uint32_t node, uint32_t symbol)
{
	struct words *w = b->w;
	uint64_t key = lexicon_edge(node, symbol);
	size_t i = lexicon_edge_hash(key) & w->edges_mask;

	for (; w->edge[i].key != 0; i = (i + 1) & w->edges_mask)
		if (w->edge[i].key == key)
			return w->edge[i].node;
	w->edge[i].key = key;
	w->node[node].goes_on |= lexicon_mark(symbol);
	w->node[symbol].is_later = true;
	return w->edge[i].node = b->nodes++;
}

static int
by_node(const void *va, const void *vb)
{
	const struct said *a = va, *b = vb;

	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	if (a->out.rule != b->out.rule)
		return a->out.rule < b->out.rule ? -1 : 1;
	return a->out.mark < b->out.mark ? -1 : a->out.mark > b->out.mark;
}

/* Lists who speaks at each node, once each. */
static void
list_outs(struct building *b)
{
	struct words *w = b->w;
	uint32_t n = 0;

	w->out = arena_get(b->arena, (b->saids + 1) * sizeof(*w->out));
	if (b->saids > 0)
		qsort(b->said, b->saids, sizeof(*b->said), by_node);
	for (size_t i = 0; i < b->saids; i++) {
		struct node *node = &w->node[b->said[i].node];

		if (i > 0 && by_node(&b->said[i - 1], &b->said[i]) == 0)
			continue;
		if (node->outs++ == 0) {
			node->first = b->said[i].out;
			node->others = n;
		} else {
			w->out[n++] = b->said[i].out;
		}
	}
}

static int
add_phrase(struct building *b, const struct rules_value *phrase, uint32_t rule,
    unsigned what)
{
	struct rules_part part[RULES_WORDS_MAX];
	struct out out = { .rule = rule, .mark = what };
	int n = rules_words_split(&phrase->text, part);
	uint32_t node = 0, symbol;

	for (int i = 0; i < n; i++) {
		if ((symbol = symbol_of(b, &part[i])) == 0)
			return fault_stop(b->fault, "%s:%d: '%.*s': this is not "
			    "a word", phrase->file, phrase->line,
			    (int)phrase->text.len, phrase->text.ptr);
		node = i == 0 ? symbol : child_of(b, node, symbol);
	}
	b->said = arena_grown(b->said, b->saids, &b->saids_room, sizeof(*b->said));
	b->said[b->saids++] = (struct said){ node, out };
	return 0;
}

static int
add_values(struct building *b, const struct rules_values *list, uint32_t rule,
    unsigned what)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < list->len; i++)
		rc = add_phrase(b, &list->at[i], rule, what);
	return rc;
}

static int
add_pronouns(struct building *b, const char *list, unsigned what)
{
	int rc = 0;

	while (rc == 0 && *list != '\0') {
		size_t n = strcspn(list, " ");
		struct rules_value v = { { list, n }, "pronouns", 1 };

		rc = add_phrase(b, &v, 0, what);
		list += n + (list[n] == ' ');
	}
	return rc;
}

static int
add_all(struct building *b, const struct rules *rules)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < rules->len; i++)
		rc = add_values(b, &rules->rule[i].words, (uint32_t)i, 0);
	for (int i = 0; rc == 0 && i < RULES_SETS; i++)
		rc = add_values(b, &rules->set[i], 0, 1u << i);
	if (rc == 0)
		rc = add_pronouns(b, first_person, MARK_FIRST_PERSON);
	return rc == 0 ? add_pronouns(b, second_person, MARK_SECOND_PERSON) : rc;
}

static void
index_words(struct building *b)
{
	struct words *w = b->w;
	size_t slots = power_above(2 * b->symbols), at;

	w->slots_mask = slots - 1;
	w->slot = arena_get(b->arena, slots * sizeof(*w->slot));
	for (uint32_t i = 1; i < b->symbols; i++) {
		uint64_t hash = lexicon_hash(w->symbol[i].key, w->symbol[i].len);

		if (w->symbol[i].is_stem)
			continue;
		for (at = hash & w->slots_mask; w->slot[at].symbol != 0;)
			at = (at + 1) & w->slots_mask;
		w->slot[at].hash = (uint32_t)(hash >> 32);
		w->slot[at].symbol = i;
		w->filter[lexicon_filter_at(hash)] |= (uint64_t)1 << (hash & 63);
	}
}

struct sortable {
	uint32_t three, len, symbol;
};

static int
by_three(const void *va, const void *vb)
{
	const struct sortable *a = va, *b = vb;

	if (a->three != b->three)
		return a->three < b->three ? -1 : 1;
	if (a->len != b->len)
		return a->len > b->len ? -1 : 1;
	return a->symbol < b->symbol ? -1 : a->symbol > b->symbol;
}

/* Those that are alike in their first three bytes. */
static void
index_group(struct words *w, uint32_t three, uint32_t first, uint32_t len)
{
	size_t at = lexicon_three_at(w, three);

	while (w->stems[at].len > 0)
		at = (at + 1) & w->stems_mask;
	w->stems[at] = (struct stems){ three, first, len };
	for (uint32_t i = first; i < first + len; i++)
		for (uint32_t k = first + len; k-- > i + 1;) {
			const struct symbol *s = &w->symbol[w->stem[i]];
			const struct symbol *other = &w->symbol[w->stem[k]];

			if (memcmp(s->key, other->key, other->len) == 0)
				w->node[w->stem[i]].shorter = w->stem[k];
		}				/* the last is the longest */
}

static void
index_stems(struct building *b)
{
	struct words *w = b->w;
	struct sortable *sorted = arena_get(b->arena,
	    b->symbols * sizeof(*sorted));
	uint32_t n = 0, first = 0;
	size_t groups;

	for (uint32_t i = 1; i < b->symbols; i++)
		if (w->symbol[i].is_stem)
			sorted[n++] = (struct sortable){
				lexicon_three(w->symbol[i].key),
				w->symbol[i].len, i };
	qsort(sorted, n, sizeof(*sorted), by_three);
	groups = power_above(4 * (size_t)n);
	w->stems_mask = groups - 1;
	w->stems = arena_get(b->arena, groups * sizeof(*w->stems));
	w->stem = arena_get(b->arena, (n + 1) * sizeof(*w->stem));
	for (uint32_t i = 0; i < n; i++)
		w->stem[i] = sorted[i].symbol;
	for (uint32_t i = 1; i <= n; i++)
		if (i == n || sorted[i].three != sorted[first].three) {
			index_group(w, sorted[first].three, first, i - first);
			first = i;
		}
}

struct words *
words_make(const struct rules *rules, struct arena *a, struct fault *f)
{
	size_t parts = count_parts(rules), edges = power_above(2 * parts);
	struct words *w = arena_get(a, sizeof(*w));
	struct building b = { .w = w, .arena = a, .fault = f, .symbols = 1,
		.nodes = (uint32_t)parts, .known_mask = edges - 1 };
	int rc;

	w->symbol = arena_get(a, parts * sizeof(*w->symbol));
	w->node = arena_get(a, 2 * parts * sizeof(*w->node));
	w->edge = arena_get(a, edges * sizeof(*w->edge));
	w->edges_mask = edges - 1;
	b.known = calloc(edges, sizeof(*b.known));
	if (b.known == NULL)
		arena_exhausted();
	rc = add_all(&b, rules);
	list_outs(&b);
	free(b.said);
	free(b.known);
	tokens_release(&b.tokens);
	if (rc < 0)
		return NULL;
	index_words(&b);
	index_stems(&b);
	return w;
}
