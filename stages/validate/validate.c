/* alignx-validate - checks messages and reports every fault with its position. */

#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "lib/cli/report.h"
#include "lib/cli/tool.h"
#include "schema/parse.h"
#include "stages/validate/split_check.h"

static const char *kind;
static bool is_summary;
static const struct descriptor *checked_as;
static struct parse *parse;
static struct counters valid, faulty;
static struct split_check split = { .kind = SPLIT_CHECK_AUTO };

static const struct opt opts[] = {
	{ 'k', "kind", "kind", OPT_TEXT, &kind,
	    "check every map as this kind, whatever its own: interaction, "
	    "exchange, pair, record or benchmark",
	    0, 0, "interaction|exchange|pair|record|benchmark" },
	{ 0, "split", "how", OPT_CHOICE, &split.kind,
	    "how records with provenance were split, as for alignx-emit --split; a post, thread or "
	    "user that is then on both sides is a fault (auto, the default: what manifest.json of "
	    "their folder says, else thread; none: do not look)",
	    0, 0, "auto|thread|community|time|user|none" },
	{ 's', "summary", NULL, OPT_FLAG, &is_summary,
	    "print a table of valid and faulty messages by kind", 0, 0, NULL },
	{ 0 },
};

static int
begin(struct stage_ctx *t, struct fault *f)
{
	t->report->is_full = true;
	for (int i = 0; kind != NULL && message_descriptors[i] != NULL; i++)
		if (strcmp(message_descriptors[i]->name, kind) == 0)
			checked_as = message_descriptors[i];
	if (kind != NULL && checked_as == NULL)
		return fault_stop(f,
		    "--kind: there is no kind '%s'; name interaction, exchange, "
		    "pair, record or benchmark",
		    kind);
	parse = parse_new();
	return 0;
}

/* Reports all faults of a message but the last, which is left to tool_main(): it counts
 * the message as refused. */
struct fault_reporter {
	struct stage_ctx *ctx;
	struct fault *last;
};

static void
take_fault(void *with, const struct fault *f)
{
	struct fault_reporter *all = with;

	if (all->last->text[0] != '\0')
		report_note(all->ctx->report, all->ctx->name, &all->ctx->item, all->last);
	*all->last = *f;
	parse_locate(&all->ctx->item, all->last);
}

static int
step(struct stage_ctx *t, struct fault *f)
{
	struct fault_reporter all = { t, f };
	const struct descriptor *d = checked_as;
	msgpack_object tree;
	void *message;

	if (parse_tree(parse, &t->item, t->record_arena, &tree, f) < 0
	    || (d == NULL && (d = message_descriptor_of(&tree, f)) == NULL)) {
		parse_locate(&t->item, f);
		counters_add(&faulty, "unknown", 1);
		return -1;
	}
	message = arena_alloc(t->record_arena, d->size);
	if (message_check(d, &tree, t->record_arena, message, take_fault, &all) > 0
	    || (d == &record_descriptor && split_check_record(&split, t->name, message, f) < 0)) {
		counters_add(&faulty, d->name, 1);
		return -1;
	}
	counters_add(&valid, d->name, 1);
	return 0;
}

static int
end(struct stage_ctx *t, struct fault *f)
{
	static const char *const unknown = "unknown";

	(void)f;
	t->has_result = true;
	parse_free(parse);
	split_check_release(&split);
	if (!is_summary)
		return 0;
	buf_add_str(t->out, "kind\tvalid\tfaulty\n");
	for (int i = 0;; i++) {
		const char *name = message_descriptors[i] != NULL ? message_descriptors[i]->name
								  : unknown;
		uint64_t good = counters_look_up(&valid, name);
		uint64_t bad = counters_look_up(&faulty, name);

		if (good + bad > 0)
			buf_printf(t->out, "%s\t%" PRIu64 "\t%" PRIu64 "\n", name, good, bad);
		if (message_descriptors[i] == NULL)
			return 0;
	}
}

static const struct tool tool = {
	.name = "alignx-validate",
	.summary = "check messages and report every fault with its position",
	.operands = "[file or folder ...]",
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
