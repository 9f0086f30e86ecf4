#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/json/json_write.h"
#include "schema/dimension.h"
#include "stages/map/explain.h"
#include "annotate/intensity.h"

/* Words that a rule was heard on. */
struct heard {
	const struct rule *rule;
	struct text matched;
	unsigned own, other;
};

struct explainer {
	struct engine *engine;
	struct arena *brief;		/* of the interaction in hand */
	struct heard *heard;
	size_t len, room;
};

static void
hear(void *with, const struct rule *rule, const struct text *matched,
    unsigned own, unsigned other)
{
	struct explainer *e = with;

	e->heard = arena_grown(e->heard, e->len, &e->room, sizeof(*e->heard));
	e->heard[e->len++] = (struct heard){ .rule = rule, .own = own,
		.other = other, .matched = { arena_dup(e->brief, matched->ptr,
		matched->len), matched->len } };
}

struct explainer *
explain_new(struct engine *engine, struct arena *a)
{
	struct explainer *e = arena_get(a, sizeof(*e));

	e->engine = engine;
	engine_watch_hits(engine, hear, e);
	return e;
}

void
explain_free(struct explainer *e)
{
	if (e != NULL)
		free(e->heard);
}

void
explain_run(struct explainer *e, struct interaction *x, struct arena *brief)
{
	e->brief = brief;
	e->len = 0;
	engine_run(e->engine, x);
}

/* A signal and what it comes to, to be put in order. */
struct weighed {
	const struct signal *signal;
	double evidence;
};

static int
by_strength(const void *va, const void *vb)
{
	const struct weighed *a = va, *b = vb;
	double x = fabs(a->evidence), y = fabs(b->evidence);

	if (x != y)
		return x > y ? -1 : 1;
	return a->signal < b->signal ? -1 : a->signal > b->signal;
}

/* Those of one dimension, the strongest first; how many. */
static size_t
weigh_dimension(const struct map_weights *w, const struct list *signals,
    int dimension, struct weighed *to)
{
	const struct signal *s = signals->item;
	size_t n = 0;

	for (size_t i = 0; i < signals->len; i++)
		if (s[i].dimension == dimension)
			to[n++] = (struct weighed){ &s[i],
				intensity_evidence(w, &s[i]) };
	if (n > 0)
		qsort(to, n, sizeof(*to), by_strength);
	return n;
}

static bool
is_of(const struct heard *h, const struct signal *s)
{
	return h->rule->id.ptr == s->rule.ptr
	    && (s->pole == h->rule->pole ? h->own : h->other) > 0;
}

static const struct rule *
rule_of(const struct explainer *e, const struct signal *s)
{
	const struct rules *rules = engine_rules(e->engine);

	for (size_t i = 0; i < rules->len; i++)
		if (rules->rule[i].id.ptr == s->rule.ptr)
			return &rules->rule[i];
	return NULL;			/* of its community */
}

/* Words are shown in one line. */
static void
put_matched(const struct text *s, struct buf *out)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < s->len; i++)
		buf_add_byte(out, (unsigned char)s->ptr[i] < ' ' ? ' '
		    : s->ptr[i]);
	buf_add_byte(out, '"');
}

static void
put_features(const struct explainer *e, const struct rule *rule,
    enum explain_form form, struct buf *out)
{
	const struct features *f = engine_features(e->engine);

	for (size_t i = 0; i < rule->bounds_len; i++) {
		const struct rules_bound *b = &rule->bounds[i];
		const char *name = rules_features[b->feature];

		if (form == EXPLAIN_TEXT)
			buf_printf(out, "  %s %.4g (%g to %g)", name,
			    f->at[b->feature], b->low, b->high);
		else {
			buf_printf(out, "%s\"%s\":", i > 0 ? "," : "", name);
			json_put_real(out, f->at[b->feature]);
		}
	}
}

static void
put_words(const struct explainer *e, const struct signal *s,
    enum explain_form form, struct buf *out)
{
	bool is_first = true;

	for (size_t i = 0; i < e->len; i++) {
		const struct text *m = &e->heard[i].matched;

		if (!is_of(&e->heard[i], s))
			continue;
		if (form == EXPLAIN_TEXT) {
			buf_add_str(out, is_first ? "  " : ", ");
			put_matched(m, out);
		} else {
			if (!is_first)
				buf_add_byte(out, ',');
			json_put_text(out, m->ptr, m->len);
		}
		is_first = false;
	}
}

static void
put_text(const struct explainer *e, const struct weighed *one, struct buf *out)
{
	const struct signal *s = one->signal;
	const struct rule *rule = rule_of(e, s);

	buf_printf(out, "    %+.2f  %.*s", one->evidence, (int)s->rule.len,
	    s->rule.ptr);
	if (s->count > 1)
		buf_printf(out, " x%" PRId64, s->count);
	if (rule != NULL && rule->bounds_len > 0)
		put_features(e, rule, EXPLAIN_TEXT, out);
	else if (rule != NULL)
		put_words(e, s, EXPLAIN_TEXT, out);
	buf_add_byte(out, '\n');
}

static void
put_json(const struct explainer *e, const struct weighed *one, struct buf *out)
{
	const struct signal *s = one->signal;
	const struct rule *rule = rule_of(e, s);

	buf_add_str(out, "{\"rule\":");
	json_put_text(out, s->rule.ptr, s->rule.len);
	buf_printf(out, ",\"pole\":%" PRId64 ",\"count\":%" PRId64
	    ",\"evidence\":", s->pole, s->count);
	json_put_real(out, one->evidence);
	if (rule != NULL && rule->bounds_len > 0) {
		buf_add_str(out, ",\"features\":{");
		put_features(e, rule, EXPLAIN_JSON, out);
		buf_add_byte(out, '}');
	} else if (rule != NULL) {
		buf_add_str(out, ",\"matched\":[");
		put_words(e, s, EXPLAIN_JSON, out);
		buf_add_byte(out, ']');
	}
	buf_add_byte(out, '}');
}

/* The head of a dimension: its value, how sure, and the label it speaks for. */
static void
put_dimension(const struct interaction *x, int i, enum explain_form form,
    struct buf *out)
{
	const struct dimension *d = &dimension_table[i];
	double value = x->intensities.value[i] / (double)INTENSITY_FULL;
	double sure = x->intensities.confidence[i] / (double)INTENSITY_FULL;
	const char *label = value > 0 ? d->label[1]
	    : value < 0 ? d->label[0] : "neutral";

	if (form == EXPLAIN_TEXT) {
		buf_printf(out, "  %d %s %+.2f, confidence %.2f: %s\n", i,
		    d->key, value, sure, label);
		return;
	}
	buf_printf(out, "{\"dimension\":%d,\"key\":\"%s\",\"value\":", i, d->key);
	json_put_real(out, value);
	buf_add_str(out, ",\"confidence\":");
	json_put_real(out, sure);
	buf_add_str(out, ",\"label\":");
	json_put_text(out, label, strlen(label));
	buf_add_str(out, ",\"evidence\":[");
}

static void
begin_item(const struct interaction *x, enum explain_form form,
    struct buf *out)
{
	if (form == EXPLAIN_TEXT) {
		buf_printf(out, "%.*s\n", (int)x->id.len, x->id.ptr);
		return;
	}
	buf_add_str(out, "{\"id\":");
	json_put_text(out, x->id.ptr, x->id.len);
	buf_add_str(out, ",\"annotator\":");
	json_put_text(out, x->intensities.annotator.ptr,
	    x->intensities.annotator.len);
	buf_add_str(out, ",\"dimensions\":[");
}

void
explain_put(const struct explainer *e, const struct map_weights *w,
    const struct interaction *x, enum explain_form form, struct buf *out)
{
	struct weighed *all = arena_get(e->brief,
	    (x->signals.len + 1) * sizeof(*all));
	bool is_first = true;

	begin_item(x, form, out);
	for (int i = 0; i < DIMENSIONS; i++) {
		size_t n = weigh_dimension(w, &x->signals, i, all);

		if (n == 0 && x->intensities.value[i] == 0)
			continue;
		if (form == EXPLAIN_JSON && !is_first)
			buf_add_byte(out, ',');
		is_first = false;
		put_dimension(x, i, form, out);
		for (size_t k = 0; k < n; k++) {
			if (form == EXPLAIN_JSON && k > 0)
				buf_add_byte(out, ',');
			(form == EXPLAIN_TEXT ? put_text : put_json)(e, &all[k],
			    out);
		}
		if (form == EXPLAIN_JSON)
			buf_add_str(out, "]}");
	}
	buf_add_str(out, form == EXPLAIN_TEXT ? "\n" : "]}\n");
}
