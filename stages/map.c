/* alignx-map - turn signals into intensities. */

#include "config.h"

#include <unistd.h>

#include "lib/tool.h"
#include "schema/parse.h"
#include "stages/map_explain.h"
#include "stages/map_intensity.h"
#include "stages/map_model.h"

/* Rises when the same signals and weights come to other intensities. */
#define MAP_VERSION "1"

enum { RULES_MAX = 200 };		/* of an annotator's 256 characters */

static const char *folder, *model_file;
static bool is_any_rules, keeps_signals, is_explained, is_json;
static struct map_weights *weights;
static struct map_model model;
static struct ngrams ngrams;
static struct explainer *explainer;
static struct parse *parse;
static struct buf first_rules;		/* the version that was seen first */
static struct buf annotator;

static const struct opt opts[] = {
	{ 'r', "rules", "dir", OPT_FILE, &folder,
	    "read weights.tsv in dir (default $ALIGNX_RULES, or the one "
	    "installed)", 0, 0, NULL },
	{ 'm', "model", "file", OPT_FILE, &model_file,
	    "let a model of alignx-fit judge, beside the rules; default: the one that "
	    "lies beside weights.tsv", 0, 0, NULL },
	{ 'k', "keep-signals", NULL, OPT_FLAG, &keeps_signals,
	    "leave the signals in the interactions", 0, 0, NULL },
	{ 'e', "explain", NULL, OPT_FLAG, &is_explained,
	    "write no interactions but, for each, the dimensions and the rules "
	    "that spoke for them, with the words or features they spoke on; "
	    "the rules in dir are run over the text again", 0, 0, NULL },
	{ 0, "json", NULL, OPT_FLAG, &is_json,
	    "with --explain: write JSON lines", 0, 0, NULL },
	{ 0, "any-rules", NULL, OPT_FLAG, &is_any_rules,
	    "allow signals that different versions of the rules have made", 0,
	    0, NULL },
	{ 0 },
};

static int
begin(struct turn *t, struct fault *f)
{
	folder = rules_folder(folder);
	if (is_json && !is_explained)
		return fault_stop(f, "--json goes with --explain");
	if (!is_explained && isatty(STDOUT_FILENO) && !tool_has_file())
		return fault_stop(f, "msgpack is not written to a terminal; "
		    "pipe it into alignx-cat, or name a file with -o");
	if (is_explained && (explainer = explain_new(folder, t, f)) == NULL)
		return -2;
	weights = map_weights_read(folder, t->life, f);
	if (weights == NULL || (model_file != NULL
	    && map_model_read(&model, map_model_file(model_file, folder, t->life),
	    t->life, f) < 0))
		return -2;
	parse = parse_new();
	return 0;
}

static bool
is_same(const struct buf *b, const struct text *s)
{
	return b->len == s->len && memcmp(b->data, s->ptr, s->len) == 0;
}

static int
check_rules(const struct interaction *x, struct fault *f)
{
	const struct layout *l = &interaction_layout;

	if (!NOUN_HAS(l, x, rules) || !NOUN_HAS(l, x, signals))
		return fault_set(f, "no-signals", "this interaction has no "
		    "signals; run it through alignx-extract first");
	if (first_rules.len == 0)
		buf_add(&first_rules, x->rules.ptr, x->rules.len);
	if (is_any_rules || is_same(&first_rules, &x->rules))
		return 0;
	return fault_set(f, "other-rules", "these signals are from %.*s, and "
	    "those before from %.*s; extract all with one, or say --any-rules",
	    (int)x->rules.len, x->rules.ptr, (int)first_rules.len,
	    first_rules.data);
}

/* Who judged: the rules and, behind a slash, this program and its weights, and
 * the model. */
static struct text
annotate(const struct text *rules)
{
	static struct buf last;

	if (annotator.len > 0 && is_same(&last, rules))
		return (struct text){ annotator.data, annotator.len };
	buf_clear(&last);
	buf_add(&last, rules->ptr, rules->len);
	buf_clear(&annotator);
	buf_printf(&annotator, "%.*s/" MAP_VERSION "-%s",
	    (int)(rules->len < RULES_MAX ? rules->len : RULES_MAX), rules->ptr,
	    map_weights_version(weights));
	if (model_file != NULL)
		buf_printf(&annotator, "/%s", model.version);
	return (struct text){ annotator.data, annotator.len };
}

/* From signals, model and ratings, in this order. */
static void
judge(struct interaction *x)
{
	x->intensities = (struct intensities){ .annotator = annotate(&x->rules) };
	map_signals(weights, &x->signals, &x->intensities);
	if (model_file != NULL) {
		ngrams_read(&ngrams, &model.form, x->text.ptr, x->text.len);
		map_model_apply(&model, &ngrams, &x->intensities);
	}
	if (NOUN_HAS(&interaction_layout, x, ratings))
		map_ratings(&x->ratings, &x->intensities);
}

static int
explain(struct turn *t, struct interaction *x)
{
	explain_run(explainer, x, t->brief);
	judge(x);
	explain_put(explainer, weights, x, is_json ? EXPLAIN_JSON : EXPLAIN_TEXT,
	    t->out);
	return 0;
}

static int
step(struct turn *t, struct fault *f)
{
	const struct layout *l = &interaction_layout;
	struct interaction x;

	if (parse_noun(parse, l, &t->item, t->brief, &x, f) < 0)
		return -1;
	if (is_explained)
		return explain(t, &x);
	if (check_rules(&x, f) < 0)
		return -1;
	judge(&x);
	NOUN_SET(l, &x, intensities);
	if (!keeps_signals) {
		NOUN_CLEAR(l, &x, signals);
		NOUN_CLEAR(l, &x, rules);
	}
	parse_repack(parse, l, &x, offsetof(struct interaction, rules), t->out);
	return 0;
}

static int
end(struct turn *t, struct fault *f)
{
	(void)t;
	(void)f;
	explain_free(explainer);
	parse_free(parse);
	ngrams_release(&ngrams);
	buf_release(&first_rules);
	buf_release(&annotator);
	return 0;
}

static const struct tool tool = {
	.name = "alignx-map",
	.gist = "turn signals into intensities",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_NOUNS,
	.output = TOOL_TEXT,
	.begin = begin,
	.step = step,
	.end = end,
};

int
main(int argc, char **argv)
{
	return tool_main(&tool, argc, argv);
}
