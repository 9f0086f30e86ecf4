/* alignx-extract - find signals of preferences in texts, by rules. */

#include "config.h"

#include <unistd.h>

#include "lib/cli/report.h"
#include "lib/cli/tool.h"
#include "schema/dimension.h"
#include "schema/parse.h"
#include "annotate/rule_examples.h"
#include "annotate/weights.h"

enum prefilter_choice { PREFILTER_AUTO, PREFILTER_NONE };

static const char *folder;
static int prefilter;
static bool is_check, is_list;
static struct rules rules;
static struct engine *engine;
static struct parse *parse;

static const struct opt opts[] = {
	{ 'r', "rules", "dir", OPT_FILE, &folder,
	    "read the rules in dir (default $ALIGNX_RULES, or those installed)",
	    0, 0, NULL },
	{ 0, "prefilter", "how", OPT_CHOICE, &prefilter,
	    "auto: find out by the words of a text where which patterns must be "
	    "tried; none: try all everywhere; the results are the same", 0, 0,
	    "auto|none" },
	{ 0, "check", NULL, OPT_FLAG, &is_check,
	    "read no input; run the examples of all rules, and end with 1 if "
	    "anything is wrong", 0, 0, NULL },
	{ 0, "list", NULL, OPT_FLAG, &is_list,
	    "read no input; print a line for each rule: id, dimension, pole, "
	    "weight, patterns, words, features, place", 0, 0, NULL },
	{ 0 },
};

static void
say(void *with, const struct fault *f)
{
	struct turn *t = with;

	report_say(t->report, f);
	t->no = true;
}

/* Factors for rules that there are not are faults too. */
static int
check_weights(struct turn *t, struct fault *f)
{
	struct map_weights *w = map_weights_read(folder, t->life, f);

	if (w == NULL)
		return -2;
	map_weights_check(w, &rules, say, t);
	return 0;
}

static int
check(struct turn *t, struct fault *f)
{
	if (rules_load(&rules, folder, t->life, say, t, f) < 0
	    && (!t->no || f->text[0] != '\0'))
		return -2;
	engine = engine_new(&rules, prefilter == PREFILTER_AUTO, t->life, say, t,
	    f);
	if (engine == NULL)
		return t->no && f->text[0] == '\0' ? 1 : -2;
	engine_watch(engine, t->count, check_say_limit, t);
	check_examples(&rules, engine, say, t);
	engine_free(engine);
	return check_weights(t, f) < 0 ? -2 : 1;
}

static int
list(struct turn *t, struct fault *f)
{
	if (rules_load(&rules, folder, t->life, NULL, NULL, f) < 0)
		return -2;
	for (size_t i = 0; i < rules.len; i++) {
		const struct rule *r = &rules.rule[i];

		buf_printf(t->out, "%.*s\t%s\t%d\t%g\t%zu\t%zu\t%zu\t%s:%d\n",
		    (int)r->id.len, r->id.ptr, dimension_table[r->dimension].key,
		    r->pole, r->weight, r->patterns.len, r->words.len,
		    r->bounds_len, r->file, r->line);
	}
	return 1;
}

static int
begin(struct turn *t, struct fault *f)
{
	folder = rules_folder(folder);
	if (is_check)
		return check(t, f);
	if (is_list)
		return list(t, f);
	if (isatty(STDOUT_FILENO) && !tool_has_file())
		return fault_stop(f, "msgpack is not written to a terminal; "
		    "pipe it into alignx-cat, or name a file with -o");
	engine = engine_open(folder, prefilter == PREFILTER_AUTO, t->life, f);
	if (engine == NULL)
		return -2;
	engine_watch(engine, t->count, check_say_limit, t);
	parse = parse_new();
	return 0;
}

static int
step(struct turn *t, struct fault *f)
{
	const struct layout *l = &interaction_layout;
	struct interaction x;

	if (parse_noun(parse, l, &t->item, t->brief, &x, f) < 0)
		return -1;
	engine_run(engine, &x);
	NOUN_CLEAR(l, &x, intensities);
	parse_repack(parse, l, &x, offsetof(struct interaction, rules), t->out);
	return 0;
}

static int
end(struct turn *t, struct fault *f)
{
	(void)t;
	(void)f;
	engine_free(engine);
	parse_free(parse);
	return 0;
}

static const struct tool tool = {
	.name = "alignx-extract",
	.gist = "find signals of preferences in texts, by rules",
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
