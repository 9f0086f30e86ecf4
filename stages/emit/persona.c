#include "config.h"

#include <stdlib.h>

#include "stages/emit/persona.h"

struct persona_candidate {
	const struct emit_item *item;
	int score;
};

/* Agreement counts one, conflict minus two.  The same community breaks ties, since the
 * personas of the release are close in topic. */
static int
score(const struct emit_item *record, const struct emit_item *x)
{
	bool is_same_community = record->community != 0 && record->community == x->community;

	return 2
	    * (poles_agree(&record->poles, &x->poles)
		- 2 * poles_conflict(&record->poles, &x->poles))
	    + is_same_community;
}

static int
by_score(const void *va, const void *vb)
{
	const struct persona_candidate *a = va, *b = vb;

	if (a->score != b->score)
		return b->score - a->score;
	if (a->item->rank != b->item->rank)
		return a->item->rank < b->item->rank ? -1 : 1;
	return a->item->offset < b->item->offset ? -1 : a->item->offset > b->item->offset;
}

/* One list of the persona, and for each dimension agreement less conflict so far. */
struct persona_list {
	const struct emit_item **item;
	size_t len, capacity;
	int net[DIMENSIONS];
};

static int
agreement_at(const struct emit_item *record, const struct emit_item *x, int i)
{
	if (record->direction.at[i] == DIRECTION_NEUTRAL || x->direction.at[i] == DIRECTION_NEUTRAL)
		return 0;
	return record->direction.at[i] == x->direction.at[i] ? 1 : -1;
}

static bool
would_contradict(const struct emit_item *record, const struct emit_item *x,
    const struct persona_list *l)
{
	if (poles_conflict(&record->poles, &x->poles) == 0)
		return false;
	for (int i = 0; i < DIMENSIONS; i++)
		if (l->net[i] + agreement_at(record, x, i) < 0)
			return true;
	return false;
}

static bool
is_post_taken(const struct emit_item *record, const struct emit_item *x,
    const struct persona_list *ugc, const struct persona_list *pair)
{
	if (x->thread == record->thread)
		return true;
	for (size_t i = 0; i < ugc->len; i++)
		if (ugc->item[i]->thread == x->thread)
			return true;
	for (size_t i = 0; i < pair->len; i++)
		if (pair->item[i]->thread == x->thread)
			return true;
	return false;
}

static void
add_item(const struct emit_item *record, const struct emit_item *x, struct persona_list *l)
{
	l->item[l->len++] = x;
	for (int i = 0; i < DIMENSIONS; i++)
		l->net[i] += agreement_at(record, x, i);
}

struct persona
persona_choose(const struct emit_item *record, const struct emit_item **candidate, size_t n,
    size_t ugcs, size_t pairs)
{
	struct persona p = { .ugcs = 0 };
	struct persona_list ugc = { p.ugc, 0, ugcs, { 0 } };
	struct persona_list pair = { p.pair, 0, pairs, { 0 } };
	struct persona_candidate *all = calloc(n > 0 ? n : 1, sizeof(*all));

	if (all == NULL)
		arena_out_of_memory();
	for (size_t i = 0; i < n; i++)
		all[i] = (struct persona_candidate){ candidate[i], score(record, candidate[i]) };
	qsort(all, n, sizeof(*all), by_score);
	for (size_t i = 0; i < n && (ugc.len < ugcs || pair.len < pairs); i++) {
		const struct emit_item *x = all[i].item;
		struct persona_list *l = x->is_pair ? &pair : &ugc;

		if (l->len < l->capacity && emit_item_is_on_side_of(x, record)
		    && !is_post_taken(record, x, &ugc, &pair) && !would_contradict(record, x, l))
			add_item(record, x, l);
	}
	free(all);
	p.ugcs = ugc.len;
	p.pairs = pair.len;
	return p;
}

static void
count_poles(const struct emit_item *record, const struct emit_item *x, int *agree, int *conflict)
{
	*agree += poles_agree(&record->poles, &x->poles);
	*conflict += poles_conflict(&record->poles, &x->poles);
}

double
persona_agreement(const struct emit_item *record, const struct persona *p)
{
	int agree = 0, conflict = 0;

	for (size_t i = 0; i < p->ugcs; i++)
		count_poles(record, p->ugc[i], &agree, &conflict);
	for (size_t i = 0; i < p->pairs; i++)
		count_poles(record, p->pair[i], &agree, &conflict);
	return agree + conflict > 0 ? (double)agree / (agree + conflict) : -1;
}
