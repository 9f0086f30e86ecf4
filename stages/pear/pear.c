/* alignx-pear - finds heads that suppress copying, and learns and applies their coefficients. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "infer/model/fingerprint.h"
#include "lib/cli/common_options.h"
#include "lib/cli/suggest.h"
#include "lib/core/memory_limit.h"
#include "lib/json/json_write.h"
#include "stages/pear/pear.h"

enum { OPTS_MAX = 64, SEQUENCE_MAX = 1 << 20 };

struct pear_options pear_options = { .seed = 42, .memory = (int64_t)2 << 30 };

static const struct opt output_opts[] = {
	{ 'o', "output", "file", OPT_FILE, &pear_options.output, COMMON_OUTPUT_HELP, 0, 0, NULL },
	{ 0 },
};

static const struct opt copy_opts[] = {
	{ 'n', "length", "n", OPT_LIST, &pear_options.length,
	    "sequences are n random tokens, twice (default 50); detect runs several settings "
	    "if it is given again",
	    0, 0, NULL },
	{ 'N', "sequences", "n", OPT_LIST, &pear_options.sequences,
	    "number of sequences for each --length, or in a step of learn (default 20)", 0, 0,
	    NULL },
	{ 's', "seed", "n", OPT_INT, &pear_options.seed,
	    "draw sequences with this seed (default 42)", 0, 1L << 53, NULL },
	{ 'j', "threads", "n", OPT_INT, &pear_options.threads,
	    "use n threads (default: one per processor); the result does not depend on n", 1,
	    THREAD_POOL_MAX, NULL },
	{ 0, "memory", "size", OPT_SIZE, &pear_options.memory,
	    "memory for activations, about (default 2G); the result does not depend on it", 1 << 20,
	    1e15, NULL },
	{ 0, "no-simd", NULL, OPT_FLAG, &pear_options.no_simd,
	    "use the plain C code instead of the processor's vector instructions", 0, 0, NULL,
	    "plain" },
	{ 0, "progress", "when", OPT_CHOICE, &pear_options.progress,
	    "show progress on standard error: auto (on a terminal), always or never", 0, 0,
	    "auto|always|never" },
	{ 0 },
};

static const struct pear_command *const commands[] = { &pear_detect_command, &pear_learn_command,
	&pear_apply_command };
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static const struct pear_command *chosen;

static size_t
join(struct opt *all, size_t n, const struct opt *more)
{
	for (; more->word != NULL && n + 1 < OPTS_MAX; more++)
		all[n++] = *more;
	return n;
}

int
pear_open(struct pear_tool *p, const char *file, struct arena *a, struct fault *f)
{
	*p = (struct pear_tool){ .file = file };
	if (cpu_isa_check(f) < 0 || model_open(&p->model, file, a, f) < 0)
		return -2;
	if (copy_task_open(&p->copy_task, &p->model, file, a, f) < 0
	    || (p->ctx.pool = thread_pool_new((size_t)pear_options.threads, f)) == NULL) {
		model_close(&p->model);
		return -2;
	}
	p->ctx.model = &p->model;
	p->ctx.isa = pear_options.no_simd ? CPU_ISA_PLAIN : cpu_isa_detect();
	p->ctx.memory = (size_t)pear_options.memory;
	progress_begin(&p->progress, (enum progress_when)pear_options.progress);
	return 0;
}

void
pear_close(struct pear_tool *p)
{
	progress_clear(&p->progress);
	thread_pool_free(p->ctx.pool);
	model_close(&p->model);
}

int
pear_check_memory(const struct pear_tool *p, size_t bytes, size_t length, struct fault *f)
{
	char what[64];

	snprintf(what, sizeof(what), "texts of %zu tokens", 2 * length);
	return memory_limit_check(p->file, model_file_bytes(&p->model.file), bytes, what,
	    "lower --memory, --sequences or --length", f);
}

int
pear_number(const struct opt_list *l, const char *word, size_t i, size_t other, size_t least,
    size_t *out, struct fault *f)
{
	const char *text = l->len == 0 ? NULL : l->item[i < l->len ? i : l->len - 1];
	char *end;
	long n;

	*out = other;
	if (text == NULL)
		return 0;
	n = strtol(text, &end, 10);
	if (end == text || *end != '\0' || n < (long)least || n > SEQUENCE_MAX)
		return fault_stop(f, "--%s wants a whole number from %zu to %d, not '%s'", word,
		    least, SEQUENCE_MAX, text);
	*out = (size_t)n;
	return 0;
}

void
pear_put_model(const struct pear_tool *p, struct buf *b)
{
	char fingerprint[FINGERPRINT_SIZE];

	model_fingerprint(&p->model, fingerprint);
	buf_add_str(b, "\"model\": ");
	json_write_text(b, p->model.name.ptr != NULL ? p->model.name.ptr : "", p->model.name.len);
	buf_printf(b, ",\n\"fingerprint\": \"%s\"", fingerprint);
}

void
pear_put_copy_score(const char *name, const struct copy_score *r, struct buf *b)
{
	buf_printf(b, "\"%s\": {\"accuracy\": ", name);
	json_write_real(b, r->accuracy);
	buf_add_str(b, ", \"loss\": ");
	json_write_real(b, r->loss);
	buf_add_str(b, ", \"metric\": ");
	json_write_real(b, r->metric);
	buf_add_str(b, "}");
}

static int
refuse_command(const char *word, struct fault *f)
{
	struct suggest s = suggest_for(word, strlen(word));

	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(word, commands[i]->name) == 0)
			return fault_stop(f, "the command comes first: alignx-pear %s", word);
		suggest_consider(&s, commands[i]->name);
	}
	return fault_stop(f, "%s is not a command%s%s%s; the commands are detect, learn and apply",
	    word, s.nearest != NULL ? " (did you mean " : "", s.nearest != NULL ? s.nearest : "",
	    s.nearest != NULL ? "?)" : "");
}

static int
run(struct stage_ctx *t, int n, char **operands, struct fault *f)
{
	if (chosen == NULL && n > 0)
		return refuse_command(operands[0], f);
	if (chosen == NULL)
		return fault_stop(f, "expected a command: detect, learn or apply");
	if (n != 1)
		return fault_stop(f, "expected one model, found %d operands", n);
	return chosen->run(t, operands[0], f);
}

/* The options of one command; of all if it is NULL. */
static void
join_all(struct opt *all, const struct pear_command *one)
{
	size_t n = 0;

	for (size_t i = 0; i < COMMANDS; i++)
		if (one == NULL || one == commands[i])
			n = join(all, n, commands[i]->opts);
	if (one == NULL || one->needs_copy_task)
		n = join(all, n, copy_opts);
	join(all, n, output_opts);
}

int
main(int argc, char **argv)
{
	static struct opt opts[OPTS_MAX], own[COMMANDS][OPTS_MAX];
	static struct tool_command list[COMMANDS + 1];
	static char name[64] = "alignx-pear";
	struct tool tool = { .name = name,
		.summary = "find attention heads that suppress "
			   "copying, and re-weight them",
		.operands = "detect|learn|apply model",
		.opts = opts,
		.input = TOOL_OPERANDS,
		.output = TOOL_TEXT,
		.run = run };

	for (size_t i = 0; i < COMMANDS && argc > 1; i++)
		if (strcmp(argv[1], commands[i]->name) == 0)
			chosen = commands[i];
	join_all(opts, chosen);
	if (chosen == NULL) {
		for (size_t i = 0; i < COMMANDS; i++) {
			join_all(own[i], commands[i]);
			list[i] = (struct tool_command){ commands[i]->name, commands[i]->summary,
				own[i] };
		}
		tool.commands = list;
		return tool_main(&tool, argc, argv);
	}
	snprintf(name, sizeof(name), "alignx-pear %s", chosen->name);
	tool.summary = chosen->summary;
	tool.operands = "model";
	return tool_main(&tool, argc - 1, argv + 1);
}
