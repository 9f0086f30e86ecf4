/* prefilter_build.c - patterns become an NFA, first words and required literals; what is
 * cached from text to text is made and bounded. */

#include "config.h"

#include <stdlib.h>

#include "lib/core/arena.h"
#include "lib/match/prefilter_internal.h"

enum { STATES = 1 << 17, MEMBERS = 16 * STATES }; /* of the DFA */

struct prefilter *
prefilter_new(void)
{
	return arena_calloc(1, sizeof(struct prefilter));
}

/* Does it read a letter or digit first?  Then it begins where a token does, or inside one. */
static bool
begins_in_token(const struct nfa_fragment *a)
{
	for (unsigned c = 0; c < REGEX_SYMBOLS; c++)
		if (regex_class_has(&a->first, c) && (!regex_is_word(c) || c == '_'))
			return false;
	return a->reads_input;
}

/* Adds a pattern that begins at a word; false if it does not always. */
static bool
add_at_word(struct prefilter *s, const struct regex_node *tree, uint32_t number)
{
	const uint32_t base = (uint32_t)s->nfa.len;
	struct nfa_fragment added;

	if (!regex_begins_with(tree, REGEX_WORD_BOUNDARY)
	    && !regex_begins_with(tree, REGEX_BEGIN_TEXT))
		return false;
	added = nfa_add(&s->nfa, tree, number);
	if (!begins_in_token(&added)) {
		s->nfa.len = base;
		return false;
	}
	s->pattern[number] = (struct prefilter_pattern){ added.start, LAZY_DFA_UNKNOWN,
		regex_suffix_of(tree).max_len, false };
	first_words_add(&s->first_words, &s->nfa, number, base, added.start);
	return true;
}

bool
prefilter_add(struct prefilter *s, const struct text *pattern)
{
	const uint32_t number = (uint32_t)s->len;
	struct arena arena = { 0 };
	const struct regex_node *tree = regex_parse(pattern, &arena);
	struct required_literals required = { .len = 0 };
	bool is_at_word = false;

	s->pattern = arena_grow_array(s->pattern, s->len, &s->cap, sizeof(*s->pattern));
	s->pattern[s->len++] = (struct prefilter_pattern){ .is_anywhere = true };
	if (tree != NULL) {
		is_at_word = add_at_word(s, tree, number);
		required = required_literals_of(tree, &arena);
	}
	literal_filter_add(&s->literals, &required);
	if (!is_at_word)
		u32_list_push(&s->anywhere, number);
	arena_release(&arena);
	return is_at_word;
}

static void
make_ready(struct prefilter *s)
{
	s->is_ready = true;
	s->candidate = arena_calloc(PREFILTER_CANDIDATES, sizeof(*s->candidate));
	s->run = arena_calloc(PREFILTER_RUNS, sizeof(*s->run));
	lazy_dfa_scratch_init(&s->scratch, &s->nfa, (uint32_t)s->len);
	lazy_dfa_init(&s->dfa, &s->nfa, &s->scratch, STATES, MEMBERS);
	bitset_pool_init(&s->pool, s->len);
	bigram_cache_init(&s->bigrams, &s->pool);
	first_words_init(&s->first_words, &s->nfa, &s->pool, &s->scratch);
	literal_filter_init(&s->literals);
}

bool
prefilter_refresh(struct prefilter *s)
{
	bool is_new = !s->is_ready;

	if (is_new)
		make_ready(s);
	if (lazy_dfa_is_full(&s->dfa)) {
		lazy_dfa_reset(&s->dfa);
		for (size_t i = 0; i < s->len; i++)
			s->pattern[i].dfa_start = LAZY_DFA_UNKNOWN;
	}
	if (bitset_pool_is_full(&s->pool) || first_words_is_full(&s->first_words)
	    || literal_filter_is_full(&s->literals)) {
		bitset_pool_reset(&s->pool);
		bigram_cache_reset(&s->bigrams);
		first_words_reset(&s->first_words);
		literal_filter_reset(&s->literals);
		is_new = true;
	}
	return is_new;
}

void
prefilter_free(struct prefilter *s)
{
	if (s == NULL)
		return;
	lazy_dfa_release(&s->dfa);
	lazy_dfa_scratch_release(&s->scratch);
	nfa_release(&s->nfa);
	literal_filter_release(&s->literals);
	first_words_release(&s->first_words);
	bitset_pool_release(&s->pool);
	bigram_cache_release(&s->bigrams);
	free(s->pattern);
	free(s->anywhere.at);
	free(s->candidate);
	free(s->run);
	free(s);
}
