#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/core/buf.h"
#include "lib/core/target_clones.h"
#include "lib/match/literal_filter.h"

enum { LISTS = 16384, LIST_SLOTS = 4 * LISTS, MEMBERS = 1 << 20,
	CLAUSES = 1 << 16 };	/* others are not asked for */

#define FAR (UINT32_MAX / 4)	/* a reach; four bytes are the most of a character */

/* Characters behind which it is forgotten which keys were met, but for those that reach
 * further. */
enum { SPAN = 128 };

/* What is no rarer is not worth being remembered for each word that fulfils it. */
static const double COMMON = 0.03;

/* A word fulfils a clause. */
struct needs_posting {
	uint32_t clause, next;		/* 1 + the next one; 0 ends */
};

/* Of three bytes. */
static unsigned
begin_of(const char *s)
{
	return ((unsigned char)s[0] * 1031u ^ (unsigned char)s[1] * 131u
	    ^ (unsigned char)s[2] * 17u) % NEEDS_BEGINS;
}

/* The number of a word, which may be new. */
static size_t
word_of(struct needs *n, const struct text *text)
{
	const bool is_short = text->len < 3;	/* any word may begin with it */
	const unsigned begin = is_short ? 0 : begin_of(text->ptr);
	const size_t before = n->word.len;
	size_t word;

	for (unsigned i = begin; i <= (is_short ? NEEDS_BEGINS - 1 : begin); i++)
		n->lengths[i] |= (uint64_t)1 << text->len;
	word = texts_add(&n->word, text->ptr, text->len, &n->arena);
	if (word == before) {
		n->first = arena_grown(n->first, word, &n->first_room, sizeof(*n->first));
		n->first[word] = 0;
	}
	return word;
}

static void
post(struct needs *n, uint32_t clause, const struct literals_set *set)
{
	for (size_t i = 0; i < set->len; i++) {
		const size_t word = word_of(n, &set->at[i]);

		n->posting = arena_grown(n->posting, n->postings, &n->postings_room,
		    sizeof(*n->posting));
		n->posting[n->postings] = (struct needs_posting){ clause, n->first[word] };
		n->first[word] = (uint32_t)++n->postings;
	}
}

/* A clause of the same words, or a new one.  Sets are sorted. */
static uint32_t
clause_of(struct needs *n, const struct literals_set *set)
{
	const size_t before = n->clause.len;
	struct buf words = { 0 };
	uint32_t clause;

	for (size_t k = 0; k < set->len; k++) {
		buf_add(&words, set->at[k].ptr, set->at[k].len);
		buf_add_byte(&words, '\0');
	}
	clause = (uint32_t)texts_add(&n->clause, words.data, words.len, &n->arena);
	if (clause == before)
		post(n, clause, set);
	buf_release(&words);
	return clause;
}

static bool
is_worth_it(const struct needs *n, const struct literals *l, size_t i)
{
	return i < l->len && l->clause[i].chance < COMMON && n->clause.len < CLAUSES;
}

void
needs_add_way(struct needs *n, uint32_t start, const struct literals *of)
{
	struct needs_way way = { .start = start };

	for (; is_worth_it(n, of, way.len); way.len++) {
		const struct literals_set *clause = &of->clause[way.len];

		way.clause[way.len] = (uint16_t)clause_of(n, clause);
		way.reach[way.len] = (uint32_t)(clause->reach < FAR ? clause->reach : FAR);
	}
	n->way = arena_grown(n->way, n->ways, &n->ways_room, sizeof(*n->way));
	n->way[n->ways++] = way;
}

static void
set_bit(uint64_t *row, uint32_t bit)
{
	row[bit / 64] |= (uint64_t)1 << bit % 64;
}

void
needs_begin(struct needs *n)
{
	n->row = n->ways / 64 + 1;
	n->list_slot = arena_array(LIST_SLOTS, sizeof(*n->list_slot));
	n->met = arena_array(n->clause.len, sizeof(*n->met));
	n->keyed = arena_array(n->clause.len, sizeof(*n->keyed));
	n->open = arena_array(n->row, sizeof(*n->open));
	n->fresh = arena_array(n->row, sizeof(*n->fresh));
	n->keyless = arena_array(n->row, sizeof(*n->keyless));
	n->far = arena_array(n->row, sizeof(*n->far));
	for (uint32_t i = 0; i < n->ways; i++) {
		if (n->way[i].len == 0)
			set_bit(n->keyless, i);
		else
			states_push(&n->keyed[n->way[i].clause[0]], i);
		if (n->way[i].len > 0 && n->way[i].reach[0] > SPAN)
			set_bit(n->far, i);
	}
	needs_forget(n);
}

static void
add_member(struct needs *n, uint32_t member)
{
	n->member = arena_grown(n->member, n->members, &n->members_room,
	    sizeof(*n->member));
	n->member[n->members++] = member;
}

static void
look_up(struct needs *n, const char *word, size_t len)
{
	const size_t found = texts_find(&n->word, word, len);

	for (uint32_t i = found != TEXTS_NONE ? n->first[found] : 0; i != 0;
	    i = n->posting[i - 1].next)
		add_member(n, n->posting[i - 1].clause);
}

void
needs_forget(struct needs *n)
{
	memset(n->list_slot, 0, LIST_SLOTS * sizeof(*n->list_slot));
	n->lists = n->members = 0;
	while (n->members < NEEDS_FIRST)
		add_member(n, 0);		/* the list of those that have nothing */
	n->is_full = false;
}

/* Behind its clauses. */
static void
add_keys(struct needs *n, size_t list)
{
	const uint32_t clauses = n->member[list];
	uint64_t *row = arena_array(n->row, sizeof(*row));

	for (uint32_t i = 0; i < clauses; i++) {
		const struct states_list *of = &n->keyed[n->member[list + 2 + i]];

		for (size_t k = 0; k < of->len; k++)
			set_bit(row, of->at[k]);
	}
	for (uint32_t i = 0; i < n->row; i++) {
		if (row[i] == 0)
			continue;
		n->member[list + 1]++;
		add_member(n, i);
		add_member(n, (uint32_t)row[i]);
		add_member(n, (uint32_t)(row[i] >> 32));
	}
	free(row);
}

/* The list behind all that are known, which may be one of these. */
static uint32_t
find_list(struct needs *n, size_t list)
{
	const uint32_t *at = n->member + list + 2;
	const size_t len = n->members - list - 2, size = len * sizeof(*at);
	size_t i = XXH3_64bits(at, size) % LIST_SLOTS;

	for (; n->list_slot[i] != 0; i = (i + 1) % LIST_SLOTS) {
		const uint32_t *known = n->member + n->list_slot[i];

		if (known[0] == len && memcmp(known + 2, at, size) == 0) {
			n->members = list;
			return n->list_slot[i];
		}
	}
	if (n->lists == LISTS || n->members > MEMBERS) {
		n->members = list;
		n->is_full = true;
		return NEEDS_ANY;
	}
	n->member[list] = (uint32_t)len;
	add_keys(n, list);
	n->lists++;
	return n->list_slot[i] = (uint32_t)list;
}

/* Looks for all words that a key of at least three bytes begins with. */
static void
look_up_all(struct needs *n, const char *key, size_t len)
{
	uint64_t left = n->lengths[begin_of(key)] & (((uint64_t)2 << len) - 1);

	for (; left != 0; left &= left - 1)
		look_up(n, key, (size_t)__builtin_ctzll(left));
}

/* Looks for words that are in this one from its beginning, or anywhere inside. */
static void
look_inside(struct needs *n, const char *word, size_t len)
{
	char key[LITERALS_MOST + 1];

	for (size_t i = 0; i + LITERALS_LEAST <= len; i++) {
		size_t most = len - i < LITERALS_MOST ? len - i : LITERALS_MOST;

		if (n->lengths[begin_of(word + i)] == 0)
			continue;
		memcpy(key, word + i, most);
		key[most] = LITERALS_EDGE;
		look_up_all(n, key, most + (i + most == len));
	}
}

static void
look_from_beginning(struct needs *n, const char *word, size_t len)
{
	char key[LITERALS_MOST + 2] = { LITERALS_EDGE };
	size_t most = len < LITERALS_MOST ? len : LITERALS_MOST;

	memcpy(key + 1, word, most);
	key[most + 1] = LITERALS_EDGE;
	look_up_all(n, key, 1 + most + (most == len));
}

uint32_t
needs_look_up(struct needs *n, const char *word, size_t len)
{
	const size_t list = n->members;
	size_t end;

	add_member(n, 0);
	add_member(n, 0);
	for (size_t i = 0; i < len && n->word.len > 0; i = end + 1) {
		for (end = i; end < len && syntax_is_word((unsigned char)word[end]);)
			end++;
		if (end > i) {
			look_from_beginning(n, word + i, end - i);
			look_inside(n, word + i, end - i);
		}
	}
	if (n->members > list + 2)
		return find_list(n, list);
	n->members = list;
	return NEEDS_NONE;
}

/* What was fresh is no longer, and what was not is forgotten. */
VECTOR static void
turn(uint64_t *restrict open, uint64_t *restrict fresh, const uint64_t *restrict keyless,
    const uint64_t *restrict far, size_t row)
{
	for (size_t i = 0; i < row; i++) {
		open[i] = keyless[i] | fresh[i] | (open[i] & far[i]);
		fresh[i] = 0;
	}
}

void
needs_begin_text(struct needs *n, size_t len, bool is_wide)
{
	n->text += n->text_len + 1;
	n->text_len = len;
	n->span = is_wide ? 4 * SPAN : SPAN;
	n->turn_at = len > n->span ? len - n->span : 0;
	memcpy(n->open, n->keyless, n->row * sizeof(*n->open));
	memset(n->fresh, 0, n->row * sizeof(*n->fresh));
}

void
needs_turn(struct needs *n, size_t at)
{
	turn(n->open, n->fresh, n->keyless, n->far, n->row);
	n->turn_at = at > n->span ? at - n->span : 0;
}

void
needs_release(struct needs *n)
{
	arena_release(&n->arena);
	free(n->way);
	for (size_t i = 0; n->keyed != NULL && i < n->clause.len; i++)
		free(n->keyed[i].at);
	free(n->keyed);
	free(n->met);
	free(n->open);
	free(n->fresh);
	free(n->far);
	free(n->keyless);
	texts_release(&n->clause);
	texts_release(&n->word);
	free(n->first);
	free(n->posting);
	free(n->member);
	free(n->list_slot);
	*n = (struct needs){ 0 };
}
