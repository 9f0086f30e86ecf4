#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "annotate/attribution.h"
#include "annotate/evidence.h"
#include "annotate/lexicon.h"
#include "annotate/signals.h"
#include "lib/match/pattern_set.h"
#include "lib/match/word_cache.h"

/* A row of the community table, ready to be copied. */
struct community_signal {
	struct text name;
	struct signal signal;
	int line;
};

/* A rule with features, and its bounds. */
struct measured_rule {
	const struct rules_bound *bounds;
	uint32_t len, rule;
};

/* The votes of rules that matched, then of rules with features. */
struct found_votes {
	const struct votes *matched, *measured, *stop;
};

/* Where a pattern was read. */
struct pattern_source {
	const struct rule *rule;
	const struct rules_value *value;
};

struct signal_finder {
	const struct rules *rules;
	struct phrase_index *phrases;
	struct pattern_set *patterns;
	struct pattern_source *source; /* of each pattern */
	struct word_cache *words;
	struct tokens tokens;
	struct match_list matches;
	struct evidence evidence;
	struct votes *votes; /* one for every rule */
	struct measured_rule *measured;
	size_t measured_len;
	struct signal *signal;                /* as many as one text can have */
	struct community_signal *communities; /* by name, then line */
	size_t communities_len;
	struct counters *count;
	rules_fault_fn *limit;
	void *with;
	signals_evidence_fn *hit; /* or NULL */
	void *hit_with;
	struct features features; /* of the last text */
};

static int
by_name(const void *va, const void *vb)
{
	const struct community_signal *a = va, *b = vb;
	int c = text_compare(&a->name, &b->name);

	return c != 0 ? c : a->line < b->line ? -1 : 1;
}

static void
index_communities(struct signal_finder *e, struct arena *a)
{
	const struct rules *r = e->rules;

	e->communities = arena_alloc(a, (r->communities + 1) * sizeof(*e->communities));
	e->communities_len = r->communities;
	for (size_t i = 0; i < r->communities; i++) {
		const struct rules_community *c = &r->community[i];
		size_t size = sizeof("community.") + c->name.len;
		char *id = arena_alloc(a, size);

		snprintf(id, size, "community.%.*s", (int)c->name.len, c->name.ptr);
		e->communities[i] = (struct community_signal){ .name = c->name,
			.line = c->line,
			.signal = { .rule = { id, size - 1 },
			    .dimension = c->dimension,
			    .pole = c->pole,
			    .weight = c->weight,
			    .count = 1,
			    .evidence = EVIDENCE_COMMUNITY } };
		MESSAGE_SET(&signal_descriptor, &e->communities[i].signal, evidence);
	}
	qsort(e->communities, e->communities_len, sizeof(*e->communities), by_name);
}

static void
list_measured(struct signal_finder *e, struct arena *a)
{
	e->measured = arena_alloc(a, (e->rules->len + 1) * sizeof(*e->measured));
	for (size_t i = 0; i < e->rules->len; i++) {
		const struct rule *rule = &e->rules->rule[i];

		if (rule->bounds_len > 0)
			e->measured[e->measured_len++] = (struct measured_rule){ rule->bounds,
				(uint32_t)rule->bounds_len, (uint32_t)i };
	}
}

static size_t
count_patterns(const struct rules *rules)
{
	size_t n = 0;

	for (size_t i = 0; i < rules->len; i++)
		n += rules->rule[i].patterns.len;
	return n;
}

/* Adds a pattern; -2 if it is bad and there is no fn to be called with it. */
static int
add_pattern(struct signal_finder *e, const struct pattern_source *from, rules_fault_fn *fn,
    void *with, struct fault *f)
{
	const struct rules_value *v = from->value;
	struct fault why = FAULT_NONE, one = FAULT_NONE;

	if (pattern_set_add(e->patterns, &v->text, (uint32_t)(from->rule - e->rules->rule), &why)
	    == 0)
		return 0;
	fault_stop(&one, "%s:%d: %s", v->file, v->line, why.text);
	if (fn == NULL)
		return fault_stop(f, "%s", one.text);
	fn(with, &one);
	return 1;
}

/* 0 if all are good. */
static int
add_patterns(struct signal_finder *e, struct arena *a, rules_fault_fn *fn, void *with,
    struct fault *f)
{
	const struct rules *rules = e->rules;
	size_t n = 0;
	int bad = 0;

	e->source = arena_alloc(a, count_patterns(rules) * sizeof(*e->source));
	for (size_t i = 0; i < rules->len; i++)
		for (size_t k = 0; k < rules->rule[i].patterns.len; k++) {
			const struct pattern_source from = { &rules->rule[i],
				&rules->rule[i].patterns.at[k] };
			int rc = add_pattern(e, &from, fn, with, f);

			if (rc < 0)
				return rc;
			bad |= rc;
			e->source[n++] = from;
		}
	return bad;
}

struct signal_finder *
signals_new(const struct rules *rules, bool is_prefiltered, struct arena *a, rules_fault_fn *fn,
    void *with, struct fault *f)
{
	struct signal_finder *e = arena_alloc(a, sizeof(*e));

	e->rules = rules;
	e->votes = arena_alloc(a, (rules->len + 1) * sizeof(*e->votes));
	e->signal = arena_alloc(a, (2 * rules->len + rules->communities + 1) * sizeof(*e->signal));
	index_communities(e, a);
	list_measured(e, a);
	if ((e->phrases = lexicon_new(rules, a, f)) == NULL)
		return NULL;
	e->patterns = pattern_set_new(is_prefiltered);
	if (add_patterns(e, a, fn, with, f) != 0) {
		pattern_set_free(e->patterns);
		return NULL;
	}
	e->words = word_cache_new(e->phrases, pattern_set_prefilter(e->patterns),
	    lexicon_word_flags, a);
	return e;
}

struct signal_finder *
signals_open(const char *folder, bool is_prefiltered, struct arena *a, struct fault *f)
{
	struct rules *rules = arena_alloc(a, sizeof(*rules));

	return rules_load(rules, folder, a, NULL, NULL, f) < 0
	    ? NULL
	    : signals_new(rules, is_prefiltered, a, NULL, NULL, f);
}

void
signals_watch(struct signal_finder *e, struct counters *count, rules_fault_fn *limit, void *with)
{
	e->count = count;
	e->limit = limit;
	e->with = with;
}

/* A pattern_set_limit_fn. */
static void
report_limit(void *with, size_t pattern)
{
	const struct signal_finder *e = with;
	const struct pattern_source *from = &e->source[pattern];
	struct fault one = FAULT_NONE;

	fault_stop(&one,
	    "%s:%d: a pattern of the rule '%.*s' is too costly for a text "
	    "(match-limit); not all of its hits are counted",
	    from->value->file, from->value->line, (int)from->rule->id.len, from->rule->id.ptr);
	e->limit(e->with, &one);
}

/* An evidence_watch_fn. */
static void
pass_on(void *with, const struct match *match, const struct votes *one)
{
	struct signal_finder *e = with;
	struct text matched = { e->tokens.text + match->begin, match->end - match->begin };

	e->hit(e->hit_with, &e->rules->rule[match->id], &matched, one->own, one->other);
}

void
signals_watch_evidence(struct signal_finder *e, signals_evidence_fn *fn, void *with)
{
	e->hit = fn;
	e->hit_with = with;
	e->evidence.watch = fn != NULL ? pass_on : NULL;
	e->evidence.with = e;
}

const struct rules *
signals_rules(const struct signal_finder *e)
{
	return e->rules;
}

const struct features *
signals_features(const struct signal_finder *e)
{
	return &e->features;
}

void
signals_free(struct signal_finder *e)
{
	if (e == NULL)
		return;
	pattern_set_free(e->patterns);
	tokens_release(&e->tokens);
	match_list_release(&e->matches);
	evidence_release(&e->evidence);
}

/* Appends the votes of rules with features; returns where the next ones go. */
static struct votes *
measure(const struct signal_finder *e, const struct attribution *attribution, struct votes *to)
{
	for (size_t i = 0; i < e->measured_len; i++) {
		const struct measured_rule *m = &e->measured[i];

		if (features_hold(&e->features, m->bounds, m->len))
			*to++ = evidence_of_features(&e->rules->rule[m->rule], m->rule,
			    attribution);
	}
	return to;
}

static struct found_votes
find_votes(struct signal_finder *e, const struct interaction *x)
{
	struct attribution attribution;
	size_t hedges, limits, n;

	tokens_read(&e->tokens, x->text.ptr, x->text.len);
	word_cache_fill(e->words, &e->tokens);
	hedges = phrase_index_find(e->phrases, &e->tokens, &e->matches);
	limits = pattern_set_find(e->patterns, &e->tokens, &e->matches, report_limit, e);
	if (limits > 0)
		counters_add(e->count, "match-limit", limits);
	if (e->tokens.is_cut)
		counters_add(e->count, "text-cut", 1);
	attribution = attribution_of(&e->tokens);
	n = evidence_count(&e->evidence, &e->matches, e->rules, &e->tokens, &attribution, e->votes);
	e->features = features_of(x, &e->tokens, hedges);
	return (struct found_votes){ e->votes, e->votes + n,
		measure(e, &attribution, e->votes + n) };
}

/* Appends a signal if there are hits enough; returns where the next one goes. */
static struct signal *
put(struct signal *to, const struct rule *rule, int pole, uint32_t hits)
{
	if (hits < (uint32_t)rule->min_matches)
		return to;
	*to = (struct signal){ .rule = rule->id,
		.dimension = rule->dimension,
		.pole = pole,
		.weight = rule->weight,
		.count = hits < RULES_HITS_MAX ? hits : RULES_HITS_MAX,
		.evidence = (int)rule->evidence };
	MESSAGE_SET(&signal_descriptor, to, evidence);
	return to + 1;
}

static struct signal *
put_votes(const struct signal_finder *e, struct signal *to, const struct votes *v)
{
	const struct rule *rule = &e->rules->rule[v->rule];

	return put(put(to, rule, rule->pole, v->own), rule, !rule->pole, v->other);
}

/* Merges both kinds of votes, each in the order of the rules. */
static struct signal *
put_all(const struct signal_finder *e, struct signal *to, const struct found_votes *f)
{
	const struct votes *matched = f->matched, *measured = f->measured;

	while (matched < f->measured || measured < f->stop)
		if (measured == f->stop
		    || (matched < f->measured && matched->rule < measured->rule))
			to = put_votes(e, to, matched++);
		else
			to = put_votes(e, to, measured++);
	return to;
}

/* The rows of a text's community; returns how many. */
static size_t
find_community(const struct signal_finder *e, const struct interaction *x,
    const struct community_signal **first)
{
	size_t low = 0, high = e->communities_len, n = 0;
	const struct text *name = &x->community;

	*first = e->communities;
	if (!MESSAGE_HAS(&interaction_descriptor, x, community))
		return 0;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (text_compare(&e->communities[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + n < e->communities_len && text_equals(&e->communities[low + n].name, name))
		n++;
	*first += low;
	return n;
}

void
signals_find(struct signal_finder *e, struct interaction *x)
{
	const struct found_votes found = find_votes(e, x);
	const struct community_signal *community;
	struct signal *to = put_all(e, e->signal, &found);
	size_t n = find_community(e, x, &community);

	for (size_t i = 0; i < n; i++)
		*to++ = community[i].signal;
	x->signals.item = e->signal;
	x->signals.len = (size_t)(to - e->signal);
	counters_add(e->count, "signals", x->signals.len);
	counters_add(e->count, "with-signals", x->signals.len > 0);
	MESSAGE_SET(&interaction_descriptor, x, signals);
	x->rules_version = (struct text){ e->rules->version, strlen(e->rules->version) };
	MESSAGE_SET(&interaction_descriptor, x, rules_version);
}
