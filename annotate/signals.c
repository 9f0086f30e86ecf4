#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "annotate/signals.h"
#include "annotate/features.h"
#include "lib/match/word_cache.h"

/* A row of the community table, ready to be copied. */
struct place_rule {
	struct text name;
	struct signal signal;
	int line;
};

/* A rule with features, and its bounds. */
struct measured {
	const struct rules_bound *bounds;
	uint32_t len, rule;
};

/* Tallies, of which those of rules with features come last. */
struct found {
	const struct tally *hit, *measured, *stop;
};

struct engine {
	const struct rules *rules;
	struct words *words;
	struct patterns *patterns;
	struct glossary *glossary;
	struct tokens tokens;
	struct hits hits;
	struct tally *tally;		/* room for every rule */
	struct measured *measured;	/* rules with features */
	size_t measured_len;
	struct signal *signal;		/* room for all that one text can have */
	struct place_rule *places;	/* by name, then line */
	size_t places_len;
	struct count *count;
	patterns_limit_fn *limit;
	void *with;
	engine_hit_fn *hit;		/* or NULL */
	void *hit_with;
	struct features features;	/* of the last text */
};

static int
compare_texts(const struct text *a, const struct text *b)
{
	int c = memcmp(a->ptr, b->ptr, a->len < b->len ? a->len : b->len);

	return c != 0 ? c : a->len < b->len ? -1 : a->len > b->len;
}

static int
by_name(const void *va, const void *vb)
{
	const struct place_rule *a = va, *b = vb;
	int c = compare_texts(&a->name, &b->name);

	return c != 0 ? c : a->line < b->line ? -1 : 1;
}

static void
index_communities(struct engine *e, struct arena *a)
{
	const struct rules *r = e->rules;

	e->places = arena_get(a, (r->communities + 1) * sizeof(*e->places));
	e->places_len = r->communities;
	for (size_t i = 0; i < r->communities; i++) {
		const struct rules_community *c = &r->community[i];
		size_t room = sizeof("community.") + c->name.len;
		char *id = arena_get(a, room);

		snprintf(id, room, "community.%.*s", (int)c->name.len, c->name.ptr);
		e->places[i] = (struct place_rule){ .name = c->name,
			.line = c->line, .signal = { .rule = { id, room - 1 },
			.dimension = c->dimension, .pole = c->pole,
			.weight = c->weight, .count = 1 } };
	}
	qsort(e->places, e->places_len, sizeof(*e->places), by_name);
}

static void
list_measured(struct engine *e, struct arena *a)
{
	e->measured = arena_get(a, (e->rules->len + 1) * sizeof(*e->measured));
	for (size_t i = 0; i < e->rules->len; i++) {
		const struct rule *rule = &e->rules->rule[i];

		if (rule->bounds_len > 0)
			e->measured[e->measured_len++] = (struct measured){ rule->bounds,
				(uint32_t)rule->bounds_len, (uint32_t)i };
	}
}

struct engine *
engine_new(const struct rules *rules, bool is_prefiltered, struct arena *a,
    rules_fault_fn *fn, void *with, struct fault *f)
{
	struct engine *e = arena_get(a, sizeof(*e));

	e->rules = rules;
	e->tally = arena_get(a, (rules->len + 1) * sizeof(*e->tally));
	e->signal = arena_get(a, (2 * rules->len + rules->communities + 1)
	    * sizeof(*e->signal));
	index_communities(e, a);
	list_measured(e, a);
	if ((e->words = words_make(rules, a, f)) == NULL
	    || (e->patterns = patterns_new(rules, is_prefiltered, a, fn, with,
	    f)) == NULL)
		return NULL;
	e->glossary = glossary_new(e->words, patterns_starts(e->patterns), a);
	return e;
}

struct engine *
engine_open(const char *folder, bool is_prefiltered, struct arena *a, struct fault *f)
{
	struct rules *rules = arena_get(a, sizeof(*rules));

	return rules_load(rules, folder, a, NULL, NULL, f) < 0 ? NULL
	    : engine_new(rules, is_prefiltered, a, NULL, NULL, f);
}

void
engine_watch(struct engine *e, struct count *count, patterns_limit_fn *limit,
    void *with)
{
	e->count = count;
	e->limit = limit;
	e->with = with;
}

/* A watcher of hits: from bytes to words. */
static void
pass_on(void *with, const struct hit *hit, const struct tally *one)
{
	struct engine *e = with;
	struct text matched = { e->tokens.text + hit->at, hit->end - hit->at };

	e->hit(e->hit_with, &e->rules->rule[hit->rule], &matched, one->own, one->other);
}

void
engine_watch_hits(struct engine *e, engine_hit_fn *fn, void *with)
{
	e->hit = fn;
	e->hit_with = with;
	e->hits.watch = fn != NULL ? pass_on : NULL;
	e->hits.with = e;
}

const struct rules *
engine_rules(const struct engine *e)
{
	return e->rules;
}

const struct features *
engine_features(const struct engine *e)
{
	return &e->features;
}

void
engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	patterns_free(e->patterns);
	tokens_release(&e->tokens);
	hits_release(&e->hits);
}

/* Rules with features, in their order; where the next tally goes. */
static struct tally *
measure(const struct engine *e, const struct voice *voice, struct tally *to)
{
	for (size_t i = 0; i < e->measured_len; i++) {
		const struct measured *m = &e->measured[i];

		if (features_hold(&e->features, m->bounds, m->len))
			*to++ = hits_measured(&e->rules->rule[m->rule], m->rule, voice);
	}
	return to;
}

/* What all rules come to: of those that were hit, and those with features, each in the
 * order of the rules. */
static struct found
find(struct engine *e, const struct interaction *x)
{
	struct words_counts counts;
	struct voice voice;
	size_t limits, n;

	tokens_read(&e->tokens, x->text.ptr, x->text.len);
	glossary_read(e->glossary, &e->tokens);
	counts = words_find(e->words, &e->tokens, &e->hits);
	limits = patterns_find(e->patterns, &e->tokens, &e->hits, e->limit,
	    e->with);
	if (limits > 0)
		count_add(e->count, "match-limit", limits);
	if (e->tokens.is_cut)
		count_add(e->count, "text-cut", 1);
	voice = voice_of(&e->tokens);
	n = hits_settle(&e->hits, e->rules, &e->tokens, &voice, e->tally);
	e->features = features_of(x, &e->tokens, &counts);
	return (struct found){ e->tally, e->tally + n,
		measure(e, &voice, e->tally + n) };
}

/* Behind those before it; where the next one goes. */
static struct signal *
put(struct signal *to, const struct rule *rule, int pole, uint32_t hits)
{
	if (hits < (uint32_t)rule->least)
		return to;
	*to = (struct signal){ .rule = rule->id, .dimension = rule->dimension,
		.pole = pole, .weight = rule->weight,
		.count = hits < RULES_HITS_MAX ? hits : RULES_HITS_MAX };
	return to + 1;
}

static struct signal *
put_tally(const struct engine *e, struct signal *to, const struct tally *t)
{
	const struct rule *rule = &e->rules->rule[t->rule];

	return put(put(to, rule, rule->pole, t->own), rule, !rule->pole, t->other);
}

/* The signals of all rules, in their order. */
static struct signal *
put_all(const struct engine *e, struct signal *to, const struct found *f)
{
	const struct tally *hit = f->hit, *measured = f->measured;

	while (hit < f->measured || measured < f->stop)
		if (measured == f->stop || (hit < f->measured && hit->rule < measured->rule))
			to = put_tally(e, to, hit++);
		else
			to = put_tally(e, to, measured++);
	return to;
}

/* The rows of its community; how many. */
static size_t
find_places(const struct engine *e, const struct interaction *x,
    const struct place_rule **first)
{
	size_t low = 0, high = e->places_len, n = 0;
	const struct text *name = &x->community;

	*first = e->places;
	if (!NOUN_HAS(&interaction_layout, x, community))
		return 0;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (compare_texts(&e->places[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + n < e->places_len
	    && compare_texts(&e->places[low + n].name, name) == 0)
		n++;
	*first += low;
	return n;
}

void
engine_run(struct engine *e, struct interaction *x)
{
	const struct found found = find(e, x);
	const struct place_rule *place;
	struct signal *to = put_all(e, e->signal, &found);
	size_t places = find_places(e, x, &place);

	for (size_t i = 0; i < places; i++)
		*to++ = place[i].signal;
	x->signals.item = e->signal;
	x->signals.len = (size_t)(to - e->signal);
	count_add(e->count, "signals", x->signals.len);
	count_add(e->count, "with-signals", x->signals.len > 0);
	NOUN_SET(&interaction_layout, x, signals);
	x->rules = (struct text){ e->rules->version, strlen(e->rules->version) };
	NOUN_SET(&interaction_layout, x, rules);
}
