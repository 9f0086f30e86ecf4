/* alignx-extract - finds signals of preferences in texts, by rules. */

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "annotate/rule_examples.h"
#include "annotate/weights.h"
#include "lib/cli/report.h"
#include "lib/cli/tool.h"
#include "schema/dimension.h"
#include "schema/parse.h"

enum prefilter_choice { PREFILTER_AUTO, PREFILTER_NONE };

static const char *folder;
static int prefilter;
static bool is_check, is_list;
static struct rules rules;
static struct signal_finder *finder;
static struct parse *parse;

static const struct opt opts[] = {
	{ 'r', "rules", "dir", OPT_FILE, &folder,
	    "read the rules in dir (default $ALIGNX_RULES, or the installed ones)", 0, 0, NULL },
	{ 0, "prefilter", "how", OPT_CHOICE, &prefilter,
	    "try a pattern only where the words of a text allow a match (auto), or every "
	    "pattern everywhere (none); the results are the same",
	    0, 0, "auto|none" },
	{ 0, "check", NULL, OPT_FLAG, &is_check,
	    "read no input; run the examples of all rules; exit with 1 if anything is wrong, "
	    "else print how many rules and examples there are",
	    0, 0, NULL },
	{ 0, "list", NULL, OPT_FLAG, &is_list,
	    "read no input; print a line for each rule: id, dimension, pole, weight, number "
	    "of patterns, words and features, place",
	    0, 0, NULL },
	{ 0 },
};

/* Of a check: the answer is no. */
static void
say_no(void *with, const struct fault *f)
{
	struct stage_ctx *t = with;

	report_say(t->report, f);
	t->is_negative_answer = true;
}

/* weights.tsv is for alignx-map, and need not be there; if it is, it may name only rules that
 * exist. */
static int
check_weights(struct stage_ctx *t, struct fault *f)
{
	const size_t size = strlen(folder) + sizeof("/weights.tsv");
	char *file = arena_alloc(t->run_arena, size);
	struct weights *w;

	snprintf(file, size, "%s/weights.tsv", folder);
	if (access(file, F_OK) != 0 && errno == ENOENT)
		return 0;
	if ((w = weights_read(folder, t->run_arena, f)) == NULL)
		return -2;
	weights_check(w, &rules, say_no, t);
	return 0;
}

static int
check(struct stage_ctx *t, struct fault *f)
{
	size_t examples;

	if (rules_load(&rules, folder, t->run_arena, say_no, t, f) < 0
	    && (!t->is_negative_answer || f->text[0] != '\0'))
		return -2;
	finder = signals_new(&rules, prefilter == PREFILTER_AUTO, t->run_arena, say_no, t, f);
	if (finder == NULL)
		return t->is_negative_answer && f->text[0] == '\0' ? 1 : -2;
	signals_watch(finder, t->count, report_say_fault, t->report);
	examples = rule_examples_check(&rules, finder, say_no, t).examples;
	signals_free(finder);
	if (check_weights(t, f) < 0)
		return -2;
	if (!t->is_negative_answer)
		buf_printf(t->out, "%zu rules, %zu examples\n", rules.len, examples);
	return 1;
}

static int
list(struct stage_ctx *t, struct fault *f)
{
	if (rules_load(&rules, folder, t->run_arena, NULL, NULL, f) < 0)
		return -2;
	for (size_t i = 0; i < rules.len; i++) {
		const struct rule *r = &rules.rule[i];

		buf_printf(t->out, "%.*s\t%s\t%d\t%g\t%zu\t%zu\t%zu\t%s:%d\n", (int)r->id.len,
		    r->id.ptr, dimension_table[r->dimension].key, r->pole, r->weight,
		    r->patterns.len, r->words.len, r->bounds_len, r->file, r->line);
	}
	return 1;
}

static int
begin(struct stage_ctx *t, struct fault *f)
{
	folder = rules_folder(folder);
	if (is_check)
		return check(t, f);
	if (is_list)
		return list(t, f);
	if (tool_refuses_terminal(NULL, f))
		return -2;
	finder = signals_open(folder, prefilter == PREFILTER_AUTO, t->run_arena, f);
	if (finder == NULL)
		return -2;
	signals_watch(finder, t->count, report_say_fault, t->report);
	parse = parse_new();
	return 0;
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	const struct descriptor *d = &interaction_descriptor;
	struct interaction x;

	if (parse_message(parse, d, &t->item, t->record_arena, &x, f) < 0)
		return -1;
	signals_find(finder, &x);
	MESSAGE_CLEAR(d, &x, intensities);
	parse_repack(parse, d, &x, offsetof(struct interaction, rules_version), t->out);
	return 0;
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	(void)t;
	(void)f;
	signals_free(finder);
	parse_free(parse);
	return 0;
}

static const struct tool tool = {
	.name = "alignx-extract",
	.summary = "find signals of preferences in texts, by rules",
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
