#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/json/json_write.h"
#include "lib/cli/report.h"
#include "stages/score/results.h"
#include "stages/score/rows.h"

enum { GROUPS_SAID = 16 }; /* groupings with more groups are only in tables */

static const char *const groupings[] = { "persona", "source", "truth" };

static struct text
persona_name(const struct record *r, char *name, size_t capacity)
{
	bool has[] = { r->ugc.len > 0, r->feedback.len > 0, r->demographic.len > 0 };
	static const char *const parts[] = { "ugc", "pair", "demo" };
	size_t n = 0;

	for (int i = 0; i < 3; i++)
		if (has[i])
			n += (size_t)snprintf(name + n, capacity - n, "%s%s", n > 0 ? "+" : "",
			    parts[i]);
	if (n == 0)
		n = (size_t)snprintf(name, capacity, "none");
	return (struct text){ name, n };
}

/* The data set that a row names: its provenance, or a field "source". */
static struct text
source_of(const struct record *r)
{
	if (r->provenance.message.present != 0)
		return (struct text){ dataset_names[r->provenance.source],
			strlen(dataset_names[r->provenance.source]) };
	for (size_t i = 0; i < r->message.extra_len; i++) {
		const msgpack_object_kv *kv = &r->message.extra[i];

		if (kv->val.type == MSGPACK_OBJECT_STR && kv->key.via.str.size == 6
		    && memcmp(kv->key.via.str.ptr, "source", 6) == 0)
			return (struct text){ kv->val.via.str.ptr, kv->val.via.str.size };
	}
	return (struct text){ NULL, 0 };
}

static uint16_t
group_of(struct results *o, enum score_grouping by, struct text name, struct arena *a)
{
	size_t i;

	if (name.len == 0)
		return SCORE_NO_GROUP;
	for (i = 0; i < o->groups; i++)
		if (o->group[i].by == by && o->group[i].name.len == name.len
		    && memcmp(o->group[i].name.ptr, name.ptr, name.len) == 0)
			return (uint16_t)i;
	if (i == SCORE_GROUPS_MAX - 1)
		name = (struct text){ "others", 6 };
	else if (i == SCORE_GROUPS_MAX)
		return (uint16_t)(i - 1);
	o->group[i].by = by;
	o->group[i].name = (struct text){ arena_strndup(a, name.ptr, name.len), name.len };
	o->groups++;
	return (uint16_t)i;
}

void
results_groups(struct results *o, const struct record *r, struct arena *a,
    uint16_t group[SCORE_GROUPINGS])
{
	char name[32];

	group[SCORE_BY_PERSONA] = group_of(o, SCORE_BY_PERSONA, persona_name(r, name, sizeof(name)),
	    a);
	group[SCORE_BY_SOURCE] = group_of(o, SCORE_BY_SOURCE, source_of(r), a);
	group[SCORE_BY_TRUTH] = group_of(o, SCORE_BY_TRUTH, r->ground_truth_persona, a);
}

/* log p(chosen) - log p(rejected); by_token: means over tokens. */
static double
log_prob_difference(const struct model_scores *t, bool by_token)
{
	double x[2];

	for (int i = 0; i < 2; i++)
		x[i] = !by_token ? t->sum[i] : t->response[i] > 0 ? t->sum[i] / t->response[i] : 0;
	return x[0] - x[1];
}

static double
margin(const struct results *o, const struct score_row *r, bool by_token)
{
	double x = log_prob_difference(&r->of[SCORE_POLICY], by_token);

	return o->has_reference
	    ? o->beta * (x - log_prob_difference(&r->of[SCORE_REFERENCE], by_token))
	    : x;
}

static void
put_real(struct buf *b, const char *name, double x)
{
	buf_printf(b, ",\"%s\":", name);
	if (isfinite(x))
		json_write_real(b, x);
	else
		buf_add_str(b, "null");
}

static void
put_text(struct buf *b, const struct model_scores *t)
{
	buf_printf(b, "\"tokens\":[%" PRIu32 ",%" PRIu32 ",%" PRIu32 "]", t->prompt, t->response[0],
	    t->response[1]);
	put_real(b, "chosen", t->sum[0]);
	put_real(b, "rejected", t->sum[1]);
}

static void
put_row(const struct results *o, const struct score_row *r, struct buf *b)
{
	double x = margin(o, r, false);

	buf_printf(b, "{\"row\":%" PRIu64, r->number);
	for (int i = 0; i < SCORE_GROUPINGS; i++) {
		const struct results_group *g;

		if (r->group[i] == SCORE_NO_GROUP)
			continue;
		g = &o->group[r->group[i]];
		buf_printf(b, ",\"%s\":", groupings[i]);
		json_write_text(b, g->name.ptr, g->name.len);
	}
	buf_add_byte(b, ',');
	put_text(b, &r->of[SCORE_POLICY]);
	if (o->has_reference) {
		buf_add_str(b, ",\"reference\":{");
		put_text(b, &r->of[SCORE_REFERENCE]);
		buf_add_byte(b, '}');
	}
	put_real(b, "margin", x);
	if (r->key != 0)
		put_real(b, "margin_by_token", margin(o, r, true));
	buf_printf(b, ",\"prefers\":\"%s\"", x > 0 ? "chosen" : x < 0 ? "rejected" : "neither");
	if (r->key != 0)
		buf_printf(b, ",\"key\":\"%016" PRIx64 "\"", r->key);
	buf_add_str(b, "}\n");
}

/* As AlignX's acc.py: a tie counts as wrong, and so does NaN. */
static void
tally(struct results_tally *t, double margin, double by_token)
{
	t->rows++;
	t->correct += margin > 0;
	t->ties += !(margin > 0) && !(margin < 0);
	t->correct_by_token += by_token > 0;
}

void
results_add(struct results *o, const struct score_row *r, struct buf *b)
{
	double x = margin(o, r, false), by_token = r->key != 0 ? margin(o, r, true) : x;

	tally(&o->all, x, by_token);
	for (int i = 0; i < SCORE_GROUPINGS; i++)
		if (r->group[i] != SCORE_NO_GROUP)
			tally(&o->group[r->group[i]].tally, x, by_token);
	if (b != NULL)
		put_row(o, r, b);
}

/* 95 % confidence interval (Wilson 1927). */
static void
wilson_interval(const struct results_tally *t, double *low, double *high)
{
	double n = (double)t->rows, p = (double)t->correct / n, z = 1.959964;
	double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
	double half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));

	*low = fmax(middle - half, 0);
	*high = fmin(middle + half, 1);
}

static void
print_line(const char *by, struct text name, const struct results_tally *t, struct buf *b)
{
	double low, high;

	if (t->rows == 0)
		return;
	wilson_interval(t, &low, &high);
	buf_printf(b, "%s\t", by);
	for (size_t i = 0; i < name.len; i++) /* keep cells free of tabs and line ends */
		buf_add_byte(b, (unsigned char)name.ptr[i] < ' ' ? ' ' : name.ptr[i]);
	buf_printf(b, "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%.4f\t%.4f\t%.4f\t%.4f\n", t->rows,
	    t->correct, t->ties, (double)t->correct / (double)t->rows, low, high,
	    (double)t->correct_by_token / (double)t->rows);
}

void
results_print_table(const struct results *o, struct buf *b)
{
	buf_add_str(b, "by\tgroup\trows\tcorrect\tties\taccuracy\tlow\thigh\tby_token\n");
	for (int by = 0; by < SCORE_GROUPINGS; by++)
		for (size_t i = 0; i < o->groups; i++)
			if ((int)o->group[i].by == by)
				print_line(groupings[by], o->group[i].name, &o->group[i].tally, b);
	print_line("all", (struct text){ "all", 3 }, &o->all, b);
}

static void
report_line(const char *by, struct text name, const struct results_tally *t, struct report *to)
{
	struct fault line = FAULT_NONE;
	double low, high;

	if (t->rows == 0)
		return;
	wilson_interval(t, &low, &high);
	snprintf(line.text, sizeof(line.text),
	    "%s%s%.*s: %" PRIu64 " of %" PRIu64
	    " rows right, accuracy %.4f, 95 %% interval %.4f to %.4f; ties, counted wrong: "
	    "%" PRIu64,
	    by, *by != '\0' ? " " : "", (int)(name.len < 100 ? name.len : 100), name.ptr,
	    t->correct, t->rows, (double)t->correct / (double)t->rows, low, high, t->ties);
	report_say(to, &line);
}

static size_t
groups_by(const struct results *o, int by)
{
	size_t n = 0;

	for (size_t i = 0; i < o->groups; i++)
		n += (int)o->group[i].by == by;
	return n;
}

void
results_report(const struct results *o, struct report *to)
{
	for (int by = 0; by < SCORE_GROUPINGS; by++)
		for (size_t i = 0; i < o->groups && groups_by(o, by) <= GROUPS_SAID; i++)
			if ((int)o->group[i].by == by)
				report_line(groupings[by], o->group[i].name, &o->group[i].tally,
				    to);
	report_line("", (struct text){ "all", 3 }, &o->all, to);
}

static void
count_named(struct counters *c, const char *by, struct text name, const char *what, uint64_t n,
    struct arena *a)
{
	struct buf b = { 0 };

	buf_printf(&b, "%s%s%.*s:%s", by, *by != '\0' ? ":" : "", (int)name.len, name.ptr, what);
	counters_add(c, arena_strndup(a, b.data, b.len), n);
	buf_release(&b);
}

void
results_count(const struct results *o, struct arena *a, struct counters *c)
{
	counters_add(c, "correct", o->all.correct);
	counters_add(c, "ties", o->all.ties);
	counters_add(c, "correct-by-token", o->all.correct_by_token);
	for (size_t i = 0; i < o->groups; i++) {
		const struct results_group *g = &o->group[i];

		if (g->by == SCORE_BY_TRUTH)
			continue;
		count_named(c, groupings[g->by], g->name, "rows", g->tally.rows, a);
		count_named(c, groupings[g->by], g->name, "correct", g->tally.correct, a);
		count_named(c, groupings[g->by], g->name, "ties", g->tally.ties, a);
	}
}
