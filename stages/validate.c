/* alignx-validate - tell what is wrong with nouns, and where. */

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "lib/cli/report.h"
#include "lib/cli/tool.h"
#include "schema/parse.h"

static const char *kind;
static bool is_summary;
static const struct layout *wanted;
static struct parse *parse;
static struct count valid, faulty;

static const struct opt opts[] = {
	{ 'k', "kind", "noun", OPT_TEXT, &kind,
	    "take every map for this noun, whatever it says it is: "
	    "interaction, exchange, pair, record or benchmark", 0, 0, NULL },
	{ 's', "summary", NULL, OPT_FLAG, &is_summary,
	    "print how many of each kind were valid and not, as a table", 0, 0,
	    NULL },
	{ 0 },
};

static int
begin(struct turn *t, struct fault *f)
{
	t->report->is_full = true;
	for (int i = 0; kind != NULL && noun_layouts[i] != NULL; i++)
		if (strcmp(noun_layouts[i]->name, kind) == 0)
			wanted = noun_layouts[i];
	if (kind != NULL && wanted == NULL)
		return fault_stop(f, "--kind: there is no noun '%s'", kind);
	parse = parse_new();
	return 0;
}

/* All faults of a record but the last are said as they come; the last one is
 * handed to tool_main, which counts the record as refused. */
struct faults {
	struct turn *turn;
	struct fault *last;
};

static void
take_fault(void *with, const struct fault *f)
{
	struct faults *all = with;

	if (all->last->text[0] != '\0')
		report_note(all->turn->report, all->turn->name,
		    &all->turn->item, all->last);
	*all->last = *f;
	parse_locate(&all->turn->item, all->last);
}

static int
step(struct turn *t, struct fault *f)
{
	struct faults all = { t, f };
	const struct layout *l = wanted;
	msgpack_object tree;

	if (parse_tree(parse, &t->item, t->brief, &tree, f) < 0
	    || (l == NULL && (l = noun_layout_of(&tree, f)) == NULL)) {
		parse_locate(&t->item, f);
		count_add(&faulty, "unknown", 1);
		return -1;
	}
	if (noun_check(l, &tree, t->brief, take_fault, &all) > 0) {
		count_add(&faulty, l->name, 1);
		return -1;
	}
	count_add(&valid, l->name, 1);
	return 0;
}

static int
end(struct turn *t, struct fault *f)
{
	static const char *const unknown = "unknown";

	(void)f;
	t->has_result = true;
	parse_free(parse);
	if (!is_summary)
		return 0;
	buf_add_str(t->out, "kind\tvalid\tfaulty\n");
	for (int i = 0;; i++) {
		const char *name = noun_layouts[i] != NULL
		    ? noun_layouts[i]->name : unknown;
		uint64_t good = count_get(&valid, name);
		uint64_t bad = count_get(&faulty, name);

		if (good + bad > 0)
			buf_printf(t->out, "%s\t%" PRIu64 "\t%" PRIu64 "\n",
			    name, good, bad);
		if (noun_layouts[i] == NULL)
			return 0;
	}
}

static const struct tool tool = {
	.name = "alignx-validate",
	.gist = "tell what is wrong with nouns, and where",
	.operands = "[file ...]",
	.opts = opts,
	.input = TOOL_FOREIGN,
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
