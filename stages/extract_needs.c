#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "lib/buf.h"
#include "stages/extract_needs.h"

enum { LISTS = 16384, LIST_SLOTS = 4 * LISTS, MEMBERS = 1 << 20 };

#define KEYLESS UINT32_MAX
#define FAR (UINT32_MAX / 4)	/* a reach; four bytes are the most of a character */

/* A word fulfils a clause. */
struct needs_posting {
	uint32_t clause, next;		/* 1 + the next one; 0 ends */
};

struct needs_word {
	struct text text;
	uint32_t postings;		/* 1 + the first of them */
};

static uint64_t
hash(const char *s, size_t len)
{
	return XXH3_64bits(s, len);
}

/* Where a word stands in the table, or would. */
static size_t
slot_of(const struct needs *n, const char *s, size_t len)
{
	size_t i = hash(s, len) & n->mask;

	for (; n->slot[i] != 0; i = (i + 1) & n->mask) {
		const struct text *is = &n->word[n->slot[i] - 1].text;

		if (is->len == len && memcmp(is->ptr, s, len) == 0)
			break;
	}
	return i;
}

static void
widen(struct needs *n)
{
	if (n->words < n->mask / 2)
		return;
	free(n->slot);
	n->mask = n->mask > 0 ? 2 * n->mask + 1 : 1023;
	n->slot = arena_array(n->mask + 1, sizeof(*n->slot));
	for (size_t i = 0; i < n->words; i++)
		n->slot[slot_of(n, n->word[i].text.ptr, n->word[i].text.len)] =
		    (uint32_t)i + 1;
}

/* Of three bytes. */
static unsigned
begin_of(const char *s)
{
	return ((unsigned char)s[0] * 1031u ^ (unsigned char)s[1] * 131u
	    ^ (unsigned char)s[2] * 17u) % NEEDS_BEGINS;
}

static struct needs_word *
word_of(struct needs *n, const struct text *text)
{
	const bool is_short = text->len < 3;	/* any word may begin with it */
	const unsigned begin = is_short ? 0 : begin_of(text->ptr);
	size_t i;

	for (i = begin; i <= (is_short ? NEEDS_BEGINS - 1 : begin); i++)
		n->lengths[i] |= (uint64_t)1 << text->len;
	widen(n);
	i = slot_of(n, text->ptr, text->len);
	if (n->slot[i] == 0) {
		n->word = arena_grown(n->word, n->words, &n->words_room, sizeof(*n->word));
		n->word[n->words] = (struct needs_word){ .text = {
			arena_dup(&n->arena, text->ptr, text->len), text->len } };
		n->slot[i] = (uint32_t)++n->words;
	}
	return &n->word[n->slot[i] - 1];
}

static void
post(struct needs *n, uint32_t clause, const struct literals_set *set)
{
	for (size_t i = 0; i < set->len; i++) {
		struct needs_word *w = word_of(n, &set->at[i]);

		n->posting = arena_grown(n->posting, n->postings, &n->postings_room,
		    sizeof(*n->posting));
		n->posting[n->postings] = (struct needs_posting){ clause, w->postings };
		w->postings = (uint32_t)++n->postings;
	}
}

/* A clause of the same words, or a new one.  Sets are sorted. */
static uint32_t
clause_of(struct needs *n, const struct literals_set *set)
{
	struct buf words = { 0 };
	uint32_t i;

	for (size_t k = 0; k < set->len; k++) {
		buf_add(&words, set->at[k].ptr, set->at[k].len);
		buf_add_byte(&words, '\0');
	}
	for (i = 0; i < n->clauses; i++)
		if (n->clause_words[i].len == words.len
		    && memcmp(n->clause_words[i].ptr, words.data, words.len) == 0)
			break;
	if (i == n->clauses) {
		n->clause_words = arena_grown(n->clause_words, n->clauses,
		    &n->clauses_room, sizeof(*n->clause_words));
		n->clause_words[n->clauses++] = (struct text){ arena_dup(&n->arena,
		    words.data, words.len), words.len };
		post(n, i, set);
	}
	buf_release(&words);
	return i;
}

static uint32_t
reach_of(const struct literals_set *clause)
{
	return (uint32_t)(clause->reach < FAR ? clause->reach : FAR);
}

void
needs_add(struct needs *n, const struct literals *all)
{
	n->of = arena_grown(n->of, n->ofs, &n->ofs_room, sizeof(*n->of));
	n->of[n->ofs++] = (struct needs_of){ (uint32_t)n->ways, (uint32_t)n->ways,
		all->len > 0 ? clause_of(n, &all->clause[0]) : KEYLESS,
		all->len > 0 ? reach_of(&all->clause[0]) : FAR };
}

void
needs_add_way(struct needs *n, const struct literals *of)
{
	struct needs_way way = { .len = (uint32_t)of->len };

	for (size_t i = 0; i < of->len; i++) {
		way.clause[i] = clause_of(n, &of->clause[i]);
		way.reach[i] = reach_of(&of->clause[i]);
	}
	n->way = arena_grown(n->way, n->ways, &n->ways_room, sizeof(*n->way));
	n->way[n->ways++] = way;
	n->of[n->ofs - 1].stop_way = (uint32_t)n->ways;
}

static void
set_bit(uint64_t *row, uint32_t bit)
{
	row[bit / 64] |= (uint64_t)1 << bit % 64;
}

void
needs_begin(struct needs *n)
{
	n->row = n->ofs / 64 + 1;
	n->list = arena_array(LISTS, sizeof(*n->list));
	n->list_slot = arena_array(LIST_SLOTS, sizeof(*n->list_slot));
	n->met = arena_array(n->clauses, sizeof(*n->met));
	n->keyed = arena_array(n->clauses, sizeof(*n->keyed));
	n->open = arena_array(n->row, sizeof(*n->open));
	n->keyless = arena_array(n->row, sizeof(*n->keyless));
	for (uint32_t i = 0; i < n->ofs; i++)
		if (n->of[i].key == KEYLESS)
			set_bit(n->keyless, i);
		else
			states_push(&n->keyed[n->of[i].key], i);
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
	uint32_t found = n->slot[slot_of(n, word, len)];

	for (uint32_t i = found != 0 ? n->word[found - 1].postings : 0; i != 0;
	    i = n->posting[i - 1].next)
		add_member(n, n->posting[i - 1].clause);
}

void
needs_forget(struct needs *n)
{
	memset(n->list_slot, 0, LIST_SLOTS * sizeof(*n->list_slot));
	n->lists = NEEDS_FIRST;
	n->members = 0;
	n->is_full = false;
}

static void
add_keys(struct needs *n, struct needs_list *l)
{
	for (uint32_t i = 0; i < l->clauses; i++) {
		const struct states_list *of = &n->keyed[n->member[l->at + i]];

		for (size_t k = 0; k < of->len; k++)
			add_member(n, of->at[k]);
		l->keys += (uint32_t)of->len;
	}
}

/* The list behind all that are known, which may be one of these. */
static uint32_t
find_list(struct needs *n, size_t from)
{
	const uint32_t *at = n->member + from;
	size_t len = n->members - from, size = len * sizeof(*at);
	size_t i = XXH3_64bits(at, size) % LIST_SLOTS;

	for (; n->list_slot[i] != 0; i = (i + 1) % LIST_SLOTS) {
		const struct needs_list *l = &n->list[n->list_slot[i]];

		if (l->clauses == len && memcmp(n->member + l->at, at, size) == 0) {
			n->members = from;
			return n->list_slot[i];
		}
	}
	if (n->lists == LISTS || n->members > MEMBERS) {
		n->members = from;
		n->is_full = true;
		return NEEDS_ANY;
	}
	n->list[n->lists] = (struct needs_list){ (uint32_t)from, (uint32_t)len, 0 };
	add_keys(n, &n->list[n->lists]);
	n->list_slot[i] = (uint32_t)n->lists;
	return (uint32_t)n->lists++;
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
	size_t from = n->members, end;

	for (size_t i = 0; i < len && n->words > 0; i = end + 1) {
		for (end = i; end < len && syntax_is_word((unsigned char)word[end]);)
			end++;
		if (end > i) {
			look_from_beginning(n, word + i, end - i);
			look_inside(n, word + i, end - i);
		}
	}
	return n->members == from ? NEEDS_NONE : find_list(n, from);
}

void
needs_begin_text(struct needs *n, size_t len)
{
	n->text += n->text_len + 1;
	n->text_len = len;
	memcpy(n->open, n->keyless, n->row * sizeof(*n->open));
}

void
needs_meet(struct needs *n, uint32_t list, size_t at)
{
	const struct needs_list *l = &n->list[list];
	const uint32_t *member = n->member + l->at;

	for (uint32_t i = 0; i < l->clauses; i++)
		n->met[member[i]] = n->text + at;
	member += l->clauses;
	for (uint32_t i = 0; i < l->keys; i++)
		set_bit(n->open, member[i]);
}

/* A word is looked for from `from` on; what was met before is further than all. */
static bool
is_met(const struct needs *n, uint32_t clause, uint32_t reach, uint64_t from,
    uint64_t bytes)
{
	return n->met[clause] - from <= bytes * reach;
}

static bool
are_met(const struct needs *n, const struct needs_way *w, uint64_t from,
    uint64_t bytes)
{
	uint32_t i = 0;

	while (i < w->len && is_met(n, w->clause[i], w->reach[i], from, bytes))
		i++;
	return i == w->len;
}

bool
needs_are_met(const struct needs *n, uint32_t number, size_t at, bool is_wide)
{
	const struct needs_of *x = &n->of[number];
	const uint64_t from = n->text + at, bytes = is_wide ? 4 : 1;
	uint32_t i = x->first_way;

	if (x->key != KEYLESS && !is_met(n, x->key, x->reach, from, bytes))
		return false;
	while (i < x->stop_way && !are_met(n, &n->way[i], from, bytes))
		i++;
	return i < x->stop_way;
}

void
needs_release(struct needs *n)
{
	arena_release(&n->arena);
	free(n->way);
	free(n->of);
	for (size_t i = 0; n->keyed != NULL && i < n->clauses; i++)
		free(n->keyed[i].at);
	free(n->keyed);
	free(n->met);
	free(n->open);
	free(n->keyless);
	free(n->clause_words);
	free(n->word);
	free(n->posting);
	free(n->slot);
	free(n->list);
	free(n->member);
	free(n->list_slot);
	*n = (struct needs){ 0 };
}
