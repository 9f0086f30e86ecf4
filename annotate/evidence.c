#include "config.h"

#include <stdlib.h>

#include "lib/core/arena.h"
#include "annotate/evidence.h"
#include "lib/match/phrase_index.h"

/* How many tokens before and after a hit are looked at. */
enum { NEGATION_BEFORE = 3, STANCE_BEFORE = 6, STANCE_AFTER = 3,
	STANCE_AFTER_SUBJECT = 10, SUBJECT_FIRST = 2, INTENSIFIER_BEFORE = 2 };

enum { MOVES = 16 };		/* of each hit, before all are sorted from scratch */

void
hits_add(struct hits *h, const struct hit *hit)
{
	h->at = arena_grown(h->at, h->len, &h->room, sizeof(*h->at));
	h->at[h->len++] = *hit;
}

void
hits_release(struct hits *h)
{
	free(h->at);
	free(h->sorted);
	free(h->count);
	free(h->is_there);
	*h = (struct hits){ 0 };
}

/* By rule, by place, the longer first. */
static int
compare(const void *va, const void *vb)
{
	const struct hit *a = va, *b = vb;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return a->end > b->end ? -1 : a->end < b->end;
}

/* Most are in their order; in texts that nobody writes they may not be. */
static void
put_in_order(struct hit *hit, size_t n)
{
	size_t moves = 0;

	for (size_t i = 1; i < n && moves <= MOVES * n; i++) {
		struct hit one = hit[i];
		size_t k = i;

		for (; k > 0 && compare(&hit[k - 1], &one) > 0; k--)
			hit[k] = hit[k - 1];
		hit[k] = one;
		moves += i - k;
	}
	if (moves > MOVES * n)
		qsort(hit, n, sizeof(*hit), compare);
}

static void
make_room(struct hits *h, size_t rules)
{
	while (h->sorted_room < h->len)
		h->sorted = arena_grown(h->sorted, h->len, &h->sorted_room,
		    sizeof(*h->sorted));
	if (h->rules >= rules)
		return;
	free(h->count);
	free(h->is_there);
	h->rules = rules;
	h->count = arena_array(rules, sizeof(*h->count));
	h->is_there = arena_array(rules / 64 + 1, sizeof(*h->is_there));
}

/* How often each rule is there tells where its hits go; those of one are in the order of
 * their places but for few. */
static void
sort(struct hits *h, size_t rules)
{
	uint32_t to = 0;

	make_room(h, rules);
	for (size_t i = 0; i < h->len; i++) {
		h->count[h->at[i].rule]++;
		h->is_there[h->at[i].rule / 64] |= (uint64_t)1 << h->at[i].rule % 64;
	}
	for (size_t i = 0; i <= rules / 64; i++)
		for (uint64_t left = h->is_there[i]; left != 0; left &= left - 1) {
			uint32_t *count = &h->count[64 * i
			    + (size_t)__builtin_ctzll(left)];
			uint32_t n = *count;

			*count = to;
			to += n;
		}
	for (size_t i = 0; i < h->len; i++)
		h->sorted[h->count[h->at[i].rule]++] = h->at[i];
	for (size_t i = 0; i < h->len; i++) {
		h->count[h->at[i].rule] = 0;
		h->is_there[h->at[i].rule / 64] = 0;
	}
	put_in_order(h->sorted, h->len);
}

/* Is a token marked among the n before `first`, in the sentence of `in`? */
static bool
is_before(const struct tokens *t, size_t first, size_t in, size_t n,
    unsigned mark, unsigned but, size_t *where)
{
	if (!(t->marks & mark))
		return false;
	for (size_t i = first; i > 0 && first - i < n; i--) {
		const struct token *k = &t->at[i - 1];

		if (k->sentence != t->at[in].sentence)
			return false;
		if (k->marks & mark && !(k->marks & but)) {
			*where = i - 1;
			return true;
		}
	}
	return false;
}

/* Among the first tokens of its sentence, and not "I cook" or "my dog": what
 * follows is said of it. */
static bool
is_subject(const struct tokens *t, const struct hit *hit)
{
	unsigned sentence = t->at[hit->first].sentence;
	size_t first = hit->first;

	if (first >= SUBJECT_FIRST
	    && t->at[first - SUBJECT_FIRST].sentence == sentence)
		return false;
	return first == 0 || t->at[first - 1].sentence != sentence
	    || !(t->at[first - 1].marks & MARK_FIRST_PERSON);
}

static bool
is_after(const struct tokens *t, const struct hit *hit, unsigned mark,
    size_t *where)
{
	size_t reach;

	if (!(t->marks & mark))
		return false;
	reach = is_subject(t, hit) ? STANCE_AFTER_SUBJECT : STANCE_AFTER;
	for (size_t i = hit->stop; i < t->len && i - hit->stop < reach; i++) {
		if (t->at[i].sentence != t->at[hit->stop - 1].sentence)
			return false;
		if (t->at[i].marks & mark) {
			*where = i;
			return true;
		}
	}
	return false;
}

/* Negations inside a word of liking ("can't get enough") are none. */
static bool
is_negated(const struct tokens *t, size_t first)
{
	size_t where;

	return is_before(t, first, first, NEGATION_BEFORE, MARK_NEGATION,
	    MARK_LIKE_PHRASE, &where);
}

/* "music isn't what I would call": between the hit and what is said of it. */
static bool
is_negated_between(const struct tokens *t, const struct hit *hit, size_t where)
{
	for (size_t i = hit->stop; i < where; i++)
		if (t->at[i].marks & MARK_NEGATION
		    && !(t->at[i].marks & MARK_LIKE_PHRASE))
			return true;
	return is_negated(t, hit->first);
}

/* Is a like (or dislike) near the hit?  *is_turned: it is negated itself. */
static bool
is_near(const struct tokens *t, const struct hit *hit, unsigned mark,
    bool *is_turned)
{
	size_t where;

	if (!is_before(t, hit->first, hit->first, STANCE_BEFORE, mark, 0, &where)) {
		if (!is_after(t, hit, mark, &where))
			return false;
		*is_turned = is_negated_between(t, hit, where);
		return true;
	}
	while (where > 0 && t->at[where - 1].marks & mark
	    && t->at[where - 1].sentence == t->at[where].sentence)
		where--;		/* to the beginning of the phrase */
	*is_turned = is_negated(t, where);
	return true;
}

static struct tally
negated(enum rules_negation how)
{
	return (struct tally){ .own = how == RULES_IGNORE,
		.other = how == RULES_FLIP };
}

/* What a like or dislike nearby makes of a hit.  False if there is none. */
static bool
take_stance(const struct rule *rule, const struct tokens *t,
    const struct hit *hit, struct tally *one)
{
	bool is_turned;

	if (is_near(t, hit, MARK_DISLIKE, &is_turned) && !is_turned)
		*one = (struct tally){ .other = 1 };
	else if (!is_near(t, hit, MARK_LIKE, &is_turned))
		return false;
	else if (is_turned)
		*one = (struct tally){ .other = 1 };
	else if (is_negated(t, hit->first))
		*one = negated(rule->negation);
	else
		*one = (struct tally){ .own = 2 };
	return true;
}

/* "really tidy": within it, or in the two tokens before. */
static bool
is_intense(const struct tokens *t, const struct hit *hit)
{
	size_t where;

	if (!(t->marks & MARK_INTENSIFIER))
		return false;
	for (size_t i = hit->first; i < hit->stop; i++)
		if (t->at[i].marks & MARK_INTENSIFIER)
			return true;
	return is_before(t, hit->first, hit->first, INTENSIFIER_BEFORE,
	    MARK_INTENSIFIER, 0, &where);
}

/* What one hit counts. */
static struct tally
settle(const struct rule *rule, const struct tokens *t, const struct voice *v,
    const struct hit *hit)
{
	struct tally one = { .own = 1 };

	if (!rule->is_any_voice && !voice_is_own(v, t, hit->first, hit->stop))
		return (struct tally){ .own = rule->is_stance };
	if (hit->first == hit->stop)	/* only signs: nothing can be near it */
		return one;
	if (rule->is_stance && take_stance(rule, t, hit, &one))
		return one;
	if (is_negated(t, hit->first))
		return negated(rule->negation);
	if (!rule->is_stance && is_intense(t, hit))
		one.own++;
	return one;
}

size_t
hits_settle(struct hits *h, const struct rules *rules, const struct tokens *tokens,
    const struct voice *voice, struct tally *tally)
{
	const struct hit *last = NULL;
	size_t n = 0;

	sort(h, rules->len);
	for (size_t i = 0; i < h->len; i++) {
		const struct hit *hit = &h->sorted[i];
		bool is_same = last != NULL && last->rule == hit->rule;
		struct tally one;

		if (is_same && hit->at < last->end)
			continue;
		if (!is_same)
			tally[n++] = (struct tally){ .rule = hit->rule };
		one = settle(&rules->rule[hit->rule], tokens, voice, hit);
		tally[n - 1].own += one.own;
		tally[n - 1].other += one.other;
		if (h->watch != NULL && one.own + one.other > 0)
			h->watch(h->with, hit, &one);
		last = hit;
	}
	h->len = 0;
	return n;
}

struct tally
hits_measured(const struct rule *rule, uint32_t number, const struct voice *voice)
{
	return (struct tally){ .rule = number, .own = rule->is_any_voice || rule->is_stance
	    || !voice->is_sarcastic };
}
