#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/buf.h"
#include "lib/core/target_clones.h"
#include "lib/match/literal_filter.h"

enum {
	LISTS = 16384,
	MEMBERS = 1 << 20, /* before all are forgotten */
	CLAUSES = 1 << 16, /* further ones are not required */
};

#define REACH_MAX (UINT32_MAX / 4) /* four bytes a character fit into 32 bits */

enum { SPAN = 128 }; /* characters that a key arms its patterns for, at least */

/* Commoner clauses filter too little to be looked up for each of their words. */
static const double COMMON = 0.03;

/* One of the clauses of a word. */
struct literal_posting {
	uint32_t clause, next; /* next: 1 + posting; 0 ends */
};

static unsigned
prefix_of(const char *s)
{
	return ((unsigned char)s[0] * 1031u ^ (unsigned char)s[1] * 131u
		   ^ (unsigned char)s[2] * 17u)
	    % LITERAL_FILTER_PREFIXES;
}

static size_t
add_word(struct literal_filter *n, const struct text *text)
{
	const bool is_short = text->len < 3; /* it may begin any token */
	const unsigned prefix = is_short ? 0 : prefix_of(text->ptr);
	const unsigned last = is_short ? LITERAL_FILTER_PREFIXES - 1 : prefix;
	const size_t before = n->word.len;
	size_t word;

	for (unsigned i = prefix; i <= last; i++)
		n->lengths[i] |= (uint64_t)1 << text->len;
	word = interner_add(&n->word, text->ptr, text->len, &n->arena);
	if (word == before) {
		n->first = arena_grow_array(n->first, word, &n->first_cap, sizeof(*n->first));
		n->first[word] = 0;
	}
	return word;
}

static void
post(struct literal_filter *n, uint32_t clause, const struct literal_set *set)
{
	for (size_t i = 0; i < set->len; i++) {
		const size_t word = add_word(n, &set->at[i]);

		n->posting = arena_grow_array(n->posting, n->postings, &n->postings_cap,
		    sizeof(*n->posting));
		n->posting[n->postings] = (struct literal_posting){ clause, n->first[word] };
		n->first[word] = (uint32_t)++n->postings;
	}
}

/* Sets are sorted, so the same clause is the same string. */
static uint32_t
add_clause(struct literal_filter *n, const struct literal_set *set)
{
	const size_t before = n->clause.len;
	struct buf words = { 0 };
	uint32_t clause;

	for (size_t k = 0; k < set->len; k++) {
		buf_add(&words, set->at[k].ptr, set->at[k].len);
		buf_add_byte(&words, '\0');
	}
	clause = (uint32_t)interner_add(&n->clause, words.data, words.len, &n->arena);
	if (clause == before)
		post(n, clause, set);
	buf_release(&words);
	return clause;
}

void
literal_filter_add(struct literal_filter *n, const struct required_literals *of)
{
	struct literal_needs needs = { .len = 0 };

	for (size_t i = 0;
	     i < of->len && of->clause[i].frequency < COMMON && n->clause.len < CLAUSES; i++) {
		const size_t reach = of->clause[i].reach;

		needs.clause[i] = (uint16_t)add_clause(n, &of->clause[i]);
		needs.reach[i] = (uint32_t)(reach < REACH_MAX ? reach : REACH_MAX);
		needs.len++;
	}
	n->needs = arena_grow_array(n->needs, n->patterns, &n->patterns_cap, sizeof(*n->needs));
	n->needs[n->patterns++] = needs;
}

static void
set_bit(uint64_t *set, uint32_t bit)
{
	set[bit / 64] |= (uint64_t)1 << bit % 64;
}

void
literal_filter_init(struct literal_filter *n)
{
	n->words = n->patterns / 64 + 1;
	n->seen_at = arena_calloc(n->clause.len, sizeof(*n->seen_at));
	n->keyed = arena_calloc(n->clause.len, sizeof(*n->keyed));
	n->armed = arena_calloc(n->words, sizeof(*n->armed));
	n->recent = arena_calloc(n->words, sizeof(*n->recent));
	n->unkeyed = arena_calloc(n->words, sizeof(*n->unkeyed));
	n->far = arena_calloc(n->words, sizeof(*n->far));
	for (uint32_t i = 0; i < n->patterns; i++) {
		if (n->needs[i].len == 0)
			set_bit(n->unkeyed, i);
		else
			u32_list_push(&n->keyed[n->needs[i].clause[0]], i);
		if (n->needs[i].len > 0 && n->needs[i].reach[0] > SPAN)
			set_bit(n->far, i);
	}
	literal_filter_reset(n);
}

static void
add_member(struct literal_filter *n, uint32_t member)
{
	n->member = arena_grow_array(n->member, n->members, &n->members_cap, sizeof(*n->member));
	n->member[n->members++] = member;
}

static void
look_up(struct literal_filter *n, const char *word, size_t len)
{
	const size_t found = interner_find(&n->word, word, len);

	for (uint32_t i = found != INTERNER_NONE ? n->first[found] : 0; i != 0;
	     i = n->posting[i - 1].next)
		add_member(n, n->posting[i - 1].clause);
}

void
literal_filter_reset(struct literal_filter *n)
{
	hash_index_clear(&n->index);
	n->lists = n->members = 0;
	while (n->members < LITERAL_LIST_FIRST)
		add_member(n, 0); /* LITERAL_LIST_EMPTY: no clauses, no bitset words */
	n->is_full = false;
}

/* Appends the patterns whose keys a list has. */
static void
add_keyed(struct literal_filter *n, size_t list)
{
	const uint32_t clauses = n->member[list];
	uint64_t *set = arena_calloc(n->words, sizeof(*set));

	for (uint32_t i = 0; i < clauses; i++) {
		const struct u32_list *of = &n->keyed[n->member[list + 2 + i]];

		for (size_t k = 0; k < of->len; k++)
			set_bit(set, of->at[k]);
	}
	for (uint32_t i = 0; i < n->words; i++) {
		if (set[i] == 0)
			continue;
		n->member[list + 1]++;
		add_member(n, i);
		add_member(n, (uint32_t)set[i]);
		add_member(n, (uint32_t)(set[i] >> 32));
	}
	free(set);
}

/* Finishes the last list, or drops it if it is there already. */
static uint32_t
intern(struct literal_filter *n, size_t list)
{
	const uint32_t *at = n->member + list + 2;
	const size_t len = n->members - list - 2, size = len * sizeof(*at);
	const uint64_t hash = XXH3_64bits(at, size);
	struct hash_probe probe = hash_index_probe(&n->index, hash);

	while (hash_probe_next(&probe)) {
		const uint32_t *known = n->member + probe.number;

		if (known[0] == len && memcmp(known + 2, at, size) == 0) {
			n->members = list;
			return probe.number;
		}
	}
	if (n->lists == LISTS || n->members > MEMBERS) {
		n->members = list;
		n->is_full = true;
		return LITERAL_LIST_UNKNOWN;
	}
	n->member[list] = (uint32_t)len;
	add_keyed(n, list);
	n->lists++;
	hash_index_add(&n->index, hash, list);
	return (uint32_t)list;
}

/* Looks up all prefixes of a key of at least three bytes. */
static void
look_up_prefixes(struct literal_filter *n, const char *key, size_t len)
{
	uint64_t left = n->lengths[prefix_of(key)] & (((uint64_t)2 << len) - 1);

	for (; left != 0; left &= left - 1)
		look_up(n, key, (size_t)__builtin_ctzll(left));
}

/* Looks up words without a boundary before them, which may begin anywhere inside. */
static void
look_up_inside(struct literal_filter *n, const char *word, size_t len)
{
	char key[LITERAL_LEN_MAX + 1];

	for (size_t i = 0; i + LITERAL_INFIX_MIN <= len; i++) {
		size_t most = len - i < LITERAL_LEN_MAX ? len - i : LITERAL_LEN_MAX;

		if (n->lengths[prefix_of(word + i)] == 0)
			continue;
		memcpy(key, word + i, most);
		key[most] = LITERAL_WORD_BOUNDARY;
		look_up_prefixes(n, key, most + (i + most == len));
	}
}

static void
look_up_begun(struct literal_filter *n, const char *word, size_t len)
{
	char key[LITERAL_LEN_MAX + 2] = { LITERAL_WORD_BOUNDARY };
	size_t most = len < LITERAL_LEN_MAX ? len : LITERAL_LEN_MAX;

	memcpy(key + 1, word, most);
	key[most + 1] = LITERAL_WORD_BOUNDARY;
	look_up_prefixes(n, key, 1 + most + (most == len));
}

uint32_t
literal_filter_look_up(struct literal_filter *n, const char *token, size_t len)
{
	const size_t list = n->members;
	size_t end;

	add_member(n, 0);
	add_member(n, 0);
	for (size_t i = 0; i < len && n->word.len > 0; i = end + 1) {
		for (end = i; end < len && regex_is_word((unsigned char)token[end]);)
			end++;
		if (end > i) {
			look_up_begun(n, token + i, end - i);
			look_up_inside(n, token + i, end - i);
		}
	}
	if (n->members > list + 2)
		return intern(n, list);
	n->members = list;
	return LITERAL_LIST_EMPTY;
}

TARGET_CLONES static void
age(uint64_t *restrict armed, uint64_t *restrict recent, const uint64_t *restrict unkeyed,
    const uint64_t *restrict far, size_t words)
{
	for (size_t i = 0; i < words; i++) {
		armed[i] = unkeyed[i] | recent[i] | (armed[i] & far[i]);
		recent[i] = 0;
	}
}

void
literal_filter_begin_text(struct literal_filter *n, size_t len, bool is_wide)
{
	n->base += n->len + 1;
	n->len = len;
	n->span = is_wide ? 4 * SPAN : SPAN;
	n->span_end = len > n->span ? len - n->span : 0;
	memcpy(n->armed, n->unkeyed, n->words * sizeof(*n->armed));
	memset(n->recent, 0, n->words * sizeof(*n->recent));
}

void
literal_filter_age(struct literal_filter *n, size_t at)
{
	age(n->armed, n->recent, n->unkeyed, n->far, n->words);
	n->span_end = at > n->span ? at - n->span : 0;
}

void
literal_filter_release(struct literal_filter *n)
{
	arena_release(&n->arena);
	free(n->needs);
	for (size_t i = 0; n->keyed != NULL && i < n->clause.len; i++)
		free(n->keyed[i].at);
	free(n->keyed);
	free(n->seen_at);
	free(n->armed);
	free(n->recent);
	free(n->far);
	free(n->unkeyed);
	interner_release(&n->clause);
	interner_release(&n->word);
	free(n->first);
	free(n->posting);
	free(n->member);
	hash_index_release(&n->index);
	*n = (struct literal_filter){ 0 };
}
