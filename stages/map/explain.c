#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/json/json_write.h"
#include "schema/dimension.h"
#include "stages/map/explain.h"
#include "annotate/intensity.h"

enum { WORDS_SHOWN = 3, EXCERPT_CHARS = 72, BOUND_NONE = 1000000 };
static const double least_shown = 0.005; /* of the evidence: less is printed as 0.00 */

/* A match of a rule; own and other: hits for the pole of the rule and for the other one. */
struct rule_match {
	const struct rule *rule;
	struct text matched;
	unsigned own, other;
};

struct explainer {
	struct signal_finder *engine;
	struct arena *brief; /* of the current interaction */
	struct rule_match *match;
	size_t len, capacity;
};

static void
record_match(void *with, const struct rule *rule, const struct text *matched, unsigned own,
    unsigned other)
{
	struct explainer *e = with;

	e->match = arena_grow_array(e->match, e->len, &e->capacity, sizeof(*e->match));
	e->match[e->len++] = (struct rule_match){ .rule = rule,
		.own = own,
		.other = other,
		.matched = { arena_strndup(e->brief, matched->ptr, matched->len), matched->len } };
}

struct explainer *
explain_new(struct signal_finder *engine, struct arena *a)
{
	struct explainer *e = arena_alloc(a, sizeof(*e));

	e->engine = engine;
	signals_watch_evidence(engine, record_match, e);
	return e;
}

void
explain_free(struct explainer *e)
{
	if (e != NULL)
		free(e->match);
}

void
explain_run(struct explainer *e, struct interaction *x, struct arena *brief)
{
	e->brief = brief;
	e->len = 0;
	signals_find(e->engine, x);
}

/* A signal and its evidence. */
struct contribution {
	const struct signal *signal;
	double evidence;
};

static int
by_strength(const void *va, const void *vb)
{
	const struct contribution *a = va, *b = vb;
	double x = fabs(a->evidence), y = fabs(b->evidence);

	if (x != y)
		return x > y ? -1 : 1;
	return a->signal < b->signal ? -1 : a->signal > b->signal;
}

/* The output of the judged pole of a dimension; -1: no model judged it. */
static int
output_of(const struct explain_judge *j, const struct interaction *x, int dimension)
{
	return j->scorer != NULL && x->intensities.value[dimension] != 0
	    ? linear_model_find(j->model, dimension, x->intensities.value[dimension] > 0)
	    : -1;
}

/* Sets the contributions to a dimension, strongest first; returns their number. */
static size_t
find_contributions(const struct explain_judge *j, const struct interaction *x, int dimension,
    struct contribution *to)
{
	const struct signal *s = x->signals.item;
	int output = output_of(j, x, dimension);
	size_t n = 0;

	for (size_t i = 0; i < x->signals.len; i++)
		if (s[i].dimension == dimension)
			to[n++] = (struct contribution){ &s[i],
				j->scorer == NULL ? intensity_evidence(j->weights, &s[i])
				    : output >= 0
				    ? linear_scorer_signal(j->scorer, &s[i], (size_t)output)
				    : 0 };
	if (n > 0)
		qsort(to, n, sizeof(*to), by_strength);
	return n;
}

static bool
is_of(const struct rule_match *h, const struct signal *s)
{
	return h->rule->id.ptr == s->rule.ptr && (s->pole == h->rule->pole ? h->own : h->other) > 0;
}

static const struct rule *
rule_of(const struct explainer *e, const struct signal *s)
{
	const struct rules *rules = signals_rules(e->engine);

	for (size_t i = 0; i < rules->len; i++)
		if (rules->rule[i].id.ptr == s->rule.ptr)
			return &rules->rule[i];
	return NULL; /* it is from the community */
}

/* Words are shown in one line. */
static void
put_matched(const struct text *s, struct buf *out)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < s->len; i++)
		buf_add_byte(out, (unsigned char)s->ptr[i] < ' ' ? ' ' : s->ptr[i]);
	buf_add_byte(out, '"');
}

/* A feature, its value and its bounds; those of a million and more mean none. */
static void
put_bound(const char *name, double value, const struct rules_bound *b, struct buf *out)
{
	buf_printf(out, "  %s %.4g ", name, value);
	if (b->low <= -BOUND_NONE)
		buf_printf(out, "(at most %g)", b->high);
	else if (b->high >= BOUND_NONE)
		buf_printf(out, "(at least %g)", b->low);
	else
		buf_printf(out, "(%g to %g)", b->low, b->high);
}

static void
put_features(const struct explainer *e, const struct rule *rule, enum explain_form form,
    struct buf *out)
{
	const struct features *f = signals_features(e->engine);

	for (size_t i = 0; i < rule->bounds_len; i++) {
		const struct rules_bound *b = &rule->bounds[i];
		const char *name = rules_features[b->feature];

		if (form == EXPLAIN_TEXT)
			put_bound(name, f->at[b->feature], b, out);
		else {
			buf_printf(out, "%s\"%s\":", i > 0 ? "," : "", name);
			json_write_real(out, f->at[b->feature]);
		}
	}
}

static void
put_matches(const struct explainer *e, const struct signal *s, enum explain_form form,
    struct buf *out)
{
	bool is_first = true;

	for (size_t i = 0; i < e->len; i++) {
		const struct text *m = &e->match[i].matched;

		if (!is_of(&e->match[i], s))
			continue;
		if (form == EXPLAIN_TEXT) {
			buf_add_str(out, is_first ? "  " : ", ");
			put_matched(m, out);
		} else {
			if (!is_first)
				buf_add_byte(out, ',');
			json_write_text(out, m->ptr, m->len);
		}
		is_first = false;
	}
}

static void
put_text(const struct explainer *e, const struct contribution *one, struct buf *out)
{
	const struct signal *s = one->signal;
	const struct rule *rule = rule_of(e, s);

	buf_printf(out, "    %+.2f  %s  %.*s", one->evidence, evidence_kind_word[s->evidence],
	    (int)s->rule.len, s->rule.ptr);
	if (s->count > 1)
		buf_printf(out, " x%" PRId64, s->count);
	if (rule != NULL && rule->bounds_len > 0)
		put_features(e, rule, EXPLAIN_TEXT, out);
	else if (rule != NULL)
		put_matches(e, s, EXPLAIN_TEXT, out);
	buf_add_byte(out, '\n');
}

static void
put_json(const struct explainer *e, const struct contribution *one, struct buf *out)
{
	const struct signal *s = one->signal;
	const struct rule *rule = rule_of(e, s);

	buf_add_str(out, "{\"rule\":");
	json_write_text(out, s->rule.ptr, s->rule.len);
	buf_printf(out, ",\"kind\":\"%s\",\"pole\":%" PRId64 ",\"count\":%" PRId64 ",\"evidence\":",
	    evidence_kind_word[s->evidence], s->pole, s->count);
	json_write_real(out, one->evidence);
	if (rule != NULL && rule->bounds_len > 0) {
		buf_add_str(out, ",\"features\":{");
		put_features(e, rule, EXPLAIN_JSON, out);
		buf_add_byte(out, '}');
	} else if (rule != NULL) {
		buf_add_str(out, ",\"matched\":[");
		put_matches(e, s, EXPLAIN_JSON, out);
		buf_add_byte(out, ']');
	}
	buf_add_byte(out, '}');
}

/* A dimension: its value, confidence, and label. */
static void
put_dimension(const struct interaction *x, int i, enum explain_form form, struct buf *out)
{
	const struct dimension *d = &dimension_table[i];
	double value = x->intensities.value[i] / (double)INTENSITY_FULL;
	double confidence = x->intensities.confidence[i] / (double)INTENSITY_FULL;
	const char *label = value > 0 ? d->label[1] : value < 0 ? d->label[0] : "neutral";
	const char *kind = evidence_kind_word[x->intensities.evidence[i]];

	if (form == EXPLAIN_TEXT) {
		buf_printf(out, "  %d %s %+.2f, confidence %.2f, %s: %s\n", i, d->key, value,
		    confidence, kind, label);
		return;
	}
	buf_printf(out, "{\"dimension\":%d,\"key\":\"%s\",\"value\":", i, d->key);
	json_write_real(out, value);
	buf_add_str(out, ",\"confidence\":");
	json_write_real(out, confidence);
	buf_add_str(out, ",\"label\":");
	json_write_text(out, label, strlen(label));
	buf_printf(out, ",\"kind\":\"%s\"", kind);
	buf_add_str(out, ",\"evidence\":[");
}

/* The beginning of the text on one line, in quotes. */
static void
put_excerpt(const struct text *t, struct buf *out)
{
	size_t i = 0, chars = 0;

	buf_add_byte(out, '"');
	for (; i < t->len && chars < EXCERPT_CHARS; i++) {
		unsigned char c = (unsigned char)t->ptr[i];

		chars += i + 1 == t->len || ((unsigned char)t->ptr[i + 1] & 0xc0) != 0x80;
		if (c > ' ' || (c == ' ' && out->data[out->len - 1] != ' '))
			buf_add_byte(out, (char)c);
		else if (out->data[out->len - 1] != ' ')
			buf_add_byte(out, ' ');
	}
	buf_add_str(out, i < t->len ? "...\"" : "\"");
}

/* A dimension that is shown. */
struct shown_dimension {
	int number;
	double importance; /* |value| * confidence */
};

static int
by_importance(const void *va, const void *vb)
{
	const struct shown_dimension *a = va, *b = vb;

	if (a->importance != b->importance)
		return a->importance > b->importance ? -1 : 1;
	return a->number - b->number;
}

static size_t
count_shown(const struct contribution *all, size_t n)
{
	while (n > 0 && fabs(all[n - 1].evidence) < least_shown)
		n--;
	return n;
}

/* The words that add most to a judgement of the model, each with its log-odds. */
static void
put_words(const struct explain_judge *j, const struct interaction *x, int dimension,
    enum explain_form form, struct buf *out)
{
	const int output = output_of(j, x, dimension);
	struct linear_word top[WORDS_SHOWN];
	size_t n = output < 0 ? 0
			      : linear_scorer_words(j->scorer, (size_t)output, top, WORDS_SHOWN);

	for (size_t i = 0; i < n; i++) {
		if (form == EXPLAIN_JSON) {
			buf_add_str(out, i > 0 ? "," : "");
			json_write_text(out, top[i].text.ptr, top[i].text.len);
			continue;
		}
		if (top[i].score < least_shown)
			break;
		buf_printf(out, "    %+.2f  wording  ", top[i].score);
		put_matched(&top[i].text, out);
		buf_add_byte(out, '\n');
	}
}

static void
put_texts(const struct explainer *e, const struct explain_judge *j, const struct interaction *x,
    double dead_zone, struct contribution *all, struct buf *out)
{
	struct shown_dimension shown[DIMENSIONS] = { { 0 } };
	size_t len = 0, n;

	buf_printf(out, "%.*s  ", (int)x->id.len, x->id.ptr);
	put_excerpt(&x->text, out);
	buf_add_byte(out, '\n');
	for (int i = 0; i < DIMENSIONS; i++) {
		double importance = abs(x->intensities.value[i]) / (double)INTENSITY_FULL
		    * x->intensities.confidence[i] / INTENSITY_FULL;

		if (importance > dead_zone)
			shown[len++] = (struct shown_dimension){ i, importance };
	}
	qsort(shown, len, sizeof(*shown), by_importance);
	for (size_t i = 0; i < len; i++) {
		put_dimension(x, shown[i].number, EXPLAIN_TEXT, out);
		n = find_contributions(j, x, shown[i].number, all);
		n = count_shown(all, n);
		for (size_t k = 0; k < n; k++)
			put_text(e, &all[k], out);
		put_words(j, x, shown[i].number, EXPLAIN_TEXT, out);
	}
	buf_add_str(out, len == 0 ? "  nothing found\n\n" : "\n");
}

static void
put_object(const struct explainer *e, const struct explain_judge *j, const struct interaction *x,
    struct contribution *all, struct buf *out)
{
	bool is_first = true;

	buf_add_str(out, "{\"id\":");
	json_write_text(out, x->id.ptr, x->id.len);
	buf_add_str(out, ",\"annotator\":");
	json_write_text(out, x->intensities.annotator.ptr, x->intensities.annotator.len);
	buf_add_str(out, ",\"dimensions\":[");
	for (int i = 0; i < DIMENSIONS; i++) {
		size_t n = find_contributions(j, x, i, all);

		if (n == 0 && x->intensities.value[i] == 0)
			continue;
		if (!is_first)
			buf_add_byte(out, ',');
		is_first = false;
		put_dimension(x, i, EXPLAIN_JSON, out);
		for (size_t k = 0; k < n; k++) {
			if (k > 0)
				buf_add_byte(out, ',');
			put_json(e, &all[k], out);
		}
		buf_add_str(out, "],\"words\":[");
		put_words(j, x, i, EXPLAIN_JSON, out);
		buf_add_str(out, "]}");
	}
	buf_add_str(out, "]}\n");
}

void
explain_put(const struct explainer *e, const struct explain_judge *j, const struct interaction *x,
    enum explain_form form, double dead_zone, struct buf *out)
{
	struct contribution *all = arena_alloc(e->brief, (x->signals.len + 1) * sizeof(*all));

	if (form == EXPLAIN_TEXT)
		put_texts(e, j, x, dead_zone, all, out);
	else
		put_object(e, j, x, all, out);
}
