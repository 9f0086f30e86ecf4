/* alignx-map - turns signals into intensities. */

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
#include "annotate/linear_scorer.h"

/* Increase it when the same signals and weights give other intensities. */
#define MAP_VERSION "2"

enum { RULES_VERSION_MAX = 200 }; /* of the 256 characters of an annotator */

static const char *rules_dir, *model_name, *annotator_name, *service_model, *cache_file;
static double timeout = 120, backoff = 1, rate, dead_zone = 0.1, precision = 0.5, threshold;
static long retries = 5, threads, text_tokens = 1024, context = 8192, max_failures = 5;
static long parallel = 4;
static int ask_mode; /* index into the words of --ask-mode */
static bool allows_any_rules, keeps_signals, is_explaining, is_json, is_extracting;
static struct weights *weights;
static struct linear_model model;
static struct linear_scorer *scorer;      /* NULL: rules only */
static struct signal_finder *rule_engine; /* NULL: the signals are in the input */
static struct explainer *explainer;
static struct parse *parse;
static struct buf first_rules; /* version of the rules of the first interaction */
static struct buf annotator;
static struct llm_annotator *llm; /* instead of rules and model */

static const struct opt opts[] = {
	{ 'r', "rules", "dir", OPT_FILE, &rules_dir,
	    "read rules and weights.tsv from dir (default $ALIGNX_RULES, or the installed rules)",
	    0, 0, NULL },
	{ 'm', "model", "file", OPT_FILE, &model_name,
	    "judge with a model of alignx-fit; 'default' (the default) is default.model in the "
	    "folder of the rules, 'none' sums the weights of the rules instead",
	    0, 0, "default|none" },
	{ 'p', "precision", "x", OPT_REAL, &precision,
	    "claim what a model is sure enough of that a share x of its claims are right "
	    "(default 0.5)",
	    0.05, 0.95, NULL },
	{ 'x', "extract", NULL, OPT_FLAG, &is_extracting,
	    "find the signals first, as alignx-extract does", 0, 0, NULL },
	{ 'k', "keep-signals", NULL, OPT_FLAG, &keeps_signals,
	    "leave the signals in the interactions", 0, 0, NULL },
	{ 'e', "explain", NULL, OPT_FLAG, &is_explaining,
	    "write no interactions; instead explain each one: the dimensions found, and the rules "
	    "with the words or features they matched",
	    0, 0, NULL },
	{ 0, "json", NULL, OPT_FLAG, &is_json, "with --explain: write JSON lines, with everything",
	    0, 0, NULL },
	{ 0, "any-rules", NULL, OPT_FLAG, &allows_any_rules,
	    "accept signals of different versions of the rules", 0, 0, NULL },
	{ 'a', "annotator", "model|url", OPT_FILE, &annotator_name,
	    "ask a language model instead of the rules: a GGUF file, a Hugging Face folder, or "
	    "an OpenAI-compatible service at an http or https URL; also reads pairs",
	    0, 0, NULL },
	{ 0, "model-name", "name", OPT_TEXT, &service_model, "request this model from the service",
	    0, 0, NULL, .old_word = "ask-for" },
	{ 0, "ask-mode", "mode", OPT_CHOICE, &ask_mode,
	    "each: one request for each dimension, judged by the log-probabilities of the "
	    "answers; all: one request for all dimensions, answered in numbers (default each)",
	    0, 0, "each|all", .old_word = "ask" },
	{ 0, "parallel", "n", OPT_INT, &parallel,
	    "send up to n requests at a time (default 4); the result is the same", 1,
	    HTTP_PARALLEL_MAX, NULL },
	{ 0, "cache", "file", OPT_FILE, &cache_file,
	    "keep the answers of the service in file, and do not ask again for those in it", 0, 0,
	    NULL },
	{ 0, "timeout", "s", OPT_REAL, &timeout,
	    "wait s seconds for an answer of the service (default 120)", 0.01, 86400, NULL },
	{ 0, "retries", "n", OPT_INT, &retries, "retry a request up to n times (default 5)", 0,
	    1000, NULL },
	{ 0, "backoff", "s", OPT_REAL, &backoff,
	    "wait s seconds before the first retry and twice as long before each further one, "
	    "but at least as long as Retry-After says (default 1)",
	    0, 600, NULL },
	{ 0, "max-failures", "n", OPT_INT, &max_failures,
	    "stop after n texts in a row without an answer (default 5)", 1, 1000000, NULL,
	    .old_word = "failures" },
	{ 0, "rate", "n", OPT_REAL, &rate, "send at most n requests a minute (default 0: no limit)",
	    0, 1e6, NULL },
	{ 0, "truncate", "tokens", OPT_INT, &text_tokens,
	    "let a model on this machine read only the first tokens of each text (default 1024)", 1,
	    1 << 24, NULL },
	{ 'c', "ctx-size", "tokens", OPT_INT, &context,
	    "size of the KV cache of a model on this machine (default 8192)", 16, 1 << 24, NULL,
	    .old_word = "room" },
	{ 'j', "threads", "n", OPT_INT, &threads,
	    "run a model on this machine with n threads (default: one per processor); the result "
	    "is the same",
	    1, THREAD_POOL_MAX, NULL },
	{ 'z', "dead-zone", "x", OPT_REAL, &dead_zone,
	    "with --annotator, ignore differences of up to x between the responses of a pair; "
	    "with --explain, hide judgements whose value times confidence is up to x (default 0.1)",
	    0, 1, NULL },
	{ 0 },
};

static int
open_annotator(struct stage_ctx *t, struct fault *f)
{
	const struct llm_local_options local = { threads > 0 ? (size_t)threads
							     : thread_pool_processors(),
		(size_t)text_tokens, (size_t)context };
	const struct llm_openai_options openai = { .http = { annotator_name,
						       getenv("OPENAI_API_KEY"), timeout, backoff,
						       retries, rate, parallel },
		.mode = ask_mode == 0 ? &ask_each : &ask_all,
		.model = service_model,
		.cache = cache_file,
		.max_failures = max_failures };
	struct llm_backend *backend;

	if (model_name != NULL || is_explaining)
		return fault_stop(f, "--annotator cannot be used with --model or --explain");
	if (!llm_openai_is_url(annotator_name))
		backend = llm_local_open(annotator_name, &local, t->run_arena, f);
	else if (service_model == NULL || !utf8_is_valid(service_model, strlen(service_model)))
		return fault_stop(f, "name the model to request from %s with --model-name",
		    annotator_name);
	else
		backend = llm_openai_open(&openai, t->run_arena, f);
	if (backend == NULL)
		return -2;
	llm = llm_annotator_new(backend, dead_zone);
	return 0;
}

static int
open_model(struct stage_ctx *t, struct fault *f)
{
	const char *path = linear_model_path(model_name != NULL ? model_name : "default", rules_dir,
	    t->run_arena);

	struct fault note = FAULT_NONE;

	if (model_name == NULL && access(path, F_OK) != 0) {
		fault_stop(&note,
		    "there is no %s, so the weights of the rules are summed; their confidence is "
		    "not calibrated (--model none says that this is meant)",
		    path);
		report_say(t->report, &note);
		return 0;
	}
	if (linear_model_read(&model, path, t->run_arena, f) < 0)
		return -2;
	if (rule_engine != NULL && strcmp(model.rules, signals_rules(rule_engine)->version) != 0) {
		fault_stop(&note,
		    "%s was trained with %s, and these are %s; rules that it does not know count "
		    "nothing, so train it again with alignx-fit",
		    path, model.rules, signals_rules(rule_engine)->version);
		report_say(t->report, &note);
	}
	threshold = linear_model_threshold(&model, precision);
	scorer = linear_scorer_new(&model);
	return 0;
}

static int
open_rules(struct stage_ctx *t, struct fault *f)
{
	if (is_extracting || is_explaining) {
		rule_engine = signals_open(rules_dir, true, t->run_arena, f);
		if (rule_engine == NULL)
			return -2;
		signals_watch(rule_engine, t->count, report_say_fault, t->report);
	}
	if (is_explaining)
		explainer = explain_new(rule_engine, t->run_arena);
	if ((weights = weights_read(rules_dir, t->run_arena, f)) == NULL)
		return -2;
	if (model_name != NULL && strcmp(model_name, "none") == 0)
		return 0;
	return open_model(t, f);
}

static int
begin(struct stage_ctx *t, struct fault *f)
{
	rules_dir = rules_folder(rules_dir);
	parse = parse_new();
	if (is_json && !is_explaining)
		return fault_stop(f, "--json needs --explain");
	if (!is_explaining && tool_refuses_terminal(NULL, f))
		return -2;
	return annotator_name != NULL ? open_annotator(t, f) : open_rules(t, f);
}

static bool
is_same(const struct buf *b, const struct text *s)
{
	return b->len == s->len && memcmp(b->data, s->ptr, s->len) == 0;
}

static int
check_rules(const struct interaction *x, struct fault *f)
{
	const struct descriptor *d = &interaction_descriptor;

	if (!MESSAGE_HAS(d, x, rules_version) || !MESSAGE_HAS(d, x, signals))
		return fault_set(f, "no-signals",
		    "this interaction has no "
		    "signals; run it through alignx-extract first, or use --extract");
	if (first_rules.len == 0)
		buf_add(&first_rules, x->rules_version.ptr, x->rules_version.len);
	if (allows_any_rules || is_same(&first_rules, &x->rules_version))
		return 0;
	return fault_set(f, "other-rules",
	    "these signals are from %.*s, and "
	    "earlier ones from %.*s; extract all with one version, or use --any-rules",
	    (int)x->rules_version.len, x->rules_version.ptr, (int)first_rules.len,
	    first_rules.data);
}

/* The name of the annotator: versions of the rules, of this program and its weights, and of the
 * model. */
static struct text
name_annotator(const struct text *rules)
{
	static struct buf last;

	if (annotator.len > 0 && is_same(&last, rules))
		return (struct text){ annotator.data, annotator.len };
	buf_clear(&last);
	buf_add(&last, rules->ptr, rules->len);
	buf_clear(&annotator);
	buf_printf(&annotator, "%.*s/" MAP_VERSION "-%s",
	    (int)(rules->len < RULES_VERSION_MAX ? rules->len : RULES_VERSION_MAX), rules->ptr,
	    weights_version(weights));
	if (scorer != NULL)
		buf_printf(&annotator, "/%s-%g", model.version, precision);
	return (struct text){ annotator.data, annotator.len };
}

/* Sets intensities by the model or the weights of the rules, then ratings. */
static void
judge(struct interaction *x)
{
	x->intensities = (struct intensities){ .annotator = name_annotator(&x->rules_version) };
	if (scorer != NULL) {
		struct intensities rules = { 0 };
		double score[LINEAR_OUTPUTS];

		linear_scorer_score(scorer, &x->text, &x->signals, score);
		intensity_from_signals(weights, &x->signals, &rules);
		linear_model_apply(&model, score, threshold, &x->intensities);
		linear_model_add_rules(&rules, threshold, &x->intensities);
		linear_scorer_evidence(scorer, &x->signals, &x->intensities);
	} else {
		intensity_from_signals(weights, &x->signals, &x->intensities);
	}
	if (MESSAGE_HAS(&interaction_descriptor, x, ratings))
		intensity_from_ratings(&x->ratings, &x->intensities);
}

static int
explain(struct stage_ctx *t, struct interaction *x)
{
	explain_run(explainer, x, t->record_arena);
	judge(x);
	explain_put(explainer, &(struct explain_judge){ weights, &model, scorer }, x,
	    is_json ? EXPLAIN_JSON : EXPLAIN_TEXT, dead_zone, t->out);
	return 0;
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	const struct descriptor *d = &interaction_descriptor;
	struct interaction x;

	if (llm != NULL)
		return llm_annotator_step(llm, t, f);
	if (parse_message(parse, d, &t->item, t->record_arena, &x, f) < 0)
		return -1;
	if (is_explaining)
		return explain(t, &x);
	if (rule_engine != NULL)
		signals_find(rule_engine, &x);
	else if (check_rules(&x, f) < 0)
		return -1;
	judge(&x);
	MESSAGE_SET(d, &x, intensities);
	if (!keeps_signals) {
		MESSAGE_CLEAR(d, &x, signals);
		MESSAGE_CLEAR(d, &x, rules_version);
	}
	parse_repack(parse, d, &x, offsetof(struct interaction, rules_version), t->out);
	return 0;
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	int rc = llm != NULL ? llm_annotator_flush(llm, t, f) : 0;

	signals_free(rule_engine);
	explain_free(explainer);
	llm_annotator_free(llm);
	parse_free(parse);
	linear_scorer_free(scorer);
	buf_release(&first_rules);
	buf_release(&annotator);
	return rc;
}

static const struct tool tool = {
	.name = "alignx-map",
	.summary = "turn signals into intensities",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_MESSAGES,
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
