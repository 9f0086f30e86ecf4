#include "config.h"

#include <stdlib.h>

#include "annotate/evidence.h"
#include "annotate/lexicon.h"
#include "lib/core/arena.h"

/* Tokens before and after a match that are looked at. */
enum {
	NEGATION_BEFORE = 3,
	STANCE_BEFORE = 6,
	STANCE_AFTER = 3,
	STANCE_AFTER_SUBJECT = 10,
	SUBJECT_FIRST = 2,
	INTENSIFIER_BEFORE = 2
};

enum { MOVES = 16 }; /* of each match, before insertion sort gives way to qsort */

void
evidence_release(struct evidence *e)
{
	free(e->sorted);
	free(e->place);
	free(e->has_match);
	*e = (struct evidence){ 0 };
}

/* By rule, by place, the longer first. */
static int
compare(const void *va, const void *vb)
{
	const struct match *a = va, *b = vb;

	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	return a->end > b->end ? -1 : a->end < b->end;
}

/* Most are in order already; in adversarial texts they may not be. */
static void
insertion_sort(struct match *match, size_t n)
{
	size_t moves = 0;

	for (size_t i = 1; i < n && moves <= MOVES * n; i++) {
		struct match one = match[i];
		size_t k = i;

		for (; k > 0 && compare(&match[k - 1], &one) > 0; k--)
			match[k] = match[k - 1];
		match[k] = one;
		moves += i - k;
	}
	if (moves > MOVES * n)
		qsort(match, n, sizeof(*match), compare);
}

static void
reserve(struct evidence *e, size_t matches, size_t rules)
{
	while (e->sorted_cap < matches)
		e->sorted = arena_grow_array(e->sorted, matches, &e->sorted_cap,
		    sizeof(*e->sorted));
	if (e->rules >= rules)
		return;
	free(e->place);
	free(e->has_match);
	e->rules = rules;
	e->place = arena_calloc(rules, sizeof(*e->place));
	e->has_match = arena_calloc(rules / 64 + 1, sizeof(*e->has_match));
}

/* Counting sort by rule; the matches of one rule are nearly in the order of their places. */
static void
sort(struct evidence *e, const struct match_list *matches, size_t rules)
{
	uint32_t to = 0;

	reserve(e, matches->len, rules);
	for (size_t i = 0; i < matches->len; i++) {
		const uint32_t rule = matches->at[i].id;

		e->place[rule]++;
		e->has_match[rule / 64] |= (uint64_t)1 << rule % 64;
	}
	for (size_t i = 0; i <= rules / 64; i++)
		for (uint64_t left = e->has_match[i]; left != 0; left &= left - 1) {
			uint32_t *place = &e->place[64 * i + (size_t)__builtin_ctzll(left)];
			uint32_t n = *place;

			*place = to;
			to += n;
		}
	for (size_t i = 0; i < matches->len; i++)
		e->sorted[e->place[matches->at[i].id]++] = matches->at[i];
	for (size_t i = 0; i < matches->len; i++) {
		e->place[matches->at[i].id] = 0;
		e->has_match[matches->at[i].id / 64] = 0;
	}
	insertion_sort(e->sorted, matches->len);
}

/* Has a token less than n before `first`, in the sentence of `in`, a flag? */
static bool
is_before(const struct tokens *t, size_t first, size_t in, size_t n, unsigned flag, unsigned but,
    size_t *where)
{
	if (!(t->flags & flag))
		return false;
	for (size_t i = first; i > 0 && first - i < n; i--) {
		const struct token *k = &t->at[i - 1];

		if (k->sentence != t->at[in].sentence)
			return false;
		if (k->flags & flag && !(k->flags & but)) {
			*where = i - 1;
			return true;
		}
	}
	return false;
}

/* Is it among the first tokens of its sentence, and not "I cook" or "my dog"?  Then what
 * follows is said of it. */
static bool
is_subject(const struct tokens *t, const struct match *match)
{
	unsigned sentence = t->at[match->first].sentence;
	size_t first = match->first;

	if (first >= SUBJECT_FIRST && t->at[first - SUBJECT_FIRST].sentence == sentence)
		return false;
	return first == 0 || t->at[first - 1].sentence != sentence
	    || !(t->at[first - 1].flags & LEXICON_FIRST_PERSON);
}

static bool
is_after(const struct tokens *t, const struct match *match, unsigned flag, size_t *where)
{
	size_t reach;

	if (!(t->flags & flag))
		return false;
	reach = is_subject(t, match) ? STANCE_AFTER_SUBJECT : STANCE_AFTER;
	for (size_t i = match->stop; i < t->len && i - match->stop < reach; i++) {
		if (t->at[i].sentence != t->at[match->stop - 1].sentence)
			return false;
		if (t->at[i].flags & flag) {
			*where = i;
			return true;
		}
	}
	return false;
}

/* A negation inside a like phrase ("can't get enough") does not count. */
static bool
is_negated(const struct tokens *t, size_t first)
{
	size_t where;

	return is_before(t, first, first, NEGATION_BEFORE, LEXICON_NEGATION, LEXICON_LIKE_PHRASE,
	    &where);
}

/* "music isn't what I would call": between the match and what is said of it, or before it. */
static bool
is_negated_between(const struct tokens *t, const struct match *match, size_t where)
{
	for (size_t i = match->stop; i < where; i++)
		if (t->at[i].flags & LEXICON_NEGATION && !(t->at[i].flags & LEXICON_LIKE_PHRASE))
			return true;
	return is_negated(t, match->first);
}

/* Is a like (or dislike) near the match?  *is_turned: it is negated itself. */
static bool
is_near(const struct tokens *t, const struct match *match, unsigned flag, bool *is_turned)
{
	size_t where;

	if (!is_before(t, match->first, match->first, STANCE_BEFORE, flag, 0, &where)) {
		if (!is_after(t, match, flag, &where))
			return false;
		*is_turned = is_negated_between(t, match, where);
		return true;
	}
	while (where > 0 && t->at[where - 1].flags & flag
	    && t->at[where - 1].sentence == t->at[where].sentence)
		where--; /* to the begin of the phrase */
	*is_turned = is_negated(t, where);
	return true;
}

static struct votes
negated(enum rules_negation how)
{
	return (struct votes){ .own = how == RULES_IGNORE, .other = how == RULES_FLIP };
}

/* The votes of a match near a like or dislike; false if there is none. */
static bool
take_stance(const struct rule *rule, const struct tokens *t, const struct match *match,
    struct votes *one)
{
	bool is_turned;

	if (is_near(t, match, LEXICON_DISLIKE, &is_turned) && !is_turned)
		*one = (struct votes){ .other = 1 };
	else if (!is_near(t, match, LEXICON_LIKE, &is_turned))
		return false;
	else if (is_turned)
		*one = (struct votes){ .other = 1 };
	else if (is_negated(t, match->first))
		*one = negated(rule->negation);
	else
		*one = (struct votes){ .own = 2 };
	return true;
}

/* "really tidy": within it, or just before. */
static bool
is_intense(const struct tokens *t, const struct match *match)
{
	size_t where;

	if (!(t->flags & LEXICON_INTENSIFIER))
		return false;
	for (size_t i = match->first; i < match->stop; i++)
		if (t->at[i].flags & LEXICON_INTENSIFIER)
			return true;
	return is_before(t, match->first, match->first, INTENSIFIER_BEFORE, LEXICON_INTENSIFIER, 0,
	    &where);
}

/* The votes of one match. */
static struct votes
votes_of(const struct rule *rule, const struct tokens *t, const struct attribution *v,
    const struct match *match)
{
	struct votes one = { .own = 1 };

	if (!rule->ignores_attribution
	    && !attribution_is_author_claim(v, t, match->first, match->stop))
		return (struct votes){ .own = rule->is_stance };
	if (match->first == match->stop) /* it has no words, and so no neighbours */
		return one;
	if (rule->is_stance && take_stance(rule, t, match, &one))
		return one;
	if (is_negated(t, match->first))
		return negated(rule->negation);
	if (!rule->is_stance && is_intense(t, match))
		one.own++;
	return one;
}

size_t
evidence_count(struct evidence *e, struct match_list *matches, const struct rules *rules,
    const struct tokens *tokens, const struct attribution *attribution, struct votes *votes)
{
	const struct match *last = NULL;
	size_t n = 0;

	sort(e, matches, rules->len);
	for (size_t i = 0; i < matches->len; i++) {
		const struct match *match = &e->sorted[i];
		bool is_same = last != NULL && last->id == match->id;
		struct votes one;

		if (is_same && match->begin < last->end)
			continue;
		if (!is_same)
			votes[n++] = (struct votes){ .rule = match->id };
		one = votes_of(&rules->rule[match->id], tokens, attribution, match);
		votes[n - 1].own += one.own;
		votes[n - 1].other += one.other;
		if (e->watch != NULL && one.own + one.other > 0)
			e->watch(e->with, match, &one);
		last = match;
	}
	matches->len = 0;
	return n;
}

struct votes
evidence_of_features(const struct rule *rule, uint32_t number,
    const struct attribution *attribution)
{
	return (struct votes){ .rule = number,
		.own = rule->ignores_attribution || rule->is_stance || !attribution->is_sarcastic };
}
