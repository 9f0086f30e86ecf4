/* alignx-map - turn signals into intensities. */

#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "lib/core/thread_pool.h"
#include "lib/cli/report.h"
#include "lib/cli/tool.h"
#include "lib/core/utf8.h"
#include "schema/parse.h"
#include "stages/map/llm_openai.h"
#include "stages/map/llm_local.h"
#include "stages/map/explain.h"
#include "annotate/intensity.h"
#include "annotate/linear_model.h"
#include "annotate/ngram_scorer.h"

/* Rises when the same signals and weights come to other intensities. */
#define MAP_VERSION "1"

enum { RULES_MAX = 200 };		/* of an annotator's 256 characters */

static const char *folder, *model_file, *annotator_name, *asked_model, *cache_file;
static double timeout = 120, backoff = 1, rate, dead_zone = 0.1;
static long retries = 5, threads = 1, tokens = 1024, room = 8192, failures = 5, parallel = 4;
static int way;			/* index into the words of --ask */
static bool is_any_rules, keeps_signals, is_explained, is_json, is_extracting;
static struct map_weights *weights;
static struct map_model model;
static struct map_scores *scores;
static struct engine *rule_engine;	/* or NULL: signals are there */
static struct explainer *explainer;
static struct parse *parse;
static struct buf first_rules;		/* the version that was seen first */
static struct buf annotator;
static struct annotation *annotation;	/* in place of rules and model */

static const struct opt opts[] = {
	{ 'r', "rules", "dir", OPT_FILE, &folder,
	    "read weights.tsv in dir (default $ALIGNX_RULES, or the one "
	    "installed)", 0, 0, NULL },
	{ 'm', "model", "file", OPT_FILE, &model_file,
	    "let a model of alignx-fit judge, beside the rules; default: the one that "
	    "lies beside weights.tsv", 0, 0, NULL },
	{ 'x', "extract", NULL, OPT_FLAG, &is_extracting,
	    "find the signals first, by the rules in dir, as alignx-extract does, where "
	    "--annotator does not make that needless", 0, 0, NULL },
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
	{ 'a', "annotator", "model|url", OPT_FILE, &annotator_name,
	    "ask a language model in place of the rules: a GGUF file or a folder of Hugging "
	    "Face, or an OpenAI-compatible service at an http or https address; pairs are "
	    "taken too", 0, 0, NULL },
	{ 0, "ask-for", "name", OPT_TEXT, &asked_model,
	    "name of the model that the service is asked for", 0, 0, NULL },
	{ 0, "ask", "way", OPT_CHOICE, &way,
	    "each: ask the service about each dimension by itself, and compare the "
	    "log-probabilities of the answers; all: ask it once, for a number for every "
	    "dimension (default each)", 0, 0, "each|all" },
	{ 0, "parallel", "n", OPT_INT, &parallel,
	    "have at most n requests under way (default 4); the result is the same", 1,
	    HTTP_PARALLEL_MAX, NULL },
	{ 0, "cache", "file", OPT_FILE, &cache_file,
	    "keep the answers of the service in file, and ask for none that is there", 0, 0,
	    NULL },
	{ 0, "timeout", "s", OPT_REAL, &timeout,
	    "wait so many seconds for an answer of the service (default 120)", 0.01, 86400,
	    NULL },
	{ 0, "retries", "n", OPT_INT, &retries,
	    "try again up to n times (default 5)", 0, 1000, NULL },
	{ 0, "backoff", "s", OPT_REAL, &backoff,
	    "wait s seconds before the second try, twice as long before each one behind it, "
	    "and as long as Retry-After says (default 1)", 0, 600, NULL },
	{ 0, "failures", "n", OPT_INT, &failures,
	    "stop when n texts in a row have found no answer (default 5)", 1, 1000000, NULL },
	{ 0, "rate", "n", OPT_REAL, &rate,
	    "send at most n requests a minute (default 0: any number)", 0, 1e6, NULL },
	{ 0, "truncate", "tokens", OPT_INT, &tokens,
	    "let a model on this machine read the first so many tokens of each text "
	    "(default 1024)", 1, 1 << 24, NULL },
	{ 'c', "room", "tokens", OPT_INT, &room,
	    "room for so many tokens at a time, for a model on this machine (default 8192)",
	    16, 1 << 24, NULL },
	{ 'j', "threads", "n", OPT_INT, &threads,
	    "let a model on this machine work with n threads (default 1); the result is the "
	    "same", 1, POOL_THREADS_MAX, NULL },
	{ 'z', "dead-zone", "x", OPT_REAL, &dead_zone,
	    "a difference of the responses of a pair of at most x says nothing (default "
	    "0.1)", 0, 1, NULL },
	{ 0 },
};

/* Whoever is asked. */
static int
open_annotator(struct turn *t, struct fault *f)
{
	const struct engine_options engine = { (size_t)threads, (size_t)tokens,
		(size_t)room };
	const struct endpoint_options endpoint = { .http = { annotator_name,
		getenv("OPENAI_API_KEY"), timeout, backoff, retries, rate, parallel },
		.way = way == 0 ? &way_each : &way_all, .model = asked_model,
		.cache = cache_file, .failures = failures };
	struct annotator *asked;

	if (model_file != NULL || is_explained)
		return fault_stop(f, "--annotator goes neither with --model nor with --explain");
	if (!map_endpoint_is(annotator_name))
		asked = map_engine_open(annotator_name, &engine, t->life, f);
	else if (asked_model == NULL || !utf8_valid(asked_model, strlen(asked_model)))
		return fault_stop(f, "--ask-for must name the model that %s is asked for",
		    annotator_name);
	else
		asked = map_endpoint_open(&endpoint, t->life, f);
	if (asked == NULL)
		return -2;
	annotation = annotate_new(asked, dead_zone);
	return 0;
}

/* A rules_fault_fn: a pattern of a rule is too costly. */
static void
say_limit(void *with, const struct fault *f)
{
	report_say(with, f);
}

static int
begin(struct turn *t, struct fault *f)
{
	folder = rules_folder(folder);
	parse = parse_new();
	if (is_json && !is_explained)
		return fault_stop(f, "--json goes with --explain");
	if (!is_explained && isatty(STDOUT_FILENO) && !tool_has_file())
		return fault_stop(f, "msgpack is not written to a terminal; "
		    "pipe it into alignx-cat, or name a file with -o");
	if (annotator_name != NULL)
		return open_annotator(t, f);
	if (is_extracting || is_explained) {
		rule_engine = engine_open(folder, true, t->life, f);
		if (rule_engine == NULL)
			return -2;
		engine_watch(rule_engine, t->count, say_limit, t->report);
	}
	if (is_explained)
		explainer = explain_new(rule_engine, t->life);
	weights = map_weights_read(folder, t->life, f);
	if (weights == NULL || model_file == NULL)
		return weights == NULL ? -2 : 0;
	if (map_model_read(&model, map_model_file(model_file, folder, t->life), t->life,
	    f) < 0)
		return -2;
	scores = map_scores_new(&model);
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
		    "signals; run it through alignx-extract first, or say --extract");
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
		double score[MODEL_SLOTS];

		map_scores_read(scores, x->text.ptr, x->text.len, score);
		map_model_apply(&model, score, &x->intensities);
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

	if (annotation != NULL)
		return annotate_step(annotation, t, f);
	if (parse_noun(parse, l, &t->item, t->brief, &x, f) < 0)
		return -1;
	if (is_explained)
		return explain(t, &x);
	if (rule_engine != NULL)
		engine_run(rule_engine, &x);
	else if (check_rules(&x, f) < 0)
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
	int rc = annotation != NULL ? annotate_flush(annotation, t, f) : 0;

	engine_free(rule_engine);
	explain_free(explainer);
	annotate_free(annotation);
	parse_free(parse);
	map_scores_free(scores);
	buf_release(&first_rules);
	buf_release(&annotator);
	return rc;
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
